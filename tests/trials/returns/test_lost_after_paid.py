"""A parcel the carrier lost after its frames were charged is claimed, and her money looked at."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.payments.models import Refund
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, parcels
from tests.trials.returns.trials_with_charges import overdue_trial, payment_of, told, went_through
from trials.claims.models import Claim
from trials.claims.queries import parcels_to_give_up
from trials.console.queries.returns import losable_parcels
from trials.console.queries.trials import staff_trial
from trials.home_trials.models import Trial
from trials.returns.errors import NotLostError
from trials.returns.models.charges import TrialCharge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.letting_go import write_off_charge
from trials.returns.services.losing import lose_parcel
from trials.returns.services.refunding import decide_refund
from trials.shipping.models import Leg, Shipment
from trials.shipping.queries import parcels_to_look_after
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


def _charged(frames: int, *, paid: int) -> tuple[Trial, Shipment]:
    """Return a trial so many frames of which were paid as missing, and its parcel back."""
    trial = overdue_trial(frames=frames)
    back = parcels(trial)[Leg.RETURN]
    for charge in charge_unreturned(trial_id=trial.pk)[:paid]:
        told(payment_of(charge), "succeeded")
    trial.refresh_from_db()
    return trial, back


def _scanned(back: Shipment) -> None:
    record_tracking(
        tracking_number=back.tracking_number,
        carrier_event_id="late",
        status="in_transit",
        occurred_at=timezone.now(),
    )
    carry_out_due()


def _lost(back: Shipment) -> Claim:
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        return lose_parcel(tracking_number=back.tracking_number, by=StaffFactory())


def _mail() -> str:
    message = OutboxMessage.objects.get(payload__subject__icontains="lost your parcel")
    return str(message.payload["text"])


def test_one_of_a_trial_that_is_over_is_looked_after_claimed_and_paid_back() -> None:
    trial, back = _charged(2, paid=2)
    assert trial.state == "closed"
    with pytest.raises(NotLostError, match="never scanned"):
        lose_parcel(tracking_number=back.tracking_number, by=StaffFactory())
    _scanned(back)
    later = timezone.now() + timedelta(days=30)
    assert [(each, each.why) for each in parcels_to_give_up(later)] == [(back, "silent")]
    assert losable_parcels(staff_trial(trial.number)) == {back.pk}

    claim = _lost(back)

    prices = sum((item.price for item in trial.items.all()), Money(0, "EUR"))
    assert (claim.amount, claim.state) == (prices, "open")
    assert "we look at that now" in _mail()
    assert list(parcels_to_look_after(later)) == []
    assert losable_parcels(staff_trial(trial.number)) == set()
    for charge in trial.charges.all():
        assert charge.to_decide
        decide_refund(
            charge_id=charge.pk,
            by=ManagerFactory(),
            amount=charge.amount,
            reason="The carrier lost it",
            undecided=True,
        )
    for refund in Refund.objects.all():
        went_through(refund)
    assert set(trial.charges.values_list("state", flat=True)) == {"refunded"}
    assert broken_laws() == []


def test_what_is_paid_of_it_is_claimed_with_what_is_still_owed() -> None:
    trial, back = _charged(2, paid=1)
    _scanned(back)

    claim = _lost(back)

    trial.refresh_from_db()
    assert claim.amount == sum((item.price for item in trial.items.all()), Money(0, "EUR"))
    states = trial.charges.order_by("created_at", "pk").values_list("state", "to_decide")
    assert sorted(states) == [("paid", True), ("waived", False)]
    assert (trial.state, broken_laws()) == ("closed", [])


def test_one_whose_customer_has_her_money_back_is_claimed_all_the_same() -> None:
    trial, back = _charged(1, paid=1)
    _scanned(back)
    charge = trial.charges.get()
    decide_refund(charge_id=charge.pk, by=ManagerFactory(), amount=charge.amount, reason="Goodwill")
    went_through(Refund.objects.get())
    assert losable_parcels(staff_trial(trial.number)) == {back.pk}

    assert _lost(back).amount == charge.amount
    charge.refresh_from_db()
    assert (charge.state, charge.to_decide) == ("refunded", False)
    assert "nothing is charged" in _mail()
    assert broken_laws() == []


def test_a_debt_that_was_written_off_is_claimed_too() -> None:
    trial, back = _charged(1, paid=0)
    charge = trial.charges.get()
    write_off_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Never paid")
    _scanned(back)
    later = timezone.now() + timedelta(days=30)
    assert list(parcels_to_give_up(later)) == [back]

    assert _lost(back).amount == charge.amount
    assert not TrialCharge.objects.filter(to_decide=True).exists()
    assert broken_laws() == []


def test_one_that_was_under_way_when_its_frame_was_paid_stays_in_sight() -> None:
    trial, back = _charged(1, paid=0)
    _scanned(back)
    told(payment_of(trial.charges.get()), "succeeded")

    assert Trial.objects.get().state == "closed"
    assert list(parcels_to_give_up(timezone.now() + timedelta(days=30))) == [back]


def test_one_that_came_is_not_looked_after() -> None:
    trial, back = _charged(2, paid=2)
    _scanned(back)
    checked_in(item_of(trial), by=ManagerFactory())
    finish_check_in(trial_id=trial.pk, by=StaffFactory(), label=back.tracking_number)

    later = timezone.now() + timedelta(days=30)
    assert list(parcels_to_look_after(later)) == []
    with pytest.raises(NotLostError, match="not on its way back"):
        _lost(back)


def test_given_up_it_is_not_said_to_be_on_its_way_and_each_form_has_a_button(
    client: Client,
) -> None:
    trial, back = _charged(1, paid=1)
    _scanned(back)
    claim = _lost(back)
    client.force_login(StaffFactory())

    page = client.get(reverse("console:trial", args=[trial.number])).content.decode()
    claimed = client.get(reverse("console:claim", args=[claim])).content.decode()

    assert "Given up" in page
    assert "On its way" not in page.split('class="timeline')[0]
    # A plain member of staff files it; with a reason alone she can do nothing yet.
    assert 'name="reference"' in claimed
    assert 'name="reason"' not in claimed
