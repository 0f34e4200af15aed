"""Boxes and trials, read in a fixed number of queries."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from shop.catalogue.queries import image_urls
from shop.customers.models import User
from shop.foundation.postgres.queries import PreparedQuery, Slot
from trials.home_trials.errors import TrialMissingError
from trials.home_trials.models import Box, BoxItem, Trial, TrialItem
from trials.home_trials.states import OPEN, TrialState
from trials.units.models import TrialUnit
from trials.units.queries import available_counts


@dataclass(frozen=True)
class BoxLine:
    """A frame in a box: the row, its picture, and how many units are free now."""

    item: BoxItem
    image_url: str
    free: int


@dataclass(frozen=True)
class TrialLine:
    """A frame of a trial and its picture."""

    item: TrialItem
    image_url: str


def item_of_unit(*, trial: Trial, unit: TrialUnit) -> TrialItem | None:
    """Return the frame of a trial that a unit is or was, with variant and unit; nothing if none.

    Args:
        trial: whose; the item refers to this very instance.
        unit: a trial has one frame of a variant, and so at most one that is this unit.
    """
    item = _ITEM.first(trial=trial.pk, unit=unit.pk)
    if item is not None:
        item.trial = trial
    return item


_ITEM = PreparedQuery(
    lambda: TrialItem.objects.select_related("variant__frame", "unit").filter(
        trial_id=Slot("trial"), unit_id=Slot("unit")
    )
)


def box_lines(box: Box | None) -> list[BoxLine]:
    """Return what is in a box, in the order it was put in: three queries.

    Args:
        box: nothing where nobody has put anything in yet.
    """
    if box is None:
        return []
    items = list(box.items.select_related("variant__frame"))
    variant_ids = [item.variant_id for item in items]
    pictures, free = image_urls(variant_ids), available_counts(variant_ids, user=box.user)
    return [
        BoxLine(item, pictures.get(item.variant_id, ""), free[item.variant_id]) for item in items
    ]


def open_trials(user: User) -> QuerySet[Trial]:
    """Return a customer's trials that are not over. While there is one she cannot leave."""
    return Trial.objects.filter(user=user, state__in=OPEN)


def unpaid_trials(now: datetime) -> list[uuid.UUID]:
    """Return the trials whose fee and deposit nobody paid in time.

    Args:
        now: an aware time.
    """
    late = Trial.objects.filter(state=TrialState.REQUESTED, pay_by__lt=now)
    return list(late.order_by("pay_by").values_list("pk", flat=True))


def _shown_items() -> QuerySet[TrialItem]:
    return TrialItem.objects.select_related("variant__frame").order_by("variant_id")


_ITEMS_OF_ONE = PreparedQuery(
    lambda: (
        _shown_items()
        .filter(trial_id=Slot("trial"))
        .defer("variant__frame__description", "variant__frame__listing", "variant__frame__search")
    )
)


def _with_items() -> Prefetch:
    return Prefetch("items", queryset=_shown_items())


def trials_of(user: User) -> QuerySet[Trial]:
    """Return a customer's trials with all a list shows, latest first."""
    return (
        Trial.objects.filter(user=user)
        .select_related("address", "card", "programme_version")
        .prefetch_related(_with_items())
        .order_by("-requested_at", "-pk")
    )


def trial_of(*, user: User, number: str) -> Trial:
    """Return one trial of a customer with all its page shows.

    Raises:
        TrialMissingError: there is none of that number, or it is somebody else's.
    """
    trial = trials_of(user).prefetch_related("transitions").filter(number=number).first()
    if trial is None:
        raise TrialMissingError(_("There is no such trial."))
    return trial


def trial_lines(trial: Trial) -> list[TrialLine]:
    """Return a trial's items with their pictures: a query, and another if it has no items yet."""
    prefetch_related_objects([trial], _with_items())
    return lines_of_trials([trial])[trial.pk]


def lines_of_placed(trial: Trial) -> list[TrialLine]:
    """Return the items of a trial just placed with their pictures: two prepared queries."""
    items = _ITEMS_OF_ONE.rows(trial=trial.pk)
    pictures = image_urls(item.variant_id for item in items)
    return [TrialLine(item, pictures.get(item.variant_id, "")) for item in items]


def lines_of_trials(trials: Iterable[Trial]) -> dict[uuid.UUID, list[TrialLine]]:
    """Return the items of several prefetched trials with their pictures, by trial id."""
    items = {trial.pk: list(trial.items.all()) for trial in trials}
    pictures = image_urls({item.variant_id for each in items.values() for item in each})
    return {
        trial_id: [TrialLine(item, pictures.get(item.variant_id, "")) for item in each]
        for trial_id, each in items.items()
    }
