"""How many units are where."""

from collections.abc import Iterable

from django.db.models import Count

from trials.units.models import TrialUnit
from trials.units.states import UnitState


def available_counts(variant_ids: Iterable[int]) -> dict[int, int]:
    """Return how many units of each variant are free for a trial now.

    Args:
        variant_ids: which variants; one query whatever their number.

    Returns:
        Every id asked for, with 0 where none is free.
    """
    wanted = list(variant_ids)
    rows = (
        TrialUnit.objects.filter(variant_id__in=wanted, state=UnitState.AVAILABLE)
        .order_by()
        .values_list("variant_id")
        .annotate(free=Count("pk"))
    )
    return {**dict.fromkeys(wanted, 0), **dict(rows)}
