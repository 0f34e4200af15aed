"""A log without card numbers, whatever an error's words or a traceback hold."""

import logging
import re

# As long as card numbers are, in groups or not.
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){11,18}")


class Redacting(logging.Formatter):
    """Replaces every run of digits that is as long as a card number."""

    def format(self, record: logging.LogRecord) -> str:
        """The line or traceback without them."""
        return _LONG_NUMBER.sub("[number]", super().format(record))


def log_to_stderr() -> None:
    """Send this package's log, and only that, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting("Stripe sandbox: %(levelname)s %(message)s"))
    package = logging.getLogger("shop.payments.sandbox")
    package.addHandler(handler)
    package.setLevel(logging.WARNING)
    package.propagate = False
