"""A box comes back: each unit is scanned, looked at and sent on its way."""

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.plain_text import one_line
from shop.foundation.postgres.inserts import insert_rows
from shop.foundation.postgres.queries import PreparedValues, Slot
from trials.claims.services import note_turned_up
from trials.home_trials.errors import UnknownBarcodeError, WrongUnitError
from trials.home_trials.lost_units import taken_for_lost
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.queries import item_of_unit
from trials.home_trials.services.journey import mark_received
from trials.home_trials.services.settling import settle
from trials.home_trials.states import ItemOutcome, TrialState
from trials.returns.errors import (
    AlreadyCheckedInError,
    GradeRefusedError,
    NothingCheckedInError,
    NotOutError,
    UnitNotOutError,
)
from trials.returns.models.inspections import Finding, Inspection
from trials.returns.services.closing import close_if_settled
from trials.returns.services.damages import propose_for_damage
from trials.returns.services.keeping import charge_kept
from trials.returns.services.noting import note_stray
from trials.returns.services.taking_back import (
    check_may_come_back,
    give_back_charge,
    let_go_of_charge,
)
from trials.shipping.models import Shipment
from trials.shipping.services.return_labels import check_in_parcel
from trials.units.barcodes import normalised
from trials.units.models import Grade, TrialUnit
from trials.units.queries import unit_by_barcode
from trials.units.services.moving import move_unit
from trials.units.states import IN_A_TRIAL, ON_THE_SHELF, UnitState

OUT = frozenset(
    {TrialState.SHIPPED, TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED}
)
# Which grades a finding goes with: what is fit to be shown goes on the shelf, and nothing else.
GRADES = {
    Finding.GOOD: frozenset({Grade.A, Grade.B, Grade.C}),
    Finding.REPAIR: frozenset({Grade.D}),
    Finding.DAMAGED: frozenset({Grade.D}),
}
OUTCOMES = {
    Finding.GOOD: ItemOutcome.RETURNED,
    Finding.REPAIR: ItemOutcome.RETURNED,
    Finding.DAMAGED: ItemOutcome.DAMAGED,
}
# Where a unit is that was given up, found in a count, and is another's to try since.
GIVEN_OUT_AGAIN = IN_A_TRIAL | ON_THE_SHELF
UNIT_GOES = {
    Finding.GOOD: UnitState.AVAILABLE,
    Finding.REPAIR: UnitState.REPAIR,
    Finding.DAMAGED: UnitState.RETIRED,
}


def find_returned(*, trial_id: uuid.UUID, barcode: str, by: User | None = None) -> TrialItem:
    """Return the item a scanned unit is, if it may be checked in; changes nothing.

    Args:
        trial_id: whose box is open on the table.
        barcode: as the scanner read it.
        by: who stands there; managers may take back what was charged long ago.

    Raises:
        NotOutError: nothing of the trial is with the customer.
        UnknownBarcodeError: no unit has this barcode.
        WrongUnitError: the unit is not of this box, or was found and given out again meanwhile.
        UnitLostError: it was taken for lost when it was picked or counted.
        AlreadyCheckedInError: it was checked in before.
        AlreadyChargedError: it was paid too long ago to be taken back by whoever stands there.
    """
    return _returned(
        Trial.objects.select_related("programme_version").get(pk=trial_id), barcode, by
    )


