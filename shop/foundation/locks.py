"""Row locks: in a transaction, in the order of keys, before the check (docs/locking.md)."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import F

from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot

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
    some: PreparedQuery[M] = _some(model, by)
    field: Any = model._meta.pk if by == "pk" else model._meta.get_field(by)
    # A list has one type for PostgreSQL: a key out of a session is text, one of a row is not.
    given = list({field.to_python(key) for key in keys})
    return some.rows(keys=given) if given else []


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
    one: PreparedQuery[M] = _one(model, by, related := tuple(related))
    found = one.first(key=key)
    if related and (found is None or _has_lost(found, related)):
        # Changed while it was waited for, a row is joined with what was read along before the
        # wait: where it names another by now, PostgreSQL leaves it out or finds none. It is locked.
        found = one.first(key=key)
    if found is None:
        missing: type[ObjectDoesNotExist] = model.DoesNotExist  # type: ignore[attr-defined]
        raise missing(f"There is no {model._meta.verbose_name} whose {by} is {key}.")
    return found


def _has_lost(row: models.Model, related: tuple[str, ...]) -> bool:
    own = {name.partition("__")[0] for name in related}
    columns = (row._meta.get_field(name) for name in own)
    return any(
        getattr(row, each.attname) is not None and each.get_cached_value(row, None) is None
        for each in columns
        if isinstance(each, models.ForeignKey)
    )


def lock_name(name: str) -> None:
    """Hold ``name`` to the end of the transaction, where no row exists yet to be locked."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("lock_name needs a transaction")
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


# Every service begins with a lock, and each would write the same query anew.
@cache
def _one(model: type[models.Model], by: str, related: tuple[str, ...]) -> PreparedQuery[Any]:
    def write() -> models.QuerySet[Any]:
        rows = model._default_manager.select_for_update(of=("self",)).order_by()
        rows = rows.select_related(*related) if related else rows
        return rows.filter(**{by: Slot("key")})

    return PreparedQuery(write)


@cache
def _some(model: type[models.Model], by: str) -> PreparedQuery[Any]:
    def write() -> models.QuerySet[Any]:
        rows = model._default_manager.select_for_update(of=("self",))
        return rows.filter(AnyOf(F(by), Slot("keys"))).order_by("pk")

    return PreparedQuery(write)
