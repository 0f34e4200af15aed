"""Noting who asked for what was not free, so that planning knows what is asked for."""

from collections.abc import Collection

from django.utils import timezone

from shop.customers.models import User
from trials.units.models import TurnedAway


def note_turned_away(*, user: User, variant_ids: Collection[int]) -> None:
    """Note that a customer asked for variants of which no unit was free, once a day each.

    Called once the refused wish was undone, outside of its transaction; what was in the box and
    free is not noted.

    Args:
        user: who asked.
        variant_ids: what there was none of.
    """
    now = timezone.now()
    TurnedAway.objects.bulk_create(
        [
            TurnedAway(user=user, variant_id=each, day=now.date(), at=now)
            for each in sorted(set(variant_ids))
        ],
        ignore_conflicts=True,
    )
