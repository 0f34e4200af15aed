"""A verdict of the check-in table is put right: a slip onto the wrong key, or a second look."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.services import record, staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.costs.services import take_back_repair
from trials.home_trials.models import Trial
from trials.home_trials.services.settling import correct_outcome
from trials.home_trials.states import TrialState
from trials.returns.errors import NotCheckedInError, VerdictChangedError, VerdictStandsError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding, Inspection, VerdictCorrection
from trials.returns.queries.charges import AWAY
from trials.returns.services.checking_in import OUTCOMES, UNIT_GOES, check_grade
from trials.returns.services.closing import close_if_settled
from trials.returns.services.damages import move_proposal, propose_for_damage
from trials.returns.services.reasons import said_why
from trials.returns.states import CHARGED, ProposalState
from trials.units.barcodes import normalised
from trials.units.models import Grade, TrialUnit, UnitMovement
from trials.units.services.moving import move_unit
from trials.units.services.tending import place_unit
from trials.units.states import ON_THE_SHELF, UnitState

# What the table says for whoever undoes her last scan there.
SLIPPED = gettext_noop("Slipped at the check-in table")


def find_judged(*, trial_id: uuid.UUID, barcode: str) -> Inspection:
    """Return what a unit was found to be, if that may be corrected; changes nothing.

    Args:
        trial_id: for which it was checked in.
        barcode: as the scanner read it.

    Raises:
        NotCheckedInError: it was not checked in for this trial.
        VerdictStandsError: it is too late; the message says what to do instead.
    """
    inspection = _judged(Trial.objects.get(pk=trial_id), barcode)
    _check_in_time(inspection)
    return inspection


def correct_verdict(
    *,
    trial_id: uuid.UUID,
    barcode: str,
    finding: Finding,
    grade: Grade,
    reason: str,
    by: User,
    note: str | None = None,
    seen: int | None = None,
) -> Inspection:
    """Say that a unit that was checked in is something else than was found; the unit goes there.

    What was proposed for damage is withdrawn where it is fit again, and proposed where it is not.
    What it was first found to be is kept. The same finding and grade said again change nothing.

    Args:
        trial_id: for which it was checked in.
        barcode: as the scanner read it.
        finding: what it is.
        grade: its condition; see ``GRADES``.
        reason: why it is corrected, for colleagues.
        by: who looked again.
        note: what was seen of it instead; nothing to leave what was noted.
        seen: how often it had been corrected when she looked; nothing for however often.

    Raises:
        ReasonMissingError: no reason was given.
        CardNumberError: the reason or the note holds a card number.
        GradeRefusedError: the finding and the grade contradict each other.
        NotCheckedInError: the unit was not checked in for this trial.
        VerdictChangedError: it was corrected since.
        VerdictStandsError: it is too late; the message says what to do instead.
    """
    reason = said_why(reason)
    check_grade(finding, grade)
    refuse_card_numbers(note or "")
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user", "card"))
        inspection = _judged(trial, barcode)
        if (inspection.finding, inspection.grade) == (finding, grade):
            return inspection
        if seen not in (None, inspection.corrections.count()):
            raise VerdictChangedError(
                _("Nothing was done: a colleague has corrected this meanwhile. Look at it again.")
            )
        _check_in_time(inspection, lock=True)
        _check_nothing_given_back(inspection, finding)
        was_found = Finding(inspection.finding)
        _write_down(inspection, finding, grade, note=note, reason=reason, by=by)
        correct_outcome(inspection.item, OUTCOMES[finding], by=by)
        _propose_or_withdraw(inspection, trial, by=by, reason=reason)
        _put_right(inspection, trial, was_found, by=by, reason=reason)
        if trial.state == TrialState.RECEIVED or inspection.found_in_id:
            close_if_settled(trial_id=trial_id, by=by)
        return inspection


def _judged(trial: Trial, barcode: str) -> Inspection:
    inspections = Inspection.objects.select_related("item__variant__frame", "unit")
    inspection = inspections.filter(item__trial=trial, unit__barcode=normalised(barcode)).first()
    if inspection is None:
        raise NotCheckedInError(
            _("%(barcode)s is not checked in for trial %(number)s. Scan it there first.")
            % {"barcode": normalised(barcode)[:40], "number": trial.number}
        )
    inspection.item.trial = trial
    return inspection


def _check_in_time(inspection: Inspection, *, lock: bool = False) -> None:
    """Make sure that nothing hangs on a verdict that cannot be undone, wherever its unit is."""
    trial, unit = inspection.item.trial, inspection.unit
    if trial.closed_at is not None:
        raise VerdictStandsError(
            _(
                "Trial %(number)s is complete and its customer was told so: what was found of it"
                " stays, and nothing more is charged. Put the unit where it belongs on its page;"
                " one that is retired comes back by a count."
            )
            % {"number": trial.number},
            state=trial.state,
        )
    proposal = ChargeProposal.objects.filter(inspection=inspection).first()
    if proposal is not None:
        _check_undecided(lock_row(ChargeProposal, proposal.pk) if lock else proposal)
    out = UnitMovement.objects.filter(subject=unit, to_state=UnitState.OUT, at__gt=inspection.at)
    if out.exists():
        raise VerdictStandsError(
            _(
                "%(barcode)s has been with another customer since: what was found before stays."
                " Say what it is now when that box comes back."
            )
            % {"barcode": unit.barcode},
            state=unit.state,
        )


def _check_undecided(proposal: ChargeProposal) -> None:
    """Refuse to pull the ground from under what a customer was told or a manager decided."""
    if proposal.state in (ProposalState.PROPOSED, ProposalState.WITHDRAWN):
        return
    if proposal.state == ProposalState.WAIVED:
        if proposal.decided_by_id is None:
            # Waived as it was made, for the shop had agreed before that it arrived broken.
            return
        words = _(
            "A manager has waived what was proposed for damage by this verdict, so that it stays."
            " Put the unit where it belongs on its page; one that is retired comes back by a count."
        )
    elif proposal.state == ProposalState.CHARGED:
        words = _(
            "Damage is charged by this verdict, so that it stays. If that is wrong, ask a manager"
            " to let go of the charge or to give the money back."
        )
    else:
        words = _(
            "The customer was told of the damage, so that the verdict stays. If it is wrong, ask"
            " a manager to waive what is proposed: the customer is written to then."
        )
    raise VerdictStandsError(words, state=proposal.state)


def _check_nothing_given_back(inspection: Inspection, finding: Finding) -> None:
    """Refuse where a good frame's check-in gave back what had been paid for it as missing."""
    if inspection.finding != Finding.GOOD or finding == Finding.GOOD:
        return
    paid = TrialCharge.objects.filter(item=inspection.item_id, purpose__in=AWAY, state__in=CHARGED)
    if paid.filter(to_decide=False).exists():
        raise VerdictStandsError(
            _(
                "It was paid for as missing, and as it came back good the money goes back: that"
                " cannot be undone here. Send the unit to repair on its page, and tell a manager."
            )
        )


