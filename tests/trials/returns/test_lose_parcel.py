"""A parcel the carrier lost costs no customer anything, and becomes a claim."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from shop.foundation.models import OutboxMessage
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial, requested_trial, shipped_trial
from tests.trials.returns.boxes_back import (
    broken_laws,
    checked_in,
    item_of,
    parcels,
    scanned,
    terms,
)
from tests.trials.returns.trials_with_charges import overdue_trial
from trials.claims.errors import ClaimInvalidError, ClaimMissingError, MayNotSettleClaimError
from trials.claims.models import Claim
from trials.claims.queries import claims_matching, parcels_to_give_up
from trials.claims.services import file_claim, note_payment, note_refusal, withdraw_claim
from trials.console.queries.returns import losable_parcels
from trials.home_trials.models import Trial
from trials.programme.models import Mode
from trials.reports.services import keep_frame
from trials.returns.errors import NotLostError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding
from trials.returns.queries.charges import trials_to_charge, trials_to_remind
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.losing import lose_parcel
from trials.returns.services.reminding import remind
from trials.shipping.models import Leg, ShipmentState
from trials.shipping.services.tracking import assume_delivered

pytestmark = pytest.mark.django_db


def _lost(trial: Trial, leg: Leg) -> Claim:
    made = trial.shipments.exists()
    number = (trial.shipments.get(leg=leg) if made else parcels(trial)[leg]).tracking_number
    return lose_parcel(
        tracking_number=number, by=StaffFactory(), reason="No scan for days", early=True
    )


def _lost_on_its_way_back(**kwargs: object) -> tuple[Trial, Claim]:
    trial = delivered_trial(**kwargs)
    scanned(trial, Leg.RETURN)
    return trial, _lost(trial, Leg.RETURN)


def test_a_box_lost_on_its_way_out_ends_the_trial_without_charge() -> None:
    trial = shipped_trial(frames=2)
    claim = _lost(trial, Leg.OUTBOUND)

    trial.refresh_from_db()
    assert (trial.state, {item.outcome for item in trial.items.all()}) == ("closed", {"lost"})
    assert {item.unit.state for item in trial.items.all()} == {"lost"}
    assert claim.amount == sum((item.price for item in trial.items.all()), Money(0, "EUR"))
    assert claim.state == "open"
    assert not TrialCharge.objects.exists()
    subjects = OutboxMessage.objects.filter(payload__subject__icontains="lost on its way")
    assert subjects.count() == 1
    assert Event.objects.filter(name="parcel_lost").count() == 1
    assert requested_trial(user=trial.user).state == "requested"
    assert broken_laws() == []


def _taken_for_delivered() -> Trial:
    trial = shipped_trial(frames=2)
    scanned(trial, Leg.OUTBOUND)
    assume_delivered(trial_id=trial.pk)
    return trial


def test_of_a_box_that_never_came_no_damage_is_charged_either() -> None:
    terms(damaged_percent=50)
    trial = _taken_for_delivered()
    checked_in(item_of(trial), Finding.DAMAGED)
    proposal = ChargeProposal.objects.get()
    assert proposal.state == "proposed"

    _lost(trial, Leg.OUTBOUND)

    trial.refresh_from_db()
    proposal.refresh_from_db()
    assert (trial.state, proposal.state) == ("closed", "waived")
    assert proposal.reason == "Its box never reached the customer."
    assert broken_laws() == []


def test_a_box_taken_for_delivered_that_never_came_costs_its_customer_nothing() -> None:
    trial = _taken_for_delivered()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        remind(trial_id=trial.pk)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        (charge, _other) = charge_unreturned(trial_id=trial.pk, by=StaffFactory())
        assert losable_parcels(Trial.objects.get(pk=trial.pk)) == {
            trial.shipments.get(leg=Leg.OUTBOUND).pk
        }
        _lost(trial, Leg.OUTBOUND)

    trial.refresh_from_db()
    charge.refresh_from_db()
    assert (trial.state, {item.outcome for item in trial.items.all()}) == ("closed", {"lost"})
    assert charge.state == "waived"
    assert broken_laws() == []


def test_a_box_whose_delivery_the_carrier_tells_of_late_is_not_lost() -> None:
    trial = _taken_for_delivered()
    scanned(trial, Leg.OUTBOUND, ShipmentState.DELIVERED)

    assert losable_parcels(Trial.objects.get(pk=trial.pk)) == set()
    with pytest.raises(NotLostError):
        _lost(trial, Leg.OUTBOUND)


def test_a_box_the_carrier_took_and_lost_on_its_way_back_is_charged_to_nobody() -> None:
    trial, claim = _lost_on_its_way_back(frames=2)

    trial.refresh_from_db()
    assert (trial.state, {item.outcome for item in trial.items.all()}) == ("closed", {"lost"})
    assert claim.amount.amount > 0
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert not trials_to_remind(timezone.now()).exists()
        assert trials_to_charge(timezone.now()) == []
    assert broken_laws() == []


def test_what_is_owed_for_a_box_under_way_is_let_go_when_the_carrier_lost_it() -> None:
    trial = overdue_trial(frames=1)
    (charge,) = charge_unreturned(trial_id=trial.pk, by=StaffFactory())
    scanned(trial, Leg.RETURN)
    _lost(trial, Leg.RETURN)

    charge.refresh_from_db()
    trial.refresh_from_db()
    assert (charge.state, trial.state) == ("waived", "closed")
    assert OutboxMessage.objects.filter(topic="payments.cancel").exists()
    assert broken_laws() == []


def test_what_a_customer_keeps_was_not_in_the_lost_parcel() -> None:
    terms(mode=Mode.KEEP_AND_PAY)
    trial = delivered_trial(frames=2)
    kept = item_of(trial)
    keep_frame(user=trial.user, number=trial.number, item_id=kept.pk)
    scanned(trial, Leg.RETURN)
    _lost(trial, Leg.RETURN)

    kept.refresh_from_db()
    trial.refresh_from_db()
    assert (kept.outcome, item_of(trial, 1).outcome) == ("at_home", "lost")
    assert trial.state == "returning"


@pytest.mark.parametrize("leg", [Leg.OUTBOUND, Leg.RETURN])
def test_a_parcel_that_is_not_the_carriers_is_not_its_to_lose(leg: Leg) -> None:
    trial = delivered_trial()
    with pytest.raises(NotLostError):
        _lost(trial, leg)
    trial.refresh_from_db()
    assert trial.state == "delivered"
    assert not Claim.objects.exists()


def test_a_parcel_whose_frames_were_checked_in_is_not_lost() -> None:
    trial = delivered_trial(frames=1)
    scanned(trial, Leg.RETURN)
    checked_in(item_of(trial))
    with pytest.raises(NotLostError):
        _lost(trial, Leg.RETURN)


def test_what_turns_up_later_is_checked_in_and_an_unfiled_claim_withdrawn() -> None:
    trial, claim = _lost_on_its_way_back(frames=1)
    checked_in(item_of(trial))

    claim.refresh_from_db()
    assert (claim.state, claim.turned_up_at is not None) == ("withdrawn", True)
    item = item_of(trial)
    assert (item.outcome, item.unit.state) == ("returned", "available")
    assert broken_laws() == []


def test_a_paid_claim_whose_parcel_turned_up_waits_for_somebody() -> None:
    trial, claim = _lost_on_its_way_back(frames=1)
    ops, manager = StaffFactory(), ManagerFactory()
    file_claim(claim_id=claim.pk, by=ops, reference="C-77")
    note_payment(claim_id=claim.pk, by=manager, paid=claim.amount)
    assert not claims_matching("waiting").exists()
    checked_in(item_of(trial))

    claim.refresh_from_db()
    assert (claim.state, claim.turned_up_at is not None) == ("paid", True)
    assert list(claims_matching("waiting")) == [claim]


def test_a_claim_goes_from_open_to_filed_to_paid_or_refused_with_its_history() -> None:
    _trial, claim = _lost_on_its_way_back()
    ops, manager = StaffFactory(), ManagerFactory()
    with pytest.raises(ClaimInvalidError):
        file_claim(claim_id=claim.pk, by=ops, reference=" ")
    with pytest.raises(IllegalMoveError):
        note_refusal(claim_id=claim.pk, by=ops, reason="No")
    file_claim(claim_id=claim.pk, by=ops, reference="C-1")
    note_refusal(claim_id=claim.pk, by=ops, reason="Too late, they say")
    file_claim(claim_id=claim.pk, by=ops, reference="C-2")
    for paid in (claim.amount + Money(1, "EUR"), Money(0, "EUR"), Money(5, "USD")):
        with pytest.raises(ClaimInvalidError):
            note_payment(claim_id=claim.pk, by=manager, paid=paid)
    with pytest.raises(MayNotSettleClaimError):
        note_payment(claim_id=claim.pk, by=ops, paid=Money(5, "EUR"))
    done = note_payment(claim_id=claim.pk, by=manager, paid=Money(5, "EUR"))

    assert (done.state, done.paid, done.reference) == ("paid", Money(5, "EUR"), "C-2")
    states = list(claim.transitions.values_list("to_state", flat=True))
    assert states == ["open", "filed", "refused", "filed", "paid"]
    with pytest.raises(IllegalMoveError):
        withdraw_claim(claim_id=claim.pk, by=manager, reason="Why")
    assert broken_laws() == []


def test_only_a_manager_gives_a_claim_up() -> None:
    _trial, claim = _lost_on_its_way_back()
    with pytest.raises(MayNotSettleClaimError):
        withdraw_claim(claim_id=claim.pk, by=StaffFactory(), reason="Too small")
    with pytest.raises(ClaimInvalidError):
        withdraw_claim(claim_id=claim.pk, by=ManagerFactory(), reason=" ")
    with pytest.raises(ClaimMissingError):
        withdraw_claim(claim_id=uuid.uuid4(), by=ManagerFactory(), reason="Too small")
    assert (
        withdraw_claim(claim_id=claim.pk, by=ManagerFactory(), reason="Too small").state
        == "withdrawn"
    )


def test_a_claim_is_due_by_the_carriers_window_from_its_first_scan(settings) -> None:
    settings.CARRIER_CLAIM_DAYS = 30
    trial = delivered_trial()
    shipment = scanned(trial, Leg.RETURN)
    claim = _lost(trial, Leg.RETURN)
    first = shipment.tracking.get().occurred_at.date()
    assert claim.due_on == first + timedelta(days=30)


def test_parcels_nobody_hears_of_are_proposed_after_the_days_of_silence() -> None:
    out, back, quiet = shipped_trial(), delivered_trial(), delivered_trial()
    shipments = {scanned(out, Leg.OUTBOUND), scanned(back, Leg.RETURN)}
    parcels(quiet)

    assert not parcels_to_give_up(timezone.now()).exists()
    later = timezone.now() + timedelta(days=11)
    assert set(parcels_to_give_up(later)) == shipments
    _lost(back, Leg.RETURN)
    scanned(out, Leg.OUTBOUND, ShipmentState.DELIVERED)
    assert not parcels_to_give_up(later).exists()


def test_two_who_give_one_parcel_up_open_one_claim() -> None:
    trial, claim = _lost_on_its_way_back()
    assert _lost(trial, Leg.RETURN) == claim
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_giving_up_and_checking_in_at_once_leave_one_of_them() -> None:
    trial = delivered_trial(frames=1)
    number = scanned(trial, Leg.RETURN).tracking_number
    item, ops = item_of(trial), StaffFactory()
    outcomes = at_once(
        [
            lambda: lose_parcel(tracking_number=number, by=ops, early=True),
            lambda: checked_in(item, by=ops),
        ]
        * 2,
        expected=Exception,
    )

    trial.refresh_from_db()
    item.refresh_from_db()
    assert item.outcome == "returned", outcomes
    claims = Claim.objects.values_list("state", flat=True)
    assert set(claims) <= {"withdrawn"}, outcomes
    assert broken_laws() == []


def test_the_list_of_claims_takes_as_many_queries_for_more_rows() -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            for claim in claims_matching(""):
                assert claim.shipment.trial.user
        return len(captured)

    _lost_on_its_way_back()
    before = count()
    _lost_on_its_way_back()
    assert count() == before
