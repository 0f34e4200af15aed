"""How many units are where, and who waits for which."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)

from shop.catalogue.models import EarlyLook
from shop.customers.models import User
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.states import UnitState, WaitState


def available_counts(variant_ids: Iterable[int], *, user: User | None = None) -> dict[int, int]:
    """Return how many units of each variant are free for a trial now.

    What is held for somebody who waited is free for her alone.

    Args:
        variant_ids: which variants; one query whatever their number.
        user: who asks, if she is known.

    Returns:
        Every id asked for, with 0 where none is free.
    """
    wanted = list(variant_ids)
    # No customer has the number 0.
    rows = _FREE.rows(wanted=wanted, user=user.pk if user else 0) if wanted else []
    return {**dict.fromkeys(wanted, 0), **dict(rows)}


def _free() -> QuerySet[TrialUnit, Any]:
    hers = WaitlistEntry.objects.filter(user_id=Slot("user"), state=WaitState.HELD)
    for_her = Q(held_for=None) | Q(held_for__in=hers.values("pk"))
    return (
        TrialUnit.objects.filter(for_her, AnyOf(F("variant_id"), Slot("wanted")))
        .filter(state=UnitState.AVAILABLE)
        .order_by()
        .values_list("variant_id")
        .annotate(free=Count("pk"))
    )


_FREE = PreparedValues(_free)


def unit_by_barcode(barcode: str) -> TrialUnit | None:
    """Return the unit of a barcode, with its variant and frame; nothing where there is none.

    Args:
        barcode: as of ``normalised``.
    """
    return _BY_BARCODE.first(barcode=barcode)


_BY_BARCODE = PreparedQuery(
    lambda: TrialUnit.objects.select_related("variant__frame").filter(barcode=Slot("barcode"))
)


def waits_of(user: User) -> QuerySet[WaitlistEntry]:
    """Return what a customer waits for, with ``shown``, what is held for her first."""
    return (
        WaitlistEntry.objects.filter(user=user, ended_at=None)
        .annotate(shown=ExpressionWrapper(is_shown(), output_field=BooleanField()))
        .select_related("variant__frame")
        .order_by("held_until", "joined_at", "pk")
    )


def places_in_line(entries: Iterable[WaitlistEntry]) -> dict[int, int]:
    """Return the place, from 1, of each waiting entry by its variant, in one query.

    Args:
        entries: of one customer; those a unit is held for are left out.
    """
    waiting = [entry for entry in entries if entry.state == WaitState.WAITING]
    if not waiting:
        return {}
    before = Q()
    for entry in waiting:
        earlier = Q(joined_at__lt=entry.joined_at) | Q(joined_at=entry.joined_at, pk__lte=entry.pk)
        before |= Q(earlier, variant_id=entry.variant_id)
    rows = (
        WaitlistEntry.objects.filter(before, state=WaitState.WAITING)
        .order_by()
        .values_list("variant_id")
        .annotate(place=Count("pk"))
    )
    return dict(rows)


def waiting_counts(variant_ids: Iterable[int]) -> dict[int, int]:
    """Return how many customers wait for each variant and have nothing held for them yet."""
    wanted = list(variant_ids)
    rows = (
        WaitlistEntry.objects.filter(variant_id__in=wanted, state=WaitState.WAITING)
        .order_by()
        .values_list("variant_id")
        .annotate(waiting=Count("pk"))
    )
    return {**dict.fromkeys(wanted, 0), **dict(rows)}


def is_shown() -> Q:
    """Return what finds the waits for frames that their customers may try.

    That is what is shown in the shop, and what one of them has an early look at.
    """
    early = EarlyLook.objects.filter(frame=OuterRef("variant__frame"), user=OuterRef("user"))
    return Q(Q(variant__frame__published=True) | Q(Exists(early)), variant__active=True)


def holds_due(now: datetime) -> QuerySet[WaitlistEntry]:
    """Return whose hold is over by ``now``, or of a frame that is not shown any more."""
    due = Q(held_until__lte=now) | ~is_shown()
    return WaitlistEntry.objects.filter(due, state=WaitState.HELD)


def variants_to_promise() -> list[int]:
    """Return the variants that somebody waits for and may try while a unit is free."""
    free = TrialUnit.objects.filter(
        variant_id=OuterRef("variant_id"), state=UnitState.AVAILABLE, held_for=None
    )
    waiting = WaitlistEntry.objects.filter(is_shown(), Exists(free), state=WaitState.WAITING)
    return sorted(set(waiting.order_by().values_list("variant_id", flat=True)))
