"""The sandbox's time: the real clock and how far tests have moved it ahead."""

import time

from shop.payments.sandbox.store import Store, Transaction


class Clock:
    """Runs as the real clock does, `offset` seconds away from it. The offset is kept."""

    def __init__(self, store: Store) -> None:
        with store.transaction() as tx:
            self.offset = int(tx.setting("clock_offset") or 0)

    def now(self) -> int:
        """Seconds since 1970, as the sandbox counts them."""
        return int(time.time()) + self.offset

    def advance(self, tx: Transaction, seconds: int) -> int:
        """Move the clock by so many seconds and give the new time."""
        self.offset += seconds
        tx.set_setting("clock_offset", str(self.offset))
        return self.now()

    def reset(self) -> None:
        """Back to the real time."""
        self.offset = 0
