"""The engine itself, by the name under which Django looks for it."""

import re
from collections.abc import Sequence
from time import monotonic
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as Operations
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from shop.foundation.postgres.moments import adapters_reading_moments

# A PostgreSQL that is started anew is away for longer than that.
FRESH_SECONDS = 1.0
# More than the code has statements of that kind: what is forgotten is planned anew. Each takes
# some 50 kB of a connection's memory.
PREPARED_AT_MOST = 400
# After these a statement may mean another table than it was planned for.
CHANGES_TABLES = re.compile(rb"^(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b").match


class KeptStatements(PrepareManager):
    """What a connection has prepared, kept when something is rolled back.

    PostgreSQL keeps it, too: it is the session's and no transaction's. psycopg forgets all of it,
    for the sake of tables that were made in what is rolled back; here only migrations make tables,
    and they send no such statement. A shop refuses all the time, each time by a rollback.
    """

    def clear(self) -> bool:
        """Forget nothing; psycopg asks for it with each rollback."""
        return False

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *_args: Any) -> bool:
        done = [
            each.command_status or b"" for each in results if each.status == ExecStatus.COMMAND_OK
        ]
        return super().clear() if any(CHANGES_TABLES(each) for each in done) else False


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
        """Return what a connection is opened with: it may prepare, unless PgBouncer is between.

        And moments are read fast.
        """
        params = super().get_connection_params()
        # PgBouncer in transaction mode forgets what was prepared as it does server-side cursors.
        # Django's own cursors never prepare; those that do (below) do so at once.
        pooled = self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
        if not pooled and "prepare_threshold" not in self.settings_dict["OPTIONS"]:
            params["prepare_threshold"] = 0
        params["context"] = adapters_reading_moments(settings.USE_TZ, self.timezone)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that keeps what it prepares."""
        connection = super().get_new_connection(conn_params)
        if isinstance(connection._prepared, KeptStatements):
            # Out of a pool, with what it has prepared.
            return connection
        kept = KeptStatements()
        kept.prepare_threshold = connection.prepare_threshold
        kept.prepared_max = PREPARED_AT_MOST
        connection._prepared = kept
        return connection

    def prepared_cursor(self) -> Any:
        """Return a cursor for statements that are prepared once a connection."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            # As Django makes each cursor: watched by what counts and logs statements.
            return self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined,call-arg]
