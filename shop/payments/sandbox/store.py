"""Where the sandbox keeps everything: one SQLite file, written by one thread at a time.

Objects are kept as the JSON that the API answers with, unexpanded; beside it a private part that
no answer shows (how a test card behaves, for instance).
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shop.payments.sandbox.errors import Json

_TABLES = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    private TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_customer
    ON objects (kind, json_extract(body, '$.customer'), seq);
CREATE INDEX IF NOT EXISTS objects_intent
    ON objects (kind, json_extract(body, '$.payment_intent'), seq);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, at INTEGER NOT NULL, path TEXT NOT NULL, params TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, request_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at);
CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, due INTEGER NOT NULL, action TEXT NOT NULL,
    object_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, endpoint_id TEXT NOT NULL, event_id TEXT NOT NULL,
    event_type TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, status INTEGER, error TEXT, finished REAL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event_id);
CREATE TABLE IF NOT EXISTS faults (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, remaining INTEGER NOT NULL,
    body TEXT NOT NULL
);
"""
_EMPTY = """
DELETE FROM objects; DELETE FROM settings; DELETE FROM idempotency; DELETE FROM jobs;
DELETE FROM deliveries; DELETE FROM faults;
"""


class Transaction:
    """The one transaction under way: objects by id and kind, and SQL for the other tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # Set by whoever queues a webhook, so that the sender is woken once it is committed.
        self.webhooks_queued = False

    def sql(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement with its values bound."""
        return self._connection.execute(statement, values)

    def insert(self, body: Json, private: Json | None = None) -> Json:
        """Store a new object under its `id` and `object` and give it back."""
        self.sql(
            "INSERT INTO objects (id, kind, body, private) VALUES (?, ?, ?, ?)",
            body["id"],
            body["object"],
            json.dumps(body),
            json.dumps(private or {}),
        )
        return body

    def save(self, body: Json) -> Json:
        """Store an object again after a change."""
        self.sql("UPDATE objects SET body = ? WHERE id = ?", json.dumps(body), body["id"])
        return body

    def find(self, kind: str, object_id: str) -> Json | None:
        """The object of that kind and id, or None."""
        row = self.sql(
            "SELECT body FROM objects WHERE id = ? AND kind = ?", object_id, kind
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def load(self, kind: str, object_id: str) -> Json:
        """The object of that kind and id, which is known to exist."""
        found = self.find(kind, object_id)
        if found is None:
            raise LookupError(f"{kind} {object_id} is not in the state file")
        return found

    def private(self, object_id: str) -> Json:
        """What is kept beside an object and never answered."""
        row = self.sql("SELECT private FROM objects WHERE id = ?", object_id).fetchone()
        return {} if row is None else json.loads(row[0])

    def save_private(self, object_id: str, private: Json) -> None:
        """Replace what is kept beside an object."""
        self.sql("UPDATE objects SET private = ? WHERE id = ?", json.dumps(private), object_id)

    def delete(self, object_id: str) -> None:
        """Forget an object."""
        self.sql("DELETE FROM objects WHERE id = ?", object_id)

    def setting(self, name: str) -> str | None:
        """A stored setting, or None."""
        row = self.sql("SELECT value FROM settings WHERE name = ?", name).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        self.sql("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value)

    def empty(self) -> None:
        """Forget everything."""
        for statement in _EMPTY.split(";")[:-1]:
            self.sql(statement)


class Store:
    """The state file, open for as long as the server runs."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            directory / "sandbox.sqlite3", check_same_thread=False, isolation_level=None
        )
        # A committed change then survives the end of the process, though not of the machine,
        # which is enough here and saves a disk flush a request.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        # What is deleted is overwritten, so that a reset really empties the file.
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Run the block alone; commit at its end, undo everything if it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file; nothing may use the store afterwards."""
        with self._lock:
            self._connection.close()
