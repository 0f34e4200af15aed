"""A box the carrier brings back undelivered and not whole is made good by it, never by her."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory
from tests.factories.trials import requested_trial, shipped_trial
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, parcels, scanned
from trials.claims.queries import parcels_to_give_up
from trials.console.queries.returns import losable_parcels
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_empty_box
from trials.risk.models import RuleKind
from trials.risk.queries import facts
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.queries import parcels_to_look_after

pytestmark = pytest.mark.django_db


def _sent_back(frames: int) -> tuple[Trial, Shipment]:
    trial = shipped_trial(frames=frames)
    parcels(trial)
    parcel = scanned(trial, Leg.OUTBOUND, ShipmentState.SENT_BACK)
    trial.refresh_from_db()
    assert (trial.state, trial.due_at) == ("returning", None)
    return trial, parcel


def _stands_in_a_queue(trial: Trial, parcel: Shipment) -> None:
    now = timezone.now()
    assert [(each, each.why) for each in parcels_to_look_after(now)] == [(parcel, "sent_back")]
    assert list(parcels_to_give_up(now)) == [parcel]
    assert losable_parcels(Trial.objects.get(pk=trial.pk)) == {parcel.pk}


def _give_up(parcel: Shipment) -> None:
    lose_parcel(tracking_number=parcel.tracking_number, by=StaffFactory(), early=True)


def test_what_was_not_in_it_is_given_up_and_claimed_of_the_carrier() -> None:
    trial, parcel = _sent_back(frames=3)
    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    lacking = [item.price for item in trial.items.filter(settled_at=None)]
    _stands_in_a_queue(trial, parcel)

    _give_up(parcel)

    trial.refresh_from_db()
    outcomes = sorted(item.outcome for item in trial.items.all())
    assert (trial.state, outcomes) == ("closed", ["lost", "lost", "returned"])
    assert parcel.claim.amount == lacking[0] + lacking[1]
    assert not TrialCharge.objects.exists()
    assert not parcels_to_look_after(timezone.now()).exists()
    assert requested_trial(user=trial.user).state == "requested"
    assert broken_laws() == []


def test_an_empty_one_is_the_carriers_and_its_customer_is_not_told_that_frames_are_with_her() -> (
    None
):
    trial, parcel = _sent_back(frames=1)
    note_empty_box(trial_id=trial.pk, by=StaffFactory(), words="Slit open")
    assert not OutboxMessage.objects.filter(payload__subject__icontains="empty").exists()
    _stands_in_a_queue(trial, parcel)
    client = Client()
    client.force_login(trial.user)
    page = client.get(f"/trials/{trial.number}/").content.decode()
    assert 'id="return"' not in page

    with time_machine.travel(timezone.now() + timedelta(days=40)):
        _give_up(parcel)
    assert Trial.objects.get(pk=trial.pk).state == "closed"
    assert broken_laws() == []


def test_one_that_came_back_whole_is_no_task() -> None:
    trial, _parcel = _sent_back(frames=1)
    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=StaffFactory())

    assert Trial.objects.get(pk=trial.pk).state == "closed"
    assert not parcels_to_look_after(timezone.now()).exists()
    assert losable_parcels(Trial.objects.get(pk=trial.pk)) == set()
    assert broken_laws() == []


def test_a_box_the_carrier_lost_on_its_way_out_keeps_her_from_none_and_counts_for_none() -> None:
    trial, parcel = _sent_back(frames=1)
    version = trial.programme_version
    type(version).objects.filter(pk=version.pk).update(cool_down_days=14)
    _give_up(parcel)

    asked = requested_trial(user=trial.user)

    assert asked.state == "requested"
    known = facts(asked, since=timezone.now() - timedelta(days=90))
    assert (known[RuleKind.NEW_CUSTOMER], known[RuleKind.SERIAL_TRIALS]) == (0, 0)
