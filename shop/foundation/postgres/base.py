"""The engine itself, by the name under which Django looks for it."""

from time import monotonic
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as Operations

# A PostgreSQL that is started anew is away for longer than that.
FRESH_SECONDS = 1.0


class PreparedCursor(base.ServerBindingCursor):
    """A cursor that sends values apart from the statement and has PostgreSQL prepare it.

    Where the connection has no ``prepare_threshold``, it prepares nothing.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparedCursor":
        """Carry a statement out; the first time on a connection, have it prepared."""
        super().execute(query, params, prepare=True)  # type: ignore[misc]
        return self


class DatabaseOperations(Operations):
    """What statements are made of, and how they are told."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """Return a statement with its values in it, as what counts and logs statements reads it."""
        if isinstance(cursor, PreparedCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it lives only after it has rested.

    With ``CONN_HEALTH_CHECKS`` Django sends ``SELECT 1`` before each request's first statement. On
    a connection that served another request a moment ago that is a round trip for nothing.
    """

    ops_class = DatabaseOperations
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

    def get_connection_params(self) -> dict[str, Any]:
        """Return what a connection is opened with: it may prepare, unless PgBouncer is between."""
        params = super().get_connection_params()
        # PgBouncer in transaction mode forgets what was prepared as it does server-side cursors.
        # Django's own cursors never prepare; those that do (below) do so at once.
        pooled = self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
        if not pooled and "prepare_threshold" not in self.settings_dict["OPTIONS"]:
            params["prepare_threshold"] = 0
        return params

    def prepared_cursor(self) -> Any:
        """Return a cursor for statements that are prepared once a connection."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            # As Django makes each cursor: watched by what counts and logs statements.
            return self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined,call-arg]
