"""A verdict of the check-in table is put right while nothing hangs on it, and both are kept."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shop.analytics.models import Event
from shop.foundation.errors import LorgnetteError
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import approved_trial, delivered_trial
from tests.trials.economics.costs import booked, rates
from tests.trials.returns.boxes_back import (
    broken_laws,
    checked_in,
    item_of,
    proposal_for_damage,
    terms,
)
from tests.trials.returns.trials_with_charges import overdue_trial, payment_of, told
from trials.home_trials.models import Trial
from trials.reports.models import Decision
from trials.reports.services import decide_broken, report_broken
from trials.returns.errors import (
    GradeRefusedError,
    NotCheckedInError,
    ReasonMissingError,
    VerdictChangedError,
    VerdictStandsError,
)
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding, Inspection, VerdictCorrection
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.correcting import correct_verdict, find_judged
from trials.returns.services.damages import accept_proposal, waive_proposal
from trials.units.models import Grade, WaitlistEntry
from trials.units.services.tending import put_back_on_shelf, send_to_repair
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db
STATES = {Finding.GOOD: "available", Finding.REPAIR: "repair", Finding.DAMAGED: "retired"}
OUTCOMES = {Finding.GOOD: "returned", Finding.REPAIR: "returned", Finding.DAMAGED: "damaged"}


def _correct(trial: Trial, finding: Finding, **said: Any) -> Inspection:
    grade = Grade.B if finding == Finding.GOOD else Grade.D
    return correct_verdict(
        **{
            "trial_id": trial.pk,
            "barcode": item_of(trial).unit.barcode,
            "finding": finding,
            "grade": grade,
            "reason": "Wrong key",
            "by": StaffFactory(),
            **said,
        }
    )


def _judged(finding: Finding, *, frames: int = 2, percent: int = 50, **box: Any) -> Trial:
    terms(damaged_percent=percent)
    trial = delivered_trial(frames=frames, **box)
    checked_in(item_of(trial), finding)
    return trial


@pytest.mark.parametrize("before", Finding)
@pytest.mark.parametrize("after", Finding)
def test_a_verdict_becomes_each_other_and_unit_outcome_and_proposal_follow(
    before: Finding, after: Finding
) -> None:
    trial = _judged(before)
    inspection = _correct(trial, after)

    item = item_of(trial)
    assert (item.unit.state, item.outcome) == (STATES[after], OUTCOMES[after])
    assert item.unit.grade == inspection.grade == ("B" if after == Finding.GOOD else "D")
    proposed = ChargeProposal.objects.values_list("state", flat=True)
    wanted = ["proposed"] if after != Finding.GOOD else ["withdrawn"]
    assert list(proposed) == ([] if before == after == Finding.GOOD else wanted)
    assert VerdictCorrection.objects.count() == (before != after)
    assert broken_laws() == []


def test_what_was_first_found_stays_readable_with_who_corrected_it_when_and_why() -> None:
    trial, by = _judged(Finding.DAMAGED), StaffFactory()
    first = Inspection.objects.get()
    _correct(trial, Finding.GOOD, by=by, reason="Key 5 instead of 2", note="Fine")

    correction, now = VerdictCorrection.objects.get(), Inspection.objects.get()
    assert (correction.finding_before, correction.grade_before) == ("damaged", "D")
    assert (correction.corrected_by, correction.reason) == (by, "Key 5 instead of 2")
    assert (now.finding, now.note, now.corrected_at) == ("good", "Fine", correction.at)
    # By this a late fee is counted.
    assert (now.at, now.inspected_by) == (first.at, first.inspected_by)
    reasons = item_of(trial).unit.movements.filter(actor=by).values_list("reason", flat=True)
    assert set(reasons) == {"Key 5 instead of 2"}
    assert Event.objects.filter(name="verdict_corrected").count() == 1


def test_the_same_verdict_said_again_changes_nothing() -> None:
    trial = _judged(Finding.GOOD)
    _correct(trial, Finding.GOOD)

    assert not VerdictCorrection.objects.exists()


def test_a_good_frame_has_only_its_grade_corrected_on_the_shelf_even_while_it_is_held() -> None:
    trial = delivered_trial()
    entry = join_waitlist(user=UserFactory(), variant_id=item_of(trial).variant_id)
    checked_in(item_of(trial))
    _correct(trial, Finding.GOOD, grade=Grade.C)

    unit = item_of(trial).unit
    assert (unit.state, unit.grade, unit.held_for) == ("available", "C", entry)


def test_a_correction_that_was_the_slip_is_corrected_and_damage_proposed_again() -> None:
    trial = _judged(Finding.DAMAGED)
    _correct(trial, Finding.GOOD)
    _correct(trial, Finding.DAMAGED, note="Temple off")

    proposal = ChargeProposal.objects.get()
    assert (proposal.state, proposal.reason) == ("proposed", "Temple off")
    assert proposal.amount == item_of(trial).price / 2
    assert VerdictCorrection.objects.count() == 2
    assert broken_laws() == []


def test_a_withdrawn_proposal_lets_a_box_that_is_done_with_end() -> None:
    trial = _judged(Finding.DAMAGED, frames=1)
    assert finish_check_in(trial_id=trial.pk, by=StaffFactory()).state == "received"
    _correct(trial, Finding.GOOD)

    trial.refresh_from_db()
    assert trial.state == "closed"
    assert broken_laws() == []


def test_a_box_on_the_table_does_not_end_by_a_correction() -> None:
    trial = _judged(Finding.DAMAGED, frames=1)
    _correct(trial, Finding.GOOD)

    trial.refresh_from_db()
    assert trial.state == "delivered"


@pytest.mark.parametrize("way", ["told", "waived"])
def test_what_its_customer_was_told_or_a_manager_decided_stands(way: str) -> None:
    proposal = proposal_for_damage(frames=2)
    trial, boss = proposal.inspection.item.trial, ManagerFactory()
    if way == "told":
        accept_proposal(proposal_id=proposal.pk, by=boss)
    else:
        waive_proposal(proposal_id=proposal.pk, by=boss, reason="Worn by many")

    with pytest.raises(VerdictStandsError, match="manager"):
        _correct(trial, Finding.GOOD)
    with pytest.raises(VerdictStandsError):
        find_judged(trial_id=trial.pk, barcode=item_of(trial).unit.barcode)
    assert item_of(trial).unit.state == "retired"


def test_a_trial_that_is_complete_keeps_its_verdicts_and_says_what_to_do() -> None:
    trial = _judged(Finding.GOOD, frames=1)
    finish_check_in(trial_id=trial.pk, by=StaffFactory())

    with pytest.raises(VerdictStandsError, match=r"complete.*on its page"):
        _correct(trial, Finding.DAMAGED)
    assert not ChargeProposal.objects.exists()


def test_a_unit_promised_to_who_waited_stays_hers_until_it_is_taken_off_its_shelf() -> None:
    terms(damaged_percent=50)
    trial = delivered_trial(frames=2)
    entry = join_waitlist(user=UserFactory(), variant_id=item_of(trial).variant_id)
    checked_in(item_of(trial))

    with pytest.raises(VerdictStandsError, match="promised"):
        _correct(trial, Finding.REPAIR)
    assert item_of(trial).unit.held_for == entry
    # What the refusal says to do.
    send_to_repair(unit_id=item_of(trial).unit_id, by=StaffFactory())
    _correct(trial, Finding.REPAIR)
    assert (item_of(trial).unit.state, item_of(trial).unit.grade) == ("repair", "D")
    assert WaitlistEntry.objects.get().state == "waiting"
    assert ChargeProposal.objects.get().state == "proposed"
    assert broken_laws() == []


def test_who_waits_is_held_a_unit_that_a_wrong_verdict_had_retired() -> None:
    trial = delivered_trial(frames=2)
    entry = join_waitlist(user=UserFactory(), variant_id=item_of(trial).variant_id)
    checked_in(item_of(trial), Finding.DAMAGED)
    _correct(trial, Finding.GOOD)

    assert item_of(trial).unit.held_for == entry
    assert broken_laws() == []


def test_a_unit_that_is_reserved_is_taken_off_its_shelf_for_another_first() -> None:
    terms(damaged_percent=50)
    trial = _judged(Finding.GOOD)
    box = approved_trial(variants=[item_of(trial).variant])

    with pytest.raises(VerdictStandsError, match="promised"):
        _correct(trial, Finding.DAMAGED)
    assert item_of(box).unit.state == "reserved"
    # Only how it looks may be put right there.
    _correct(trial, Finding.GOOD, grade=Grade.C)
    assert item_of(box).unit.grade == "C"


def test_what_was_paid_and_goes_back_since_a_frame_came_back_good_is_not_undone() -> None:
    charge, _owed = charge_unreturned(trial_id=overdue_trial(frames=2).pk)
    told(payment_of(charge), "succeeded")
    trial = charge.item.trial
    barcode = charge.item.unit.barcode
    said = {"trial_id": trial.pk, "barcode": barcode, "grade": Grade.A, "by": ManagerFactory()}
    check_in_unit(**said, finding=Finding.GOOD)
    trial.refresh_from_db()
    assert trial.closed_at is None
    TrialCharge.objects.filter(pk=charge.pk).update(to_decide=False)

    with pytest.raises(VerdictStandsError, match="money goes back"):
        _correct(trial, Finding.DAMAGED, barcode=barcode)
    # Where a manager is still to decide what goes back, she knows the new verdict.
    TrialCharge.objects.filter(pk=charge.pk).update(to_decide=True)
    _correct(trial, Finding.DAMAGED, barcode=barcode)
    assert Inspection.objects.get().finding == "damaged"


def test_damage_that_was_waived_as_it_was_made_does_not_bar_a_correction() -> None:
    terms(damaged_percent=50)
    user = UserFactory()
    trial = delivered_trial(user=user)
    said = report_broken(user=user, number=trial.number, item_id=item_of(trial).pk, words="Hinge")
    decide_broken(
        report_id=said.pk, by=ManagerFactory(), decision=Decision.ACCEPTED, answer="We see it."
    )
    checked_in(item_of(trial), Finding.DAMAGED)
    _correct(trial, Finding.GOOD)
    _correct(trial, Finding.REPAIR)

    assert ChargeProposal.objects.get().state == "waived"
    assert item_of(trial).unit.state == "repair"


def test_the_history_of_a_verdict_only_grows() -> None:
    _correct(_judged(Finding.GOOD), Finding.REPAIR)

    with pytest.raises(IntegrityError), transaction.atomic():
        VerdictCorrection.objects.update(reason="Another")


def test_a_unit_that_went_out_again_is_not_taken_away() -> None:
    trial = _judged(Finding.GOOD)
    box = delivered_trial(variants=[item_of(trial).variant])
    assert item_of(box).unit == item_of(trial).unit

    with pytest.raises(VerdictStandsError, match="another customer"):
        _correct(trial, Finding.DAMAGED)
    with pytest.raises(VerdictStandsError, match="another customer"):
        _correct(trial, Finding.GOOD, grade=Grade.C)
    assert item_of(box).unit.state == "out"


def test_a_unit_that_was_moved_since_stays_where_somebody_put_it() -> None:
    trial = _judged(Finding.REPAIR)
    put_back_on_shelf(unit_id=item_of(trial).unit_id, grade=Grade.B, by=StaffFactory())

    with pytest.raises(VerdictStandsError, match="moved since"):
        _correct(trial, Finding.DAMAGED)
    # It is where that finding sends it.
    _correct(trial, Finding.GOOD)
    assert ChargeProposal.objects.get().state == "withdrawn"


def test_what_is_wrong_with_what_is_said_is_refused() -> None:
    trial = _judged(Finding.GOOD)
    refusals: list[tuple[type[LorgnetteError], dict[str, Any]]] = [
        (ReasonMissingError, {"reason": "  "}),
        (GradeRefusedError, {"grade": Grade.A}),
        (VerdictChangedError, {"seen": 1}),
        (NotCheckedInError, {"barcode": item_of(trial, 1).unit.barcode}),
        (NotCheckedInError, {"trial_id": delivered_trial().pk}),
    ]

    for error, said in refusals:
        with pytest.raises(error):
            _correct(trial, Finding.DAMAGED, **said)
    assert not VerdictCorrection.objects.exists()


@pytest.mark.parametrize("before", Finding)
@pytest.mark.parametrize("after", Finding)
def test_the_books_say_what_they_would_had_the_first_verdict_been_right(
    before: Finding, after: Finding
) -> None:
    rates()
    trial = _judged(before)
    _correct(trial, after)
    accounts = ("labour", "refurbishment", "write_offs", "inventory", "costs_accrued")
    corrected = {each: booked(each) for each in accounts}

    at_once_right = _judged(after)
    assert {each: booked(each) - corrected[each] for each in accounts} == corrected
    assert item_of(at_once_right).outcome == item_of(trial).outcome
    assert broken_laws() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_at_once_do_it_once() -> None:
    trial = _judged(Finding.DAMAGED)
    people = [StaffFactory() for _each in range(3)]
    acts = [lambda by=by: _correct(trial, Finding.GOOD, by=by, seen=0) for by in people]
    at_once(acts, expected=VerdictChangedError)

    assert VerdictCorrection.objects.count() == 1
    assert ChargeProposal.objects.get().transitions.count() == 2
