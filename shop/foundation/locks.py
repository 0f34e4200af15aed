"""Row locks: in a transaction, in the order of keys, before the check (docs/locking.md)."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models, transaction

from shop.foundation.postgres import prepared_cursor

M = TypeVar("M", bound=models.Model)


def lock_rows(model: type[M], keys: Iterable[Any], *, by: str = "pk") -> list[M]:
    """Lock the rows of ``model`` with ``keys`` and return them as they now are.

    Args:
        model: the table.
        keys: repeated ones count once, unknown ones are left out.
        by: the field they are keys of.

    Returns:
        The rows by rising primary key, re-read after the lock was granted.

    Raises:
        django.db.transaction.TransactionManagementError: outside a transaction.
    """
    rows = model._default_manager.select_for_update(of=("self",)).filter(**{f"{by}__in": set(keys)})
    return list(rows.order_by("pk"))


def lock_row(model: type[M], key: Any, *, by: str = "pk", related: Iterable[str] = ()) -> M:
    """Lock one row of ``model`` and return it as it now is.

    Args:
        model: the table.
        key: which row.
        by: the unique field it is the key of.
        related: foreign keys to read along, whose rows are not locked.

    Raises:
        ObjectDoesNotExist: there is none.
        django.db.transaction.TransactionManagementError: outside a transaction.
    """
    rows = model._default_manager.select_for_update(of=("self",)).order_by()
    if related:
        rows = rows.select_related(*related)
    return rows.get(**{by: key})


def lock_name(name: str) -> None:
    """Hold ``name`` to the end of the transaction, where no row exists yet to be locked."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("lock_name needs a transaction")
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
