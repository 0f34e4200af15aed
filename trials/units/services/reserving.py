"""Reserving the units of a whole box: all of them, or none."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.customers.models import User
from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.inserts import insert_rows
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit, UnitMovement
from trials.units.services.promising import lock_lines
from trials.units.services.waiting import end_waits_by_taking
from trials.units.states import UnitState

# One statement for a whole box. The array is sorted, so that whoever waits does so in one order:
# each part stands on the one before it and ends in an OFFSET or a lock, which leaves the planner no
# other join to choose: it may hash the array without, and wait in any order. No LIMIT there: where
# next to nobody waits, it has the planner read all units on the shelves for one that is held.
# What is held for the customer comes first, and while somebody has that in hand no other is taken
# instead: it is waited for. What is held for others is in no index it looks at.
PICK = """
WITH picked AS MATERIALIZED (
    SELECT coalesce(hers.id, free.id) AS id
    FROM unnest(%s::bigint[]) AS wanted(variant_id)
    LEFT JOIN LATERAL (
        SELECT entry.id
        FROM trials_waitlistentry entry
        WHERE entry.user_id = %s AND entry.variant_id = wanted.variant_id
            AND entry.ended_at IS NULL
        OFFSET 0
    ) wait ON true
    LEFT JOIN LATERAL (
        SELECT unit.id
        FROM trials_trialunit unit
        WHERE unit.held_for_id = wait.id AND unit.state = 'available'
        OFFSET 0
    ) held ON true
    LEFT JOIN LATERAL (
        SELECT unit.id
        FROM trials_trialunit unit
        WHERE unit.id = held.id AND unit.held_for_id = wait.id AND unit.state = 'available'
        FOR UPDATE {skip}
    ) hers ON true
    LEFT JOIN LATERAL (
        SELECT unit.id
        FROM trials_trialunit unit
        WHERE {instead}.id IS NULL AND unit.variant_id = wanted.variant_id
            AND unit.state = 'available' AND unit.held_for_id IS NULL
        ORDER BY unit.uses, unit.id
        LIMIT 1
        FOR UPDATE {skip}
    ) free ON true
)
UPDATE trials_trialunit unit
SET state = 'reserved', held_for_id = NULL
FROM picked
WHERE unit.id = picked.id
RETURNING unit.variant_id, unit.id, EXISTS (
    SELECT FROM trials_waitlistentry entry
    WHERE entry.user_id = %s AND entry.variant_id = unit.variant_id AND entry.ended_at IS NULL
)
"""
PICK_WHAT_IS_UNLOCKED = PICK.format(skip="SKIP LOCKED", instead="held")
# Once it was waited for, it is hers, or it is not held for her any more.
PICK_AND_WAIT = PICK.format(skip="", instead="hers")


class _HeldMeanwhileError(Exception):
    """A unit came to be held for her while another was taken: let go, and look again."""


def reserve_units(
    *,
    variant_ids: Collection[int],
    trial_id: uuid.UUID,
    by: User | None = None,
    customer: User | None = None,
    letting_go: Collection[int] = (),
) -> dict[int, int]:
    """Reserve one unit of each variant for a trial, the least used first: all or none.

    Units that others are just taking are passed over. Where that leaves a variant without one,
    everything is let go and asked for again waiting, because those others may yet roll back. So it
    is where what is held for her is in somebody's hand, or comes to be held in this moment: another
    instead of it would leave that one held for a wait that is over.

    Args:
        variant_ids: which variants.
        trial_id: the trial they are for; its row may be written later in this transaction.
        by: who asked.
        customer: whose trial it is, if another asked: what is held for her is hers to take, and
            what she waited for she waits for no longer.
        letting_go: variants of which the caller puts a unit back in this transaction: their lines
            and hers are held together, in order, before any wait ends.

    Returns:
        The unit's id by variant id.

    Raises:
        NothingFreeError: a variant has no free unit; nothing is reserved.
    """
    wanted, whose = sorted(set(variant_ids)), customer or by
    # No savepoint of its own: a refusal undoes the whole placement anyway.
    with transaction.atomic(savepoint=False):
        try:
            # Let go before waiting: who waits while holding could wait in a circle.
            units = _take(PICK_WHAT_IS_UNLOCKED, wanted, whose, by, letting_go)
        except (NothingFreeError, _HeldMeanwhileError):
            units = _wait_and_take(wanted, whose, by, letting_go)
        now = timezone.now()
        insert_rows(
            [
                UnitMovement(
                    subject_id=unit_id,
                    from_state=UnitState.AVAILABLE,
                    to_state=UnitState.RESERVED,
                    at=now,
                    actor=by,
                    trial_id=trial_id,
                )
                for unit_id in units.values()
            ]
        )
        return units


def _wait_and_take(
    wanted: list[int], whose: User | None, by: User | None, letting_go: Collection[int]
) -> dict[int, int]:
    while True:
        try:
            return _take(PICK_AND_WAIT, wanted, whose, by, letting_go)
        except _HeldMeanwhileError:
            continue


def _take(
    statement: str,
    wanted: list[int],
    whose: User | None,
    by: User | None,
    letting_go: Collection[int],
) -> dict[int, int]:
    """Take a unit of each variant and end her waits for them; refused, nothing is locked."""
    with transaction.atomic():
        picked = _pick(statement, wanted, whose)
        waited = [variant_id for variant_id, _unit_id, waited in picked if waited]
        if letting_go and waited:
            lock_lines({*letting_go, *waited})
        if whose is not None and waited:
            ended = end_waits_by_taking(user_id=whose.pk, variant_ids=waited, by=by)
            if ended and TrialUnit.objects.filter(held_for__in=ended).exists():
                raise _HeldMeanwhileError
        return {variant_id: unit_id for variant_id, unit_id, _waited in picked}


def _pick(statement: str, wanted: list[int], whose: User | None) -> list[tuple[int, int, bool]]:
    user_id = whose.pk if whose else None
    with prepared_cursor() as cursor:
        cursor.execute(statement, [wanted, user_id, user_id])
        picked: list[tuple[int, int, bool]] = cursor.fetchall()
    found = {variant_id for variant_id, _unit_id, _waited in picked}
    if missing := [variant_id for variant_id in wanted if variant_id not in found]:
        raise NothingFreeError(
            _("Not every frame is free for a trial right now."), variants=missing
        )
    return picked
