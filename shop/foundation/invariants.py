"""What must always be true: one query each, which must return no row.

A room states its own in ``invariants.py``; ``manage.py audit`` runs them all.
"""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Invariant:
    """A statement and the query that finds what breaks it.

    Attributes:
        number: its number in docs/invariants.md.
        name: what is true, in one line.
        sql: returns one row for each breach; its columns say where.
    """

    number: int
    name: str
    sql: str


_invariants: list[Invariant] = []


def invariant(number: int, name: str, sql: str) -> None:
    """State an invariant; called once, when the room's module is imported."""
    _invariants.append(Invariant(number, name, sql))


def all_invariants() -> list[Invariant]:
    """Return every invariant stated so far, by number and name."""
    return sorted(_invariants, key=lambda each: (each.number, each.name))


def breaches(of: Invariant, *, limit: int = 20) -> list[dict[str, object]]:
    """Return up to ``limit`` rows that break an invariant, as column to value."""
    with connection.cursor() as cursor:
        cursor.execute(of.sql)
        columns = [column.name for column in cursor.description or []]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchmany(limit)]
