"""Changes of one row, written by a statement that PostgreSQL plans once a connection."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models

from shop.foundation.postgres import prepared_cursor, uncut


def update_row(row: models.Model, names: Sequence[str]) -> None:
    """Write some fields of a row, as ``save(update_fields=…)`` does: no signals.

    Args:
        row: one that is there.
        names: of its fields, as constants of the code: each combination is a statement kept.

    Raises:
        DatabaseError: the row is gone.
    """
    statement, fields = _statement(type(row), tuple(names))
    # Through Django's name for this thread's connection, each column asks whose it is.
    using = connections[DEFAULT_DB_ALIAS]
    values = [
        uncut(each.get_db_prep_save(each.pre_save(row, add=False), connection=using))
        for each in fields
    ]
    with prepared_cursor() as cursor:
        cursor.execute(statement, [*values, row.pk])
        if cursor.rowcount == 0:
            raise DatabaseError("The row to be written is gone.")


@cache
def _statement(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """Return the statement, and the fields it takes values of; the key comes last."""
    fields: list[Any] = [model._meta.get_field(name) for name in dict.fromkeys(names)]
    quote, key = connection.ops.quote_name, model._meta.pk
    assert key is not None and key.column is not None  # noqa: PT018 - a row has one key
    changes = ", ".join(f"{quote(each.column)} = %s" for each in fields)
    table = quote(model._meta.db_table)
    statement = f"UPDATE {table} SET {changes} WHERE {table}.{quote(key.column)} = %s"  # noqa: S608
    return statement, fields
