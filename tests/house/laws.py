"""Laws of the database, each with rows that break it.

``tests.shop.laws``, ``tests.trials.laws`` and ``tests.sharing.laws`` list them, ``test_laws`` of
this house that none is left out.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from django.db import IntegrityError, models, transaction

from tests.lock_order import outside_the_law

Row = Callable[[], models.Model]
# What is changed of a row. What can be called, such as a factory, is called for its value first.
Change = dict[str, Any]


@dataclass(frozen=True)
class Law:
    """A constraint of the database.

    Attributes:
        name: the constraint's.
        row: makes a lawful row.
        write: writes that row as it must not be, or must be let.
        breaches: each breaks this law and no other.
        lawful: each comes close.
    """

    name: str
    row: Row
    write: Callable[[models.Model, Change], object]
    breaches: tuple[Change, ...]
    lawful: tuple[Change, ...]


def check(name: str, row: Row, *breaches: Change, lawful: tuple[Change, ...] = ()) -> Law:
    """Return a law of each row by itself: no lawful row may be changed like that."""
    return Law(name, row, _changed, breaches, lawful)


def added(name: str, row: Row, *breaches: Change, lawful: tuple[Change, ...] = ()) -> Law:
    """Return a law of each row by itself, where rows are only added: none may be like that."""
    return Law(name, row, _added, breaches, lawful)


def once(name: str, row: Row, *breaches: Change, lawful: tuple[Change, ...] = ()) -> Law:
    """Return a law of two rows: there is no second one, like the first but for that.

    Args:
        name: the constraint's.
        row: makes the first.
        breaches: what sets the second apart and does not help; where there are none, nothing does.
        lawful: what sets it apart enough.
    """
    return Law(name, row, _added, breaches or ({},), lawful)


def hold(law: Law) -> None:
    """Assert that the database refuses whatever breaks a law, by this law, and nothing else."""
    row = law.row()
    # A change is taken back before the next, so that all may be made with the same things.
    made = cache(lambda each: each())
    for changes, name in ((law.breaches, law.name), (law.lawful, "")):
        for change in changes:
            values = {key: made(each) if callable(each) else each for key, each in change.items()}
            assert _refused_by(law, row, values) == name, change


def _refused_by(law: Law, row: models.Model, change: Change) -> str:
    """Try a change and take it back; return the name of the constraint that refused it, if any."""
    try:
        with outside_the_law(), transaction.atomic():
            law.write(row, change)
            transaction.set_rollback(True)
    except IntegrityError as refused:
        cause = refused.__cause__
        assert isinstance(cause, psycopg.Error)
        return cause.diag.constraint_name or ""
    return ""


def _changed(row: models.Model, change: Change) -> None:
    assert type(row)._base_manager.filter(pk=row.pk).update(**change) == 1


def _added(row: models.Model, change: Change) -> None:
    second = copy(row)
    second.pk = row._meta.pk.get_default()
    for name, value in change.items():
        setattr(second, name, value)
    type(row)._base_manager.bulk_create([second])
