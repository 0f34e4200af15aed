"""What staff do with a unit that no trial holds: repair it, give it up, put it elsewhere."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.units.barcodes import normalised
from trials.units.errors import (
    MayNotGiveUpError,
    NoSuchUnitError,
    NotForTheShelfError,
    NotToPutBackError,
    UnitInTrialError,
    UnitReasonMissingError,
)
from trials.units.models import Grade, TrialUnit, UnitMovement
from trials.units.services.moving import move_unit
from trials.units.shelves import shelf
from trials.units.states import IN_A_TRIAL, ON_THE_SHELF, UnitState

PERMISSION = "trials.give_up_trialunit"
FIT_TO_BE_SHOWN = frozenset({Grade.A, Grade.B, Grade.C})
PUT_BACK = gettext_noop("Put back on its shelf.")


@dataclass(frozen=True)
class PutAway:
    """What scanning a unit to put it back said.

    Attributes:
        unit: with its variant and frame.
        again: whether it lay on its shelf before, by the books.
    """

    unit: TrialUnit
    again: bool


def send_to_repair(*, unit_id: int, by: User, reason: str = "") -> TrialUnit:
    """Take a unit off its shelf to be repaired; who it was held for is first in line again.

    Args:
        unit_id: which unit.
        by: who did it.
        reason: what is broken.

    Raises:
        UnitInTrialError: a trial holds it.
        IllegalMoveError: it is lost, retired or in repair.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        unit = _locked(unit_id)
        return move_unit(unit=unit, to_state=UnitState.REPAIR, by=by, reason=reason)


def put_back_on_shelf(*, unit_id: int, grade: Grade, by: User, reason: str = "") -> TrialUnit:
    """Put a unit that was repaired or inspected back on its shelf.

    Args:
        unit_id: which unit.
        grade: its condition now; one that is not to be shown stays off the shelf.
        by: who did it.
        reason: what was done.

    Raises:
        NotForTheShelfError: the grade is D.
        UnitInTrialError: a trial holds it.
        IllegalMoveError: it was neither in repair nor inspected.
        CardNumberError: the reason holds a card number.
    """
    _check_fit(grade)
    with transaction.atomic():
        unit = _locked(unit_id)
        return move_unit(unit=unit, to_state=UnitState.AVAILABLE, by=by, reason=reason, grade=grade)


def put_away(*, barcode: str, by: User) -> PutAway:
    """Put a unit that waits for it back on its shelf, as it is; put back before, nothing changes.

    Whoever waits for it is served by that, and not before.

    Args:
        barcode: as the scanner read it.
        by: who puts it there.

    Raises:
        NoSuchUnitError: no unit has this barcode.
        UnitInTrialError: a trial holds it.
        NotToPutBackError: it is in repair, lost or retired.
        NotForTheShelfError: its grade is D.
    """
    found = TrialUnit.objects.filter(barcode=normalised(barcode)).values_list("pk", flat=True)
    if (unit_id := found.first()) is None:
        raise NoSuchUnitError(
            _("No unit has the barcode %(barcode)s. Scan it again.")
            % {"barcode": normalised(barcode)[:40]}
        )
    with transaction.atomic():
        unit = lock_row(TrialUnit, unit_id, related=["variant__frame"])
        # One that somebody has asked for since lies there, too, until it is picked.
        if unit.state in ON_THE_SHELF:
            return PutAway(unit, again=True)
        _check_free(unit)
        if unit.state != UnitState.INSPECTION:
            raise NotToPutBackError(
                _("%(barcode)s is “%(state)s” and does not wait to be put back. See its page.")
                % {"barcode": unit.barcode, "state": unit.get_state_display()},
                state=unit.state,
            )
        _check_fit(unit.grade)
        move_unit(unit=unit, to_state=UnitState.AVAILABLE, by=by, reason=PUT_BACK)
        return PutAway(unit, again=False)


def retire_unit(*, unit_id: int, by: User, reason: str) -> TrialUnit:
    """Take a unit out of use for good; only a count that finds it brings it back.

    Args:
        unit_id: which unit.
        by: somebody with the permission ``trials.give_up_trialunit``.
        reason: why, kept with the move.

    Raises:
        MayNotGiveUpError: the person may not.
        UnitReasonMissingError: no reason was given.
        UnitInTrialError: a trial holds it.
        IllegalMoveError: it is retired already.
        CardNumberError: the reason holds a card number.
    """
    return _give_up(unit_id, UnitState.RETIRED, by=by, reason=reason)


def write_off_unit(*, unit_id: int, by: User, reason: str) -> TrialUnit:
    """Give a unit up for lost that cannot be found; otherwise like ``retire_unit``."""
    return _give_up(unit_id, UnitState.LOST, by=by, reason=reason)


def place_unit(
    *, unit_id: int, location: str, grade: Grade | None = None, by: User, reason: str = ""
) -> TrialUnit:
    """Note that a unit has another shelf, or another grade; what is so already changes nothing.

    One that is kept for a box and graded D is not packed, nor given out once the box lets it go:
    another takes its place, or it goes to repair (``home_trials.services.replacing``).

    Args:
        unit_id: which unit, whatever its state: its shelf is where it goes when it is back.
        location: the shelf, such as B2; empty for none.
        grade: its condition; left as it is if not given.
        by: who saw to it.
        reason: why.

    Raises:
        ShelfInvalidError: the shelf has too long a name.
        NotForTheShelfError: the grade is D while it lies on the shelf to be given out.
        CardNumberError: shelf or reason hold a card number.
    """
    location, reason = shelf(location), one_line(reason)
    refuse_card_numbers(reason)
    with transaction.atomic():
        unit = lock_row(TrialUnit, unit_id)
        new_location = location if location != unit.location else None
        new_grade = grade if grade is not None and grade != unit.grade else None
        if new_location is None and new_grade is None:
            return unit
        if new_grade == Grade.D and unit.state == UnitState.AVAILABLE:
            raise NotForTheShelfError(
                _("Grade D is not to be shown. Send it to repair first, or have it retired.")
            )
        unit.location, unit.grade = location, new_grade or unit.grade
        unit.save(update_fields=["location", "grade"])
        UnitMovement.objects.create(
            subject=unit,
            from_state=unit.state,
            to_state=unit.state,
            actor=by,
            reason=reason[:300],
            location=new_location or "",
            grade=new_grade or "",
        )
        return unit


def _give_up(unit_id: int, state: UnitState, *, by: User, reason: str) -> TrialUnit:
    if not by.has_perm(PERMISSION):
        raise MayNotGiveUpError(_("Only a manager may give a unit up. Ask one."))
    if not one_line(reason):
        raise UnitReasonMissingError(_("Say why, for those who read it later."))
    with transaction.atomic():
        unit = _locked(unit_id)
        if unit.state == state:
            return unit
        return move_unit(unit=unit, to_state=state, by=by, reason=reason)


def _check_fit(grade: str) -> None:
    if grade not in FIT_TO_BE_SHOWN:
        raise NotForTheShelfError(_("Grade D is not to be shown. Repair it, or have it retired."))


def _locked(unit_id: int) -> TrialUnit:
    unit = lock_row(TrialUnit, unit_id)
    _check_free(unit)
    return unit


def _check_free(unit: TrialUnit) -> None:
    if unit.state in IN_A_TRIAL:
        raise UnitInTrialError(
            _("%(barcode)s is “%(state)s”: a trial holds it. Settle it there first.")
            % {"barcode": unit.barcode, "state": unit.get_state_display()},
            state=unit.state,
        )
