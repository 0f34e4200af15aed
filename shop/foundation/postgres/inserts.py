"""New rows, written by a statement that PostgreSQL plans once a connection.

``bulk_create`` puts its statement together anew each time. What is written with every order and
every trial goes by one text a table, whatever the number of rows.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import BaseExpression, DatabaseDefault

from shop.foundation.postgres import prepared_cursor, uncut

# A cast to varchar(20) would cut what is too long; the column refuses it.
SIZE = re.compile(r"\(.*\)")


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model, as ``bulk_create`` does: no ``save``, no signals.

    Args:
        rows: of one table, without arrays among its columns. Each knows its id after.
    """
    if not rows:
        return
    one, several, fields, made = _statements(type(rows[0]))
    if len(rows) == 1:
        statement, values = one, _values(fields, rows[0])
    else:
        by_row = [_values(fields, row) for row in rows]
        statement, values = several, [list(column) for column in zip(*by_row, strict=True)]
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        if made is not None:
            # In the order of the rows: what unnest gives is inserted one after the other.
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                setattr(row, made, key)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_once(row: models.Model) -> bool:
    """Write a new row unless one is there that a constraint forbids beside it.

    Waits for another transaction that is just writing such a one.

    Args:
        row: as of ``insert_rows``, and with an id of its own making.

    Returns:
        Whether it was written.
    """
    one, _several, fields, made = _statements(type(row))
    assert made is None
    with prepared_cursor() as cursor:
        cursor.execute(f"{one} ON CONFLICT DO NOTHING", _values(fields, row))
        if cursor.rowcount == 0:
            return False
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


def _values(fields: Sequence[Any], row: models.Model) -> list[Any]:
    # The connection itself: through Django's name for this thread's, each column asks whose it is.
    using = connections[DEFAULT_DB_ALIAS]
    return [uncut(field.get_db_prep_save(_value(field, row), connection=using)) for field in fields]


def _value(field: Any, row: models.Model) -> Any:
    value = field.pre_save(row, add=True)
    return field.db_default if isinstance(value, DatabaseDefault) else value


@cache
def _statements(model: type[models.Model]) -> tuple[str, str, list[Any], str | None]:
    """Return the statements for one row and for several, whose values are arrays.

    With them, the fields they take values of, and the key the database makes. One row needs no
    arrays of one, which take both sides longer than the values themselves.
    """
    every: list[Any] = list(model._meta.local_concrete_fields)
    assert every == list(model._meta.concrete_fields), "A model with a parent has two tables."
    fields = [each for each in every if not isinstance(each, models.AutoField)]
    assert not any(isinstance(each, ArrayField) for each in fields)
    assert not any(isinstance(each.db_default, BaseExpression) for each in fields)
    made = next((each for each in every if isinstance(each, models.AutoField)), None)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(each.column) for each in fields)
    types = [SIZE.sub("", str(each.db_type(connection))) for each in fields]
    values = ", ".join(f"%s::{each}" for each in types)
    arrays = ", ".join(f"%s::{each}[]" for each in types)
    back = f" RETURNING {quote(str(made.column))}" if made is not None else ""
    table = quote(model._meta.db_table)
    into = f"INSERT INTO {table} ({columns})"
    one = f"{into} VALUES ({values}){back}"
    several = f"{into} SELECT * FROM unnest({arrays}){back}"  # noqa: S608
    return one, several, fields, made.attname if made is not None else None