def _returned(trial: Trial, barcode: str, by: User | None) -> TrialItem:
    unit = unit_by_barcode(normalised(barcode))
    if unit is None:
        raise UnknownBarcodeError(
            _("No unit has the barcode %(barcode)s. Scan it again.")
            % {"barcode": normalised(barcode)[:40]}
        )
    item = item_of_unit(trial=trial, unit=unit)
    if item is None:
        raise _wrong_unit(trial, unit)
    if _INSPECTED.rows(item=item.pk):
        raise AlreadyCheckedInError(
            _("%(barcode)s, %(frame)s, is checked in already. Scan the next one.")
            % {"barcode": unit.barcode, "frame": item.variant}
        )
    check_may_come_back(item, by=by)
    # What was given up for lost, or charged, may turn up after the trial was closed.
    if trial.state not in OUT and item.outcome not in (ItemOutcome.LOST, ItemOutcome.KEPT):
        raise NotOutError(
            _("Trial %(number)s is “%(state)s”: nothing of it is out.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
    if item.settled_at is not None and unit.state in GIVEN_OUT_AGAIN:
        raise _wrong_unit(trial, unit)
    return item


_INSPECTED = PreparedValues(
    lambda: Inspection.objects.filter(item_id=Slot("item")).values_list("pk")[:1]
)


def check_in_unit(
    *,
    trial_id: uuid.UUID,
    barcode: str,
    finding: Finding,
    grade: Grade,
    note: str = "",
    by: User,
    found_in: uuid.UUID | None = None,
    label: str = "",
) -> Inspection:
    """Take a returned unit back, with what it was found to be.

    Damage makes a proposal to charge for it, where the terms of the trial say so.

    Args:
        trial_id: whose unit it is.
        barcode: as the scanner read it.
        finding: good goes back on the shelf, repair to the workshop, damaged is retired.
        grade: its condition now; see ``GRADES``.
        note: what was seen, for the next person.
        by: who looked at it.
        found_in: the trial in whose box it lay, where that was another's: both keep it.
        label: of the parcel it lay in, if it was scanned; see ``check_in_parcel``.

    Raises:
        GradeRefusedError: the finding and the grade contradict each other.
        CardNumberError: the note holds a card number.
        LorgnetteError: whatever ``find_returned`` refuses.
    """
    note = one_line(note)
    refuse_card_numbers(note)
    check_grade(finding, grade)
    with transaction.atomic():
        elsewhere = found_in if found_in != trial_id else None
        if elsewhere:
            lock_rows(Trial, [trial_id, elsewhere])
        trial = lock_row(Trial, trial_id, related=("programme_version", "user", "card"))
        item = _returned(trial, barcode, by)
        if item.outcome == ItemOutcome.LOST:
            _note_parcel_found(trial, by)
        let_go_of_charge(item, by=by)
        unit = settle(item, OUTCOMES[finding], by=by, reason=note)
        if unit.state in GIVEN_OUT_AGAIN:
            # Since it was looked up; now nobody else moves it.
            raise _wrong_unit(trial, unit)
        move_unit(
            unit=unit, to_state=UNIT_GOES[finding], by=by, reason=note, trial=trial, grade=grade
        )
        inspection = Inspection(
            item=item,
            unit=unit,
            finding=finding,
            grade=grade,
            note=note[:300],
            inspected_by=by,
            found_in_id=elsewhere,
        )
        insert_rows([inspection])
        give_back_charge(trial=trial, item=item, finding=finding)
        if elsewhere:
            note_stray(trial_id=elsewhere, unit=unit, words=trial.number, by=by)
        propose_for_damage(inspection=inspection, trial=trial, by=by)
        # Nobody says of a box that was not opened that nothing more is in it.
        if trial.state == TrialState.RECEIVED and not elsewhere:
            check_in_parcel(trial=trial, label=label, only_scanned=True)
        if trial.state == TrialState.RECEIVED or elsewhere:
            close_if_settled(trial_id=trial_id, by=by)
        return inspection


def check_grade(finding: Finding, grade: Grade) -> None:
    """Make sure that a grade goes with a finding.

    Raises:
        GradeRefusedError: they contradict each other.
    """
    if grade not in GRADES[finding]:
        raise GradeRefusedError(
            _("“%(finding)s” goes with grade %(grades)s.")
            % {
                "finding": Finding(finding).label,
                "grades": ", ".join(sorted(GRADES[finding])),
            }
        )


def finish_check_in(*, trial_id: uuid.UUID, by: User, label: str = "") -> Trial:
    """Say that nothing more is in the box; the trial closes if nothing is missing or owed.

    What is missing stays at home until it is charged. Finishing twice changes nothing.

    Args:
        trial_id: whose box.
        by: who checked it in.
        label: of the parcel, if it was scanned; see ``check_in_parcel``.

    Raises:
        NothingCheckedInError: not one unit was scanned.
        IllegalMoveError: the trial was never with the customer.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        if not Inspection.objects.filter(item__trial=trial).exists():
            raise NothingCheckedInError(
                _("Nothing is checked in yet. Scan a frame, or say that the box is empty.")
            )
        check_in_parcel(trial=trial, label=label, only_scanned=trial.state == TrialState.RECEIVED)
        mark_received(trial_id=trial_id, by=by)
        charge_kept(trial_id=trial_id, by=by)
        close_if_settled(trial_id=trial_id, by=by)
        return Trial.objects.get(pk=trial_id)


def _note_parcel_found(trial: Trial, by: User) -> None:
    """Note of every parcel given up that what was in it has come."""
    for shipment in Shipment.objects.filter(trial=trial, claim__isnull=False).order_by("pk"):
        note_turned_up(shipment=shipment, by=by)


def _wrong_unit(trial: Trial, unit: TrialUnit) -> WrongUnitError:
    words = {"barcode": unit.barcode, "frame": unit.variant}
    # A unit that was given up counts as that trial's of which it was lost.
    theirs = TrialItem.objects.filter(unit=unit).exclude(trial=trial)
    waiting = Q(holds_unit=True, trial__state__in=OUT)
    if unit.state == UnitState.LOST:
        waiting |= Q(outcome=ItemOutcome.LOST)
    other = (
        theirs.filter(waiting)
        .order_by("-holds_unit", "-trial__requested_at")
        .values_list("trial__number", flat=True)
        .first()
    )
    if other is None and unit.state == UnitState.LOST:
        return taken_for_lost(unit)
    if other is None:
        return UnitNotOutError(
            _(
                "%(barcode)s, %(frame)s, is not of this box: it is kept as “%(state)s”. "
                "It is noted; put it aside and have it counted."
            )
            % {**words, "state": unit.get_state_display()},
            state=unit.state,
        )
    return WrongUnitError(
        _("%(barcode)s, %(frame)s, belongs to trial %(other)s. Check it in there.")
        % {**words, "other": other},
        found_in=other,
    )
