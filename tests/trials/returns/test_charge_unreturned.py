"""What does not come back is charged once, after grace, and not while it is on its way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.models import OutboxMessage
from shop.payments.models import Payment
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    payment_of,
    terms,
    told_what_lacks,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.returns.errors import NotYetChargeableError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.queries.charges import trials_to_charge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.tasks import charge_trial
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking
from trials.units.models import Grade


@pytest.mark.django_db
def test_every_missing_frame_is_charged_to_the_card_of_the_trial() -> None:
    trial = overdue_trial(frames=2)
    charges = charge_unreturned(trial_id=trial.pk)

    assert len(charges) == 2
    payment = payment_of(charges[0])
    assert (payment.card, payment.off_session) == (trial.card, True)
    assert payment.amount == charges[0].amount == charges[0].item.price
    assert OutboxMessage.objects.filter(topic="payments.charge").count() == 2


@pytest.mark.django_db
def test_charging_again_charges_nothing() -> None:
    trial = overdue_trial()
    charge_unreturned(trial_id=trial.pk)

    assert charge_unreturned(trial_id=trial.pk) == []
    assert Payment.objects.count() == 2


@pytest.mark.django_db
def test_what_came_back_is_not_charged() -> None:
    trial = overdue_trial(frames=2)
    back, missing = trial.items.select_related("unit").order_by("pk")
    by = StaffFactory()
    check_in_unit(
        trial_id=trial.pk, barcode=back.unit.barcode, finding=Finding.GOOD, grade=Grade.A, by=by
    )
    finish_check_in(trial_id=trial.pk, by=by)
    told_what_lacks(trial)

    assert [charge.item for charge in charge_unreturned(trial_id=trial.pk)] == [missing]


@pytest.mark.django_db
def test_nothing_is_charged_before_the_days_of_grace_are_over() -> None:
    trial = delivered_trial(at=timezone.now() - timedelta(days=7))

    with pytest.raises(NotYetChargeableError, match="until the end of"):
        charge_unreturned(trial_id=trial.pk)
    assert trials_to_charge(timezone.now()) == []


@pytest.mark.django_db
def test_the_clock_charges_what_is_late() -> None:
    trial = overdue_trial()
    assert trials_to_charge(timezone.now()) == [trial.pk]
    charge_trial(str(trial.pk))

    assert TrialCharge.objects.filter(item__trial=trial).count() == 2
    assert trials_to_charge(timezone.now()) == []


@pytest.mark.django_db
def test_a_box_on_its_way_back_puts_the_charge_off_to_the_longest_wait() -> None:
    trial = overdue_trial()
    mark_returning(trial_id=trial.pk, at=timezone.now())
    wait = trial.charge_at + timedelta(days=14) if trial.charge_at else timezone.now()

    assert trials_to_charge(wait - timedelta(seconds=1)) == []
    assert trials_to_charge(wait + timedelta(seconds=1)) == [trial.pk]
    early = time_machine.travel(wait - timedelta(seconds=1))
    with early, pytest.raises(NotYetChargeableError, match="on its way back"):
        charge_unreturned(trial_id=trial.pk)
    with time_machine.travel(wait + timedelta(seconds=1)):
        charge_trial(str(trial.pk))
    assert trial.charges.count() == 2


@pytest.mark.django_db
def test_staff_wait_for_a_box_on_its_way_back_as_the_clock_does() -> None:
    trial = overdue_trial()
    mark_returning(trial_id=trial.pk, at=timezone.now())

    with pytest.raises(NotYetChargeableError, match="on its way back"):
        charge_unreturned(trial_id=trial.pk, by=StaffFactory())
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert len(charge_unreturned(trial_id=trial.pk, by=StaffFactory())) == 2


@pytest.mark.parametrize("by_staff", [False, True])
@pytest.mark.django_db
def test_a_box_that_arrived_and_is_not_checked_in_is_never_charged(by_staff: bool) -> None:
    trial = overdue_trial()
    create_labels(trial_id=trial.pk, by=StaffFactory())
    record_tracking(
        tracking_number=trial.shipments.get(leg="return").tracking_number,
        carrier_event_id="1",
        status="delivered",
        occurred_at=timezone.now(),
    )
    later = timezone.now() + timedelta(days=60)

    assert trials_to_charge(later) == []
    with time_machine.travel(later), pytest.raises(NotYetChargeableError, match="Check it in"):
        charge_unreturned(trial_id=trial.pk, by=StaffFactory() if by_staff else None)


@pytest.mark.django_db
def test_a_missing_frame_costs_the_share_of_its_price_that_the_programme_says() -> None:
    trial = terms(overdue_trial(frames=1), unreturned_percent=33)
    trial.items.update(price="99.99")

    (charge,) = charge_unreturned(trial_id=trial.pk)
    assert charge.amount == Money("33.00", "EUR")


@pytest.mark.django_db
def test_a_free_frame_that_stays_away_is_given_up_for_lost() -> None:
    trial = overdue_trial(frames=1)
    trial.items.update(price=0)

    assert charge_unreturned(trial_id=trial.pk) == []
    trial.refresh_from_db()
    assert trial.state == "closed"


@pytest.mark.django_db(transaction=True)
def test_two_who_charge_at_once_charge_once() -> None:
    trial: Trial = overdue_trial(frames=1)

    def charge(_time: int) -> int:
        try:
            return len(charge_unreturned(trial_id=trial.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = sorted(pool.map(charge, range(4)))

    assert made == [0, 0, 0, 1]
    assert Payment.objects.count() == 1
