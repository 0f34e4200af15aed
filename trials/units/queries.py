"""How many units are where, and who waits for which."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shop.customers.models import User
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
    wanted, for_her = list(variant_ids), Q(held_for=None)
    if user is not None:
        mine = WaitlistEntry.objects.filter(user=user, state=WaitState.HELD)
        for_her |= Q(held_for__in=mine.values("pk"))
    rows = (
        TrialUnit.objects.filter(for_her, variant_id__in=wanted, state=UnitState.AVAILABLE)
        .order_by()
        .values_list("variant_id")
        .annotate(free=Count("pk"))
    )
    return {**dict.fromkeys(wanted, 0), **dict(rows)}


def waits_of(user: User) -> QuerySet[WaitlistEntry]:
    """Return what a customer waits for, what is held for her first."""
    return (
        WaitlistEntry.objects.filter(user=user, ended_at=None)
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


def holds_due(now: datetime) -> QuerySet[WaitlistEntry]:
    """Return whose hold is over by ``now``."""
    return WaitlistEntry.objects.filter(state=WaitState.HELD, held_until__lte=now)


def variants_to_promise() -> list[int]:
    """Return the variants that somebody waits for while a unit is free."""
    free = TrialUnit.objects.filter(
        variant_id=OuterRef("variant_id"), state=UnitState.AVAILABLE, held_for=None
    )
    waiting = WaitlistEntry.objects.filter(Exists(free), state=WaitState.WAITING)
    return sorted(set(waiting.order_by().values_list("variant_id", flat=True)))
