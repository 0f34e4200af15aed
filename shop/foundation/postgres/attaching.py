"""Rows handed to the row they belong to, as a prefetch hands them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model


def attach(row: Model, name: str, rows: Iterable[Model]) -> None:
    """Let ``row.<name>.all()`` return rows that were read already; each knows its row.

    Args:
        row: of whom they are.
        name: by which the rows that point at one by a foreign key are asked for.
        rows: all of them, in their order.
    """
    related: Any = row
    manager = getattr(related, name)
    # Its filters are kept: who asks for some of them asks the database for some of this row's.
    found = manager.get_queryset()
    found._result_cache = list(rows)
    found._prefetch_done = True
    for each in found._result_cache:
        setattr(each, manager.field.name, row)
    known = vars(related).setdefault("_prefetched_objects_cache", {})
    known[manager.field.remote_field.cache_name] = found


def attach_by(rows: Iterable[Model], name: str, parts: Iterable[Model]) -> None:
    """Attach parts of several rows, each to its own.

    Args:
        rows: of whom they are; one with no part of its own has none.
        name: as of ``attach``.
        parts: all of them, in their order.
    """
    owners: Any = list(rows)
    if not owners:
        return
    key = getattr(owners[0], name).field.attname
    of: dict[Any, list[Model]] = {}
    for part in parts:
        of.setdefault(getattr(part, key), []).append(part)
    for row in owners:
        attach(row, name, of.get(row.pk, []))


def attach_lists(rows: Iterable[Model], to: str, parts: Iterable[Model], *, by: str) -> None:
    """Give each row a list of its parts, as a prefetch ``to_attr`` does; each part knows its row.

    For a page of many rows: a manager for each of them takes longer than reading them all.

    Args:
        rows: of whom they are; of two that are the same row, each has them.
        to: what the list is called.
        parts: all of them, in their order.
        by: the foreign key by which they point at a row.
    """
    owners: Any = list(rows)
    of: dict[Any, list[Model]] = {row.pk: [] for row in owners}
    for part in parts:
        of[getattr(part, f"{by}_id")].append(part)
    for row in owners:
        setattr(row, to, of[row.pk])
        for part in of[row.pk]:
            setattr(part, by, row)
