"""What was not in a box is charged only after its customer was told so, and by the day she read."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from shop.foundation.outbox import carry_out_due
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.models.inspections import BoxNote
from trials.returns.queries.charges import trials_to_charge, trials_to_remind
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.noting import note_empty_box
from trials.returns.services.reminding import remind
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels
from trials.shipping.services.return_labels import another_return_label
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db
BEGIN = datetime.fromisoformat("2026-06-01T10:00:00+00:00")


def _day(number: float) -> time_machine.travel:
    return time_machine.travel(BEGIN + timedelta(days=number), tick=False)


def _taken(parcel: Shipment) -> None:
    record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id=f"taken-{parcel.nth}",
        status="in_transit",
        occurred_at=timezone.now(),
        description="Accepted",
    )


@pytest.fixture
def trial() -> Trial:
    """Return a trial of two frames that was handed over in time and reminded while under way."""
    with _day(0):
        made = delivered_trial(at=BEGIN, frames=2)
        create_labels(trial_id=made.pk, by=StaffFactory())
    with _day(4):
        _taken(made.shipments.get(leg="return"))
    with _day(9):
        assert remind(trial_id=made.pk)
        carry_out_due()
    made.refresh_from_db()
    assert made.state == TrialState.RETURNING
    assert made.charge_at is not None
    assert made.charge_at < BEGIN + timedelta(days=9)
    return made


def _with_one_frame(trial: Trial) -> None:
    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=StaffFactory())


def _empty(trial: Trial) -> None:
    note_empty_box(trial_id=trial.pk, by=StaffFactory(), words="")
    assert BoxNote.objects.get().kind == BoxNote.Kind.EMPTY


@pytest.mark.parametrize("opened", [_with_one_frame, _empty])
def test_what_lacks_is_told_and_waited_for_a_day_at_least(trial: Trial, opened: object) -> None:
    with _day(11):
        opened(trial)  # type: ignore[operator]
        assert trials_to_charge(timezone.now()) == []
        assert list(trials_to_remind(timezone.now())) == [trial]
        mail.outbox.clear()
        assert remind(trial_id=trial.pk)
        carry_out_due()
    (told,) = [each for each in mail.outbox if "Not all was in" in each.subject]
    trial.refresh_from_db()
    assert trial.charge_at is not None
    assert f"by the end of {trial.charge_at:%A}, {trial.charge_at.day} June" in told.body

    with _day(12.2):
        assert trials_to_charge(timezone.now()) == []
    with time_machine.travel(trial.charge_at + timedelta(minutes=1), tick=False):
        assert trials_to_charge(timezone.now()) == [trial.pk]


def test_a_further_parcel_without_it_is_told_of_anew(trial: Trial) -> None:
    with _day(11):
        _with_one_frame(trial)
        assert remind(trial_id=trial.pk)
        further = another_return_label(trial_id=trial.pk, by=trial.user, nth=2)
    with _day(12):
        _taken(further)
    with _day(20):
        finish_check_in(trial_id=trial.pk, by=StaffFactory(), label=further.tracking_number)
        assert trials_to_charge(timezone.now()) == []
        assert remind(trial_id=trial.pk)
    with _day(21.5):
        finish_check_in(trial_id=trial.pk, by=StaffFactory(), label=further.tracking_number)
        # Said once more of a parcel that was opened: nothing is told anew.
        assert not remind(trial_id=trial.pk)
