"""Moving units, with every move written down."""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import IllegalMoveError, can_move
from shop.foundation.plain_text import one_line
from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.inserts import insert_rows
from trials.costs.services import book_moves
from trials.units.models import Grade, TrialUnit, UnitMovement
from trials.units.services.promising import promise, withdraw
from trials.units.states import MOVES, UnitState

_MOVE = """
UPDATE "trials_trialunit"
SET "state" = %(state)s, "held_for_id" = NULL, "uses" = "uses" + %(uses)s::integer,
    "grade" = COALESCE(%(grade)s::varchar, "grade")
WHERE "id" = ANY(%(units)s::bigint[])
"""


def move_units(
    *,
    units: Sequence[TrialUnit],
    to_state: UnitState,
    by: User | None = None,
    reason: str = "",
    trial: models.Model | None = None,
    grade: Grade | None = None,
    sold: bool = False,
    anew: bool = False,
) -> None:
    """Move several units to one state and write each move down.

    What the moves cost is booked with them. One that comes onto the shelf is held for whoever waits
    for it; one that leaves it while it is held puts her first in line again.

    Args:
        units: rows locked by the caller in this transaction.
        to_state: where all of them go. Going out counts as a use.
        by: who moved them; nobody where the shop did.
        reason: why, in plain words.
        trial: the trial on whose way they are.
        grade: their condition as found now; left as it is if not given.
        sold: whether they are retired because a customer bought them.
        anew: whether they are only judged once more, so that no work nor cleaning is booked.

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
    change: dict[str, Any] = {
        "state": to_state,
        "uses": int(to_state == UnitState.OUT),
        "grade": grade,
        "units": [unit.pk for unit in units],
    }
    # No savepoint of its own: what refuses, refused above.
    with transaction.atomic(savepoint=False):
        withdraw(units)
        with prepared_cursor() as cursor:
            cursor.execute(_MOVE, change)
        moves = [
            UnitMovement(
                subject=unit,
                from_state=unit.state,
                to_state=to_state,
                at=now,
                actor=by,
                reason=reason[:300],
                trial_id=trial.pk if trial else None,
                grade=grade if grade is not None and grade != unit.grade else "",
            )
            for unit in units
        ]
        insert_rows(moves)
        book_moves(moves, sold=sold, anew=anew)
        for unit in units:
            unit.state, unit.held_for, unit.grade = to_state, None, grade or unit.grade
            unit.uses += to_state == UnitState.OUT
        if to_state == UnitState.AVAILABLE:
            promise(units)


def move_unit(
    *,
    unit: TrialUnit,
    to_state: UnitState,
    by: User | None = None,
    reason: str = "",
    trial: models.Model | None = None,
    grade: Grade | None = None,
    sold: bool = False,
    anew: bool = False,
) -> TrialUnit:
    """Move one unit, locked by the caller, and set its grade where one is given.

    Args:
        unit: the row, locked in this transaction.
        to_state: where it goes.
        by: who moved it.
        reason: why.
        trial: the trial on whose way it is.
        grade: its condition as found now.
        sold: whether it is retired because a customer bought it.
        anew: whether it is only judged once more.

    Raises:
        IllegalMoveError: it cannot go there.
    """
    move_units(
        units=[unit],
        to_state=to_state,
        by=by,
        reason=reason,
        trial=trial,
        grade=grade,
        sold=sold,
        anew=anew,
    )
    return unit
