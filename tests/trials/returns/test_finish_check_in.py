"""An empty box closes its trial, unless something is missing."""

import pytest

from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from trials.home_trials.models import Trial
from trials.returns.errors import NothingCheckedInError
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.units.models import Grade

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial() -> Trial:
    return delivered_trial(frames=2)


def _check_in(trial: Trial, *, count: int) -> None:
    waiting = trial.items.filter(settled_at=None).values_list("unit__barcode", flat=True)
    for barcode in list(waiting)[:count]:
        check_in_unit(
            trial_id=trial.pk,
            barcode=barcode,
            finding=Finding.GOOD,
            grade=Grade.A,
            by=StaffFactory(),
        )


def test_a_whole_box_closes_the_trial(trial: Trial) -> None:
    _check_in(trial, count=2)

    assert finish_check_in(trial_id=trial.pk, by=StaffFactory()).state == "closed"


def test_a_missing_frame_keeps_the_trial_open(trial: Trial) -> None:
    _check_in(trial, count=1)

    assert finish_check_in(trial_id=trial.pk, by=StaffFactory()).state == "received"


def test_a_missing_frame_that_comes_later_closes_the_trial(trial: Trial) -> None:
    _check_in(trial, count=1)
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    _check_in(trial, count=1)

    trial.refresh_from_db()
    assert trial.state == "closed"


def test_finishing_twice_changes_nothing(trial: Trial) -> None:
    _check_in(trial, count=1)
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    finish_check_in(trial_id=trial.pk, by=StaffFactory())

    assert trial.transitions.filter(to_state="received").count() == 1


def test_a_box_of_which_nothing_was_scanned_cannot_be_finished(trial: Trial) -> None:
    with pytest.raises(NothingCheckedInError):
        finish_check_in(trial_id=trial.pk, by=StaffFactory())
    trial.refresh_from_db()
    assert trial.state == "delivered"