def _write_down(
    inspection: Inspection,
    finding: Finding,
    grade: Grade,
    *,
    note: str | None,
    reason: str,
    by: User,
) -> None:
    correction = VerdictCorrection.objects.create(
        inspection=inspection,
        finding_before=inspection.finding,
        grade_before=inspection.grade,
        note_before=inspection.note,
        finding=finding,
        grade=grade,
        reason=reason,
        corrected_by=by,
    )
    inspection.finding, inspection.grade = finding, grade
    inspection.corrected_at = correction.at
    if note is not None:
        inspection.note = one_line(note)[:300]
    inspection.save(update_fields=["finding", "grade", "note", "corrected_at"])
    record(
        EventName.VERDICT_CORRECTED,
        key=f"{EventName.VERDICT_CORRECTED}:{correction.pk}",
        subject=("trial_item", inspection.item_id),
        person=staff(by),
        details={
            "trial": str(inspection.item.trial_id),
            "variant": inspection.item.variant_id,
            "before": f"{correction.finding_before} {correction.grade_before}",
            "after": f"{finding} {grade}",
        },
    )


def _propose_or_withdraw(inspection: Inspection, trial: Trial, *, by: User, reason: str) -> None:
    """Have what is proposed for damage follow the finding; it is locked, if there is one."""
    proposal = ChargeProposal.objects.filter(inspection=inspection).first()
    fit = inspection.finding == Finding.GOOD
    if proposal is None:
        propose_for_damage(inspection=inspection, trial=trial, by=by)
    elif fit and proposal.state == ProposalState.PROPOSED:
        move_proposal(proposal, ProposalState.WITHDRAWN, by=by, why=reason)
    elif not fit and proposal.state == ProposalState.WITHDRAWN:
        proposal.amount, proposal.proposed_at = proposal.by_terms, timezone.now()
        proposal.save(update_fields=["amount", "amount_currency", "proposed_at"])
        move_proposal(
            proposal,
            ProposalState.PROPOSED,
            by=by,
            why=reason,
            reason=inspection.note,
            decided_by=None,
        )
    elif proposal.state == ProposalState.PROPOSED and proposal.decided_by_id is None:
        proposal.reason = inspection.note
        proposal.save(update_fields=["reason"])


