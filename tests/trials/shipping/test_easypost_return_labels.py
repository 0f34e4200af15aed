"""Another return label bought at EasyPost: once, and given back where nobody used it."""

from functools import partial

import pytest
from django.utils import timezone

from shop.foundation.outbox import carry_out_due
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of
from tests.trials.shipping.easypost_double import EasyPostDouble, Fault
from trials.home_trials.models import Trial
from trials.returns.services.checking_in import finish_check_in
from trials.shipping.errors import CarrierUnreachableError, LabelsInHandError
from trials.shipping.models import Because, Leg, Shipment
from trials.shipping.services.labels import create_labels
from trials.shipping.services.return_labels import another_return_label
from trials.shipping.services.tracking import record_tracking
from trials.shipping.tasks import poll_tracking

pytestmark = pytest.mark.django_db(transaction=True)


def _labelled() -> Trial:
    trial = delivered_trial(frames=1)
    create_labels(trial_id=trial.pk, by=StaffFactory())
    return trial


def _another(trial: Trial) -> Shipment:
    return another_return_label(trial_id=trial.pk, by=trial.user, because=Because.LOST, nth=2)


def test_it_is_bought_once_whatever_becomes_of_the_answer(easypost: EasyPostDouble) -> None:
    trial = _labelled()
    easypost.faults += [Fault("/buy", lost=True), Fault("/shipments", 500)]
    with pytest.raises(CarrierUnreachableError):
        _another(trial)
    made = _another(trial)

    assert _another(trial) == made
    assert len(easypost.purchases) == 3
    assert made.carrier_reference
    assert made.postage is not None


def test_two_who_ask_at_once_buy_one(easypost: EasyPostDouble) -> None:
    trial = _labelled()
    easypost.late = 0.3
    asks = partial(another_return_label, trial_id=trial.pk, nth=2)
    asked = [partial(asks, by=trial.user), partial(asks, by=StaffFactory())]
    at_once(asked, expected=LabelsInHandError)

    assert len(easypost.purchases) == 3
    assert trial.shipments.filter(leg=Leg.RETURN).count() == 2


def test_the_one_nobody_used_is_given_back_once_the_trial_is_over(
    easypost: EasyPostDouble,
) -> None:
    trial = _labelled()
    used = _another(trial)
    record_tracking(
        tracking_number=used.tracking_number,
        carrier_event_id="1",
        status="in_transit",
        occurred_at=timezone.now(),
    )
    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=StaffFactory(), label=used.tracking_number)
    poll_tracking()
    carry_out_due()
    carry_out_due()

    states = dict(trial.shipments.filter(leg=Leg.RETURN).values_list("nth", "refund_state"))
    assert states == {1: "asked", 2: ""}
    assert broken_laws() == []
