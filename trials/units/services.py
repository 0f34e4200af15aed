"""Making units, reserving them, and moving them with every move written down."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import IllegalMoveError, can_move
from shop.foundation.plain_text import one_line
from trials.units.barcodes import new_barcode
from trials.units.errors import NothingFreeError, UnitCountError
from trials.units.models import Grade, TrialUnit, UnitMovement
from trials.units.states import MOVES, UnitState

MOST_AT_ONCE = 1000

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


def create_units(
    *, variant_id: int, count: int, location: str = "", by: User | None = None
) -> list[TrialUnit]:
    """Put new units of a variant on the shelf, each with a barcode of its own.

    Args:
        variant_id: what they are.
        count: how many, 1 to 1,000.
        location: the shelf, such as B2.
        by: who put them there.

    Raises:
        UnitCountError: the count is out of range.
        Variant.DoesNotExist: there is no such variant.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise UnitCountError(
            _("Make 1 to %(most)s units at once.") % {"most": MOST_AT_ONCE}, most=MOST_AT_ONCE
        )
    with transaction.atomic():
        variant = Variant.objects.get(pk=variant_id)
        units = TrialUnit.objects.bulk_create(
            TrialUnit(barcode=barcode, variant=variant, location=location)
            for barcode in _unused_barcodes(count)
        )
        UnitMovement.objects.bulk_create(
            UnitMovement(subject=unit, from_state="", to_state=unit.state, actor=by)
            for unit in units
        )
        return units


def _unused_barcodes(count: int) -> list[str]:
    barcodes: set[str] = set()
    while len(barcodes) < count:
        barcodes |= {new_barcode() for _each in range(count - len(barcodes))}
        taken = TrialUnit.objects.filter(barcode__in=barcodes).values_list("barcode", flat=True)
        barcodes -= set(taken)
    return sorted(barcodes)


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


def move_units(
    *,
    units: Sequence[TrialUnit],
    to_state: UnitState,
    by: User | None = None,
    reason: str = "",
    trial: models.Model | None = None,
) -> None:
    """Move several units to one state and write each move down.

    Args:
        units: rows locked by the caller in this transaction.
        to_state: where all of them go. Going out counts as a use.
        by: who moved them; nobody where the shop did.
        reason: why, in plain words.
        trial: the trial on whose way they are.

    Raises:
        IllegalMoveError: one of them cannot go there; none is moved.
        CardNumberError: the reason holds a card number.
    """
    reason = one_line(reason)
    refuse_card_numbers(reason)
    for unit in units:
        if not can_move(MOVES, unit.state, to_state):
            raise IllegalMoveError(
                _("Unit %(barcode)s is “%(now)s” and cannot become “%(wanted)s”.")
                % {
                    "barcode": unit.barcode,
                    "now": unit.get_state_display(),
                    "wanted": to_state.label,
                },
                state=unit.state,
            )
    now = timezone.now()
    changes: dict[str, Any] = {"state": to_state}
    if to_state == UnitState.OUT:
        changes["uses"] = models.F("uses") + 1
    with transaction.atomic():
        TrialUnit.objects.filter(pk__in=[unit.pk for unit in units]).update(**changes)
        UnitMovement.objects.bulk_create(
            UnitMovement(
                subject=unit,
                from_state=unit.state,
                to_state=to_state,
                at=now,
                actor=by,
                reason=reason[:300],
                trial_id=trial.pk if trial else None,
            )
            for unit in units
        )
    for unit in units:
        unit.state = to_state
        unit.uses += to_state == UnitState.OUT


def move_unit(
    *,
    unit: TrialUnit,
    to_state: UnitState,
    by: User | None = None,
    reason: str = "",
    trial: models.Model | None = None,
    grade: Grade | None = None,
) -> TrialUnit:
    """Move one unit, locked by the caller, and set its grade where one is given.

    Args:
        unit: the row, locked in this transaction.
        to_state: where it goes.
        by: who moved it.
        reason: why.
        trial: the trial on whose way it is.
        grade: its condition as found now.

    Raises:
        IllegalMoveError: it cannot go there.
    """
    with transaction.atomic():
        move_units(units=[unit], to_state=to_state, by=by, reason=reason, trial=trial)
        if grade is not None and grade != unit.grade:
            unit.grade = grade
            unit.save(update_fields=["grade"])
        return unit
