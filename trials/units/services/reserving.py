"""Reserving the units of a whole box: all of them, or none."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.customers.models import User
from trials.units.errors import NothingFreeError
from trials.units.models import UnitMovement
from trials.units.states import UnitState

# One statement for a whole box. The array is sorted, so that whoever waits does so in one order.
PICK = """
WITH picked AS MATERIALIZED (
    SELECT free.id
    FROM unnest(%s::bigint[]) AS wanted(variant_id)
    CROSS JOIN LATERAL (
        SELECT unit.id
        FROM trials_trialunit unit
        WHERE unit.variant_id = wanted.variant_id AND unit.state = 'available'
        ORDER BY unit.uses, unit.id
        LIMIT 1
        FOR UPDATE {skip}
    ) free
)
UPDATE trials_trialunit unit
SET state = 'reserved'
FROM picked
WHERE unit.id = picked.id
RETURNING unit.variant_id, unit.id
"""
PICK_WHAT_IS_UNLOCKED = PICK.format(skip="SKIP LOCKED")
PICK_AND_WAIT = PICK.format(skip="")


def reserve_units(
    *, variant_ids: Collection[int], trial_id: uuid.UUID, by: User | None = None
) -> dict[int, int]:
    """Reserve one unit of each variant for a trial, the least used first: all or none.

    Units that others are just taking are passed over. Where that leaves a variant without one,
    everything is let go and asked for again waiting, because those others may yet roll back.

    Args:
        variant_ids: which variants.
        trial_id: the trial they are for; its row may be written later in this transaction.
        by: who asked.

    Returns:
        The unit's id by variant id.

    Raises:
        NothingFreeError: a variant has no free unit; nothing is reserved.
    """
    wanted = sorted(set(variant_ids))
    # No savepoint of its own: a refusal undoes the whole placement anyway.
    with transaction.atomic(savepoint=False):
        try:
            # Let go before waiting: who waits while holding could wait in a circle.
            with transaction.atomic():
                units = _pick(PICK_WHAT_IS_UNLOCKED, wanted)
        except NothingFreeError:
            units = _pick(PICK_AND_WAIT, wanted)
        now = timezone.now()
        UnitMovement.objects.bulk_create(
            UnitMovement(
                subject_id=unit_id,
                from_state=UnitState.AVAILABLE,
                to_state=UnitState.RESERVED,
                at=now,
                actor=by,
                trial_id=trial_id,
            )
            for unit_id in units.values()
        )
        return units


def _pick(statement: str, wanted: list[int]) -> dict[int, int]:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(statement, [wanted])
        units: dict[int, int] = dict(cursor.fetchall())
    missing = [variant_id for variant_id in wanted if variant_id not in units]
    if missing:
        raise NothingFreeError(
            _("Not every frame is free for a trial right now."), variants=missing
        )
    return units
