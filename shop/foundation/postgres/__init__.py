"""Django's PostgreSQL engine, asking less often whether a connection lives, and preparing more."""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.types.numeric import Int2, Int4, Int8

CUT = frozenset({Int2, Int4})


def prepared_cursor() -> CursorWrapper:
    """Return a cursor whose statements PostgreSQL parses and plans once a connection.

    For large statements that are sent all the time and whose plan does not hang on their values:
    planning took longer than carrying them out. One statement a message, and its text a constant,
    or each text would be kept. Values go apart from it: a type that PostgreSQL cannot guess from
    where a value stands must be written beside it (``%(at)s::timestamptz``).
    """
    engine: Any = connection
    cursor: CursorWrapper = engine.prepared_cursor()
    return cursor


def uncut(value: Any) -> Any:
    """Return a column's value in a type that a prepared statement sends whole.

    Django marks an integer with the size of its column, and psycopg sends as many bytes of it,
    without a look at those it leaves out. Sent with eight, PostgreSQL refuses what is too large.
    """
    return Int8(value) if type(value) in CUT else value
