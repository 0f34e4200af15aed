"""What does not come back is charged once, after grace, and not while it is on its way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from shop.payments.models import Payment
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import overdue_trial, payment_of
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.returns.errors import NotYetChargeableError
from trials.returns.models import Finding, TrialCharge
from trials.returns.queries import trials_to_charge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.tasks import charge_trial
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
def test_a_box_on_its_way_back_is_not_charged_by_the_clock() -> None:
    trial = overdue_trial()
    mark_returning(trial_id=trial.pk, at=timezone.now())

    assert trials_to_charge(timezone.now()) == []


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
