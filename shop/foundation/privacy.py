"""The registry of personal data: what each room holds of people, how it is shown and erased.

A room states in ``personal_data.py`` which columns of its tables hold something of a person's, and
brings the functions that export and erase it; what it keeps or what is nobody's it states with the
reason. ``sharing.privacy`` calls them all; ``tests/house/test_personal_data.py`` finds the column
that nobody thought of. Imports point down all the same: rooms register, none is asked for by name.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.foundation.history import Transition


class Scope(models.TextChoices):
    """What somebody may have erased, one by one or together with her account."""

    PHOTOS = "photos", _("Photos")
    VOTES = "votes", _("Votes")
    COMMENTS = "comments", _("Comments")
    ACCOUNT = "account", _("The account")


# Each is given the user and returns how many things it erased; called again it erases none.
Eraser = Callable[[Any], int]
# Is given the id of a gallery or a voter.
Forgetter = Callable[[uuid.UUID], int]
# Returns what is kept of the user, as JSON values.
Exporter = Callable[[Any], Any]
# Returns pairs: the name a file has in the export, and its name in private storage.
Files = Callable[[Any], Iterable[tuple[str, str]]]
# Returns why the account cannot be closed yet, for its owner to read; empty if it can.
Obstacle = Callable[[Any], str]


@dataclass(frozen=True)
class PersonalData:
    """What one room holds of people.

    Attributes:
        name: floor and room, such as ``sharing.photos``; a topic of the export.
        holds: columns by model label that export and erasing take care of.
        export: returns the user's; nothing where she is given none of it.
        files: her files, to go into the export.
        erase: by what she may ask for; ``ACCOUNT`` asks for all of them.
        forget: by ``gallery`` and ``voter``: erases what hangs on one of those.
        obstacle: why her account may not be closed now.
    """

    name: str
    holds: Mapping[str, Sequence[str]]
    export: Exporter | None = None
    files: Files | None = None
    erase: Mapping[Scope, Eraser] = field(default_factory=dict)
    forget: Mapping[str, Forgetter] = field(default_factory=dict)
    obstacle: Obstacle | None = None


@dataclass(frozen=True)
class Kept:
    """Columns that no erasing touches.

    Attributes:
        model: its label, such as ``shop.Order``.
        columns: which; all of them if there are none.
        why: in one line, for docs/privacy.md.
        personal: whether it says something of a person; frames and settings do not.
    """

    model: str
    columns: tuple[str, ...]
    why: str
    personal: bool


_registered: list[PersonalData] = []
_kept: list[Kept] = []


def register_personal_data(
    name: str,
    *,
    holds: Mapping[str, Sequence[str]],
    export: Exporter | None = None,
    files: Files | None = None,
    erase: Mapping[Scope, Eraser] | None = None,
    forget: Mapping[str, Forgetter] | None = None,
    obstacle: Obstacle | None = None,
) -> None:
    """State what a room holds of people; called once, when its ``personal_data.py`` is imported.

    Erasers are called outside any transaction, one after the other, floors from the top down; each
    opens its own, takes the locks of docs/locking.md, and bears to be repeated. See
    ``PersonalData`` for the arguments.
    """
    _registered.append(
        PersonalData(name, holds, export, files, erase or {}, forget or {}, obstacle)
    )


def keep_personal_data(model: str, *columns: str, why: str) -> None:
    """State that columns stay when their person is erased, and by which right."""
    _kept.append(Kept(model, columns, why, personal=True))


def not_personal(model: str, *columns: str, why: str) -> None:
    """State that columns (all of the model's if none are named) say nothing of a person."""
    _kept.append(Kept(model, columns, why, personal=False))


def personal_data() -> list[PersonalData]:
    """Return what was registered, floors and rooms from the top down: the order of erasing."""
    return list(reversed(_registered))


def kept_data() -> list[Kept]:
    """Return what no erasing touches, by model."""
    return sorted(_kept, key=lambda kept: (kept.model, kept.columns))


def erase_by(scopes: Iterable[Scope], user: Any) -> dict[str, int]:
    """Erase what was registered under the scopes, and return how many things went, by room.

    Args:
        scopes: ``ACCOUNT`` stands for all of them, and comes last.
        user: whose.
    """
    wanted = set(Scope) if Scope.ACCOUNT in scopes else set(scopes)
    erased: dict[str, int] = {}
    for scope in Scope:
        for each in personal_data() if scope in wanted else ():
            if scope in each.erase:
                erased[each.name] = erased.get(each.name, 0) + each.erase[scope](user)
    return erased


def forget(kind: str, key: uuid.UUID) -> dict[str, int]:
    """Erase what hangs on a ``gallery`` or a ``voter``, and return how many things went, by room.

    Args:
        kind: which of them.
        key: its id.
    """
    return {each.name: each.forget[kind](key) for each in personal_data() if kind in each.forget}


def obstacles(user: Any) -> list[str]:
    """Return why an account cannot be closed now, in words; nothing if it can."""
    found = (each.obstacle(user) for each in personal_data() if each.obstacle)
    return [why for why in found if why]


def personal_columns(model: type[models.Model]) -> Iterator[str]:
    """Yield the columns of a model that may say something of a person.

    Those are relations to the user, and whatever can hold words or files. Numbers, dates, ids and
    choices of a list cannot; of histories the states are left out.
    """
    for column in model._meta.concrete_fields:
        if issubclass(model, Transition) and column.name in ("from_state", "to_state"):
            continue
        if _may_be_personal(column):
            yield column.name


def _may_be_personal(column: Any) -> bool:
    if isinstance(column, models.ForeignKey):
        return bool(column.related_model._meta.label == settings.AUTH_USER_MODEL)
    if isinstance(column, ArrayField):
        return _may_be_personal(column.base_field)
    words = (models.CharField, models.TextField, models.JSONField, models.FileField)
    other = (models.BinaryField, models.GenericIPAddressField)
    return isinstance(column, (*words, *other)) and not column.choices


def uncovered(model: type[models.Model]) -> list[str]:
    """Return the columns of a model that nobody has registered, kept or called impersonal."""
    label = model._meta.label
    known: set[str] = set()
    if issubclass(model, Transition):
        # Who moved it is a number of an account; erasing takes the name from that account. Why
        # is the shop's own sentence, or staff's about their work; a room in which customers say
        # why erases what they said.
        known |= {"actor", "reason"}
    for registered in _registered:
        known |= set(registered.holds.get(label, ()))
    for kept in _kept:
        if kept.model == label:
            known |= set(kept.columns or personal_columns(model))
    return [column for column in personal_columns(model) if column not in known]