def _put_right(
    inspection: Inspection, trial: Trial, was_found: Finding, *, by: User, reason: str
) -> None:
    """Send the unit where it should have gone; where somebody put it there since, it stays.

    What its first way cost and should not have is booked back with it.
    """
    unit = lock_row(TrialUnit, inspection.unit_id, related=("variant__frame",))
    goes, grade = UNIT_GOES[Finding(inspection.finding)], Grade(inspection.grade)
    if unit.state == goes or {unit.state, goes} <= ON_THE_SHELF:
        location = unit.location
        place_unit(unit_id=unit.pk, location=location, grade=grade, by=by, reason=reason)
        inspection.unit = TrialUnit.objects.get(pk=unit.pk)
        return
    put = _still_there(unit, trial, was_found)
    if unit.state == UnitState.RESERVED or unit.held_for_id is not None:
        raise VerdictStandsError(
            _(
                "%(barcode)s is promised to another customer by now, who counts on it. Take it off"
                " its shelf first, on its page: send it to repair, or grade it D and take another"
                " unit for her box. Then correct the verdict to “To be repaired”."
            )
            % {"barcode": unit.barcode},
            state=unit.state,
        )
    if was_found == Finding.REPAIR:
        take_back_repair(move_id=put.pk)
    if unit.state == UnitState.RETIRED:
        move_unit(
            unit=unit, to_state=UnitState.INSPECTION, by=by, reason=reason, trial=trial, anew=True
        )
    move_unit(unit=unit, to_state=goes, by=by, reason=reason, trial=trial, grade=grade)
    inspection.unit = unit


def _still_there(unit: TrialUnit, trial: Trial, was_found: Finding) -> UnitMovement:
    """Return by which move the verdict put a unit where it is.

    Raises:
        VerdictStandsError: it is elsewhere, or was meanwhile.
    """
    moves = UnitMovement.objects.filter(subject=unit).exclude(from_state=F("to_state"))
    put = moves.filter(trial_id=trial.pk, to_state=UNIT_GOES[was_found]).order_by("-pk").first()
    if put is not None:
        since = moves.filter(pk__gt=put.pk)
        if was_found == Finding.GOOD:
            # It may have been asked for and let go of again: nobody had it in her hands.
            since = since.exclude(to_state__in=ON_THE_SHELF)
        if not since.exists():
            return put
    raise VerdictStandsError(
        _(
            "%(barcode)s was moved since and is “%(state)s”. Put it where it belongs on its page"
            " first; then correct the verdict."
        )
        % {"barcode": unit.barcode, "state": unit.get_state_display()},
        state=unit.state,
    )
