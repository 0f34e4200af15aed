"""The running sandbox: its state, clock, keys in use, log of requests and webhook sender."""

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from shop.payments.sandbox import timed, webhook_endpoints
from shop.payments.sandbox.calls import Call
from shop.payments.sandbox.clock import Clock
from shop.payments.sandbox.deliveries import Deliverer
from shop.payments.sandbox.errors import ApiError, Json
from shop.payments.sandbox.idempotency import KeysInUse
from shop.payments.sandbox.store import Store

Result = TypeVar("Result")
# Requests remembered for tests to look at.
_LOGGED = 10_000


class Sandbox:
    """Everything that requests share. Started once, closed once."""

    def __init__(
        self,
        directory: Path,
        *,
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        return_hosts: frozenset[str] = frozenset(),
    ) -> None:
        self.store = Store(directory)
        self.clock = Clock(self.store)
        self.keys = KeysInUse()
        self.requests: deque[Json] = deque(maxlen=_LOGGED)
        self.return_hosts = return_hosts
        self.deliverer = Deliverer(self.store)
        self.closing = threading.Event()
        self._webhook = (webhook_url, webhook_secret)
        self._ticker = threading.Thread(target=self._tick, name="clock", daemon=True)
        self._install_webhook()

    def start(self) -> None:
        """Begin to send webhooks and to let holds lapse."""
        self.deliverer.start()
        self._ticker.start()

    def close(self) -> None:
        """Stop the threads, then close the state file."""
        self.closing.set()
        self.deliverer.stop()
        self._ticker.join(timeout=2)
        self.store.close()

    def perform(self, work: Callable[[Call], Result], call: Callable[..., Call]) -> Result:
        """Run `work` in one transaction, after what is due.

        `call` makes the call for the transaction. A refusal keeps what was written if it says so
        (`ApiError.executed`); anything else that is raised undoes all.
        """
        refusal: ApiError | None = None
        with self.store.transaction() as tx:
            current = call(tx=tx, clock=self.clock, return_hosts=self.return_hosts)
            timed.run_due(Call(tx=tx, clock=self.clock))
            try:
                result = work(current)
            except ApiError as error:
                if not error.executed:
                    raise
                refusal = error
        if tx.webhooks_queued:
            self.deliverer.wake()
        if refusal is not None:
            raise refusal
        return result

    def reset(self) -> None:
        """Forget everything but the command line's webhook endpoint."""
        with self.store.transaction() as tx:
            tx.empty()
        self.clock.reset()
        self.requests.clear()
        self._install_webhook()

    def _install_webhook(self) -> None:
        url, secret = self._webhook
        if url and secret:
            with self.store.transaction() as tx:
                webhook_endpoints.install(tx, url, secret, self.clock.now())
            self.deliverer.wake()

    def _tick(self) -> None:
        while not self.closing.wait(1.0):
            self.perform(lambda call: None, Call)
