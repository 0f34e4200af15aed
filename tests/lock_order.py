"""Watches that every transaction of every test locks in the order of docs/locking.md.

And that it moves no state of a table in that order before it has locked a row of it: a service
whose lock is taken out fails every test that moves something by it, not only its race.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LAW = Path(__file__).resolve().parent.parent / "docs" / "locking.md"
LOCKS = re.compile(r"\bFOR (?:NO KEY )?(?:UPDATE|SHARE)\b")
TABLES = re.compile(r'\b(?:FROM|JOIN)\s+"?([a-z_]+)"?', re.IGNORECASE)
NAME = "a name"
ANSWER = "IdempotencyRecord"

# A state that is set; where the old one is a condition, the write itself is the check.
MOVES = re.compile(r'^UPDATE "(\w+)" SET (.*?) WHERE (.*)$', re.DOTALL)

against_the_law: list[str] = []


@contextmanager
def outside_the_law() -> Iterator[None]:
    """Let what a test does by itself pass: rows it lays ready, or a control without a lock."""
    before = len(against_the_law)
    try:
        yield
    finally:
        del against_the_law[before:]


@cache
def ranks() -> dict[str, tuple[int, int]]:
    """Return the place of each table in the order: its row in the law, and where in that row."""
    tables = {model.__name__: model._meta.db_table for model in apps.get_models()}
    found: dict[str, tuple[int, int]] = {}
    for row, cell in re.findall(r"^\| (\d+) \| ([^|]+) \|", LAW.read_text(), re.MULTILINE):
        if cell.startswith(NAME):
            found[NAME] = (int(row), 0)
            continue
        # "A, then B, C" is in order; "A, B" at the begin of a row are beside each other.
        first, _then, rest = cell.partition(", then ")
        for place, words in enumerate((first, rest)):
            for model in re.findall(r"`(\w+)`", words):
                found[tables[model]] = (int(row), place)
    return found


@cache
def parents() -> dict[str, str]:
    """Return, by the table in which rows are made, the one of which a row is locked meanwhile."""
    tables = {model.__name__: model._meta.db_table for model in apps.get_models()}
    rows = re.findall(r"^\| (`[^|]+) \| `(\w+)` \|$", LAW.read_text(), re.MULTILINE)
    return {
        tables[child]: tables[parent]
        for children, parent in rows
        for child in re.findall(r"`(\w+)`", children)
    }


class Watch:
    """What one connection has locked since its transaction began.

    Attributes:
        unit: names that transaction; a new one holds nothing.
        held: the keys locked, by table.
        made: the tables in which it made rows, which nobody else sees yet.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.unit: object = None
        self.held: dict[str, set[str]] = {}
        self.made: set[str] = set()

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Carry a statement out and note what it locks; called by Django for each."""
        done = False
        try:
            result = execute(sql, params, many, context)
            done = True
            return result
        finally:
            if self.connection.in_atomic_block:
                self._begin_anew_if_it_is_another()
                values = _told(params)
                for table in _locked_by(sql):
                    self._note(table, values, sql)
                if done:
                    self._note_write(sql)

    def _begin_anew_if_it_is_another(self) -> None:
        connection = self.connection
        of_test = sum(block._from_testcase for block in connection.atomic_blocks)
        if of_test:
            # The test's own transaction is around it all: ours is the savepoint within.
            inner = connection.savepoint_ids[of_test - 1 :]
            unit: object = inner[0] if inner else None
        else:
            unit = next(
                (call for _, call, *_ in connection.run_on_commit if call == self._mark), None
            )
        if unit is None or unit != self.unit:
            self.held, self.made, self.unit = {}, set(), unit
        if not of_test and unit is None:
            # Gone with the transaction, whether that is committed or rolled back.
            connection.on_commit(self._mark)
            self.unit = self._mark

    def _note_write(self, sql: str) -> None:
        """Note rows that were made, and a state that was set where no row was locked."""
        if sql.startswith("INSERT INTO"):
            table = sql.split('"', 2)[1]
            self.made.add(table)
            parent = parents().get(table)
            if parent and self.unit is not None and parent not in {*self.held, *self.made}:
                against_the_law.append(f"{table} made without a lock of {parent}: {sql[:300]}")
        elif (found := MOVES.match(sql)) and self.unit is not None:
            table, fields, where = found.groups()
            known = table in self.held or table in self.made or table not in ranks()
            if not known and '"state" = ' in fields and '"state"' not in where:
                against_the_law.append(f"{table} moved without a lock: {sql[:300]}")

    def _mark(self) -> None:
        """Do nothing: that it waits for the commit tells one transaction from the next."""

    def _note(self, table: str, values: set[str], sql: str) -> None:
        rank = ranks()[table]
        known = self.held.get(table, set())
        later = [each for each in self.held if ranks()[each] > rank]
        if later and not (known and values <= known):
            against_the_law.append(f"{table} locked after {', '.join(later)}: {sql[:300]}")
        self.held[table] = known | values


def _told(params: Any) -> set[str]:
    """Return the values of a statement, those of lists, too."""
    if not params or isinstance(params, dict):
        return set()
    lists = (each if isinstance(each, list) else [each] for each in params)
    return {str(value) for values in lists for value in values}


def _locked_by(sql: str) -> list[str]:
    if "pg_advisory_xact_lock" in sql:
        # What follows in the same message locks after it.
        _first, _semicolon, rest = sql.partition(";")
        return [NAME, *(_locked_by(rest) if rest.strip() else [])]
    if re.match(r"\s*INSERT INTO \"?shop_idempotencyrecord", sql):
        return ["shop_idempotencyrecord"]
    if not LOCKS.search(sql):
        return []
    named = [table for table in TABLES.findall(sql) if table in ranks()]
    # Django says of which table, and asks for it first.
    return named[:1] if " OF " in sql and '"' in sql else sorted(set(named), key=ranks().get)


def watch_every_connection() -> None:
    """Watch the connections there are, and those that threads will open."""

    def begin(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        if not any(isinstance(each, Watch) for each in connection.execute_wrappers):
            connection.execute_wrappers.append(Watch(connection))

    connection_created.connect(begin, weak=False, dispatch_uid="tests.lock_order")
    for connection in connections.all(initialized_only=True):
        begin(connection)
