"""Ops approve or decline, either side may call off in time, and units are free again at once."""

import pytest
from django.utils import timezone

from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory
from tests.factories.trials import (
    approved_trial,
    packed_trial,
    requested_trial,
    shipped_trial,
)
from trials.home_trials.errors import CannotCancelError
from trials.home_trials.models import Trial
from trials.home_trials.queries import open_trials
from trials.home_trials.services.journey import mark_delivered
from trials.home_trials.services.requests import approve_trial, cancel_trial, decline_trial
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db


def _all_free(trial: Trial) -> bool:
    held = trial.items.filter(holds_unit=True).exists()
    units = TrialUnit.objects.filter(trial_items__trial=trial)
    return not held and {unit.state for unit in units} == {"available"}


def test_approval_names_who_approved_and_is_given_once() -> None:
    trial, ops = requested_trial(), StaffFactory()

    approve_trial(trial_id=trial.pk, by=ops)

    assert trial.transitions.latest("pk").actor == ops
    with pytest.raises(IllegalMoveError):
        approve_trial(trial_id=trial.pk, by=ops)
    assert Event.objects.filter(name="trial_approved").count() == 1


def test_a_declined_trial_frees_its_units_and_tells_the_customer_why() -> None:
    trial = requested_trial()

    decline_trial(trial_id=trial.pk, by=StaffFactory(), reason="We do not ship to islands.")

    assert _all_free(trial)
    assert not open_trials(trial.user).exists()
    mail = OutboxMessage.objects.latest("created_at").payload
    assert "We do not ship to islands." in mail["text"]


@pytest.mark.parametrize("made", [requested_trial, approved_trial])
def test_a_customer_calls_off_before_it_is_packed(made: object) -> None:
    trial = made()

    cancelled = cancel_trial(trial_id=trial.pk, by=trial.user)

    assert (cancelled.state, _all_free(trial)) == ("cancelled", True)
    assert Event.objects.get(name="trial_cancelled").person_type == "customer"


@pytest.mark.parametrize("by_staff", [False, True])
def test_what_is_packed_she_calls_off_as_ops_do(by_staff: bool) -> None:
    trial = packed_trial()
    by = StaffFactory() if by_staff else trial.user

    assert cancel_trial(trial_id=trial.pk, by=by).state == "cancelled"
    # They lie in the box until somebody unpacks it.
    states = TrialUnit.objects.filter(trial_items__trial=trial).values_list("state", flat=True)
    assert set(states) == {"inspection"}
    assert not trial.items.filter(holds_unit=True).exists()


def test_what_has_left_nobody_calls_off() -> None:
    trial = shipped_trial()

    with pytest.raises(IllegalMoveError):
        cancel_trial(trial_id=trial.pk, by=StaffFactory())
    with pytest.raises(CannotCancelError, match="Refuse the parcel"):
        cancel_trial(trial_id=trial.pk, by=trial.user)
    mark_delivered(trial_id=trial.pk, at=timezone.now())
    with pytest.raises(CannotCancelError, match="was sent already"):
        cancel_trial(trial_id=trial.pk, by=trial.user)
    assert open_trials(trial.user).get() == trial


def test_calling_off_once_more_leaves_it_at_that() -> None:
    trial = requested_trial()
    cancel_trial(trial_id=trial.pk, by=trial.user)
    assert cancel_trial(trial_id=trial.pk, by=trial.user).state == "cancelled"

    assert trial.transitions.filter(to_state="cancelled").count() == 1
    assert Event.objects.filter(name="trial_cancelled").count() == 1
    told = OutboxMessage.objects.filter(topic="trials.cancelled")
    assert told.filter(handler="shipping.refund_labels").count() == 1


def test_what_somebody_else_ended_is_not_hers_to_call_off() -> None:
    by_staff, declined = requested_trial(), requested_trial()
    cancel_trial(trial_id=by_staff.pk, by=StaffFactory(), reason="Out of boxes")
    decline_trial(trial_id=declined.pk, by=StaffFactory(), reason="Out of boxes")
    for trial in (by_staff, declined):
        with pytest.raises(IllegalMoveError):
            cancel_trial(trial_id=trial.pk, by=trial.user)
