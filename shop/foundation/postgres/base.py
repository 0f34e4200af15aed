"""The engine itself, by the name under which Django looks for it."""

from time import monotonic

from django.db.backends.postgresql import base

# A PostgreSQL that is started anew is away for longer than that.
FRESH_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it lives only after it has rested.

    With ``CONN_HEALTH_CHECKS`` Django sends ``SELECT 1`` before each request's first statement. On
    a connection that served another request a moment ago that is a round trip for nothing.
    """

    _used_at = 0.0

    def close_if_health_check_failed(self) -> None:
        """Close a connection that has rested and does not answer; called before each use."""
        now = monotonic()
        if now - self._used_at > FRESH_SECONDS:
            super().close_if_health_check_failed()
        else:
            # Nor later in this request: a transaction's connection must not be exchanged.
            self.health_check_done = True
        self._used_at = now
