"""A move that cannot be is refused in words people read."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from shop.foundation.history import IllegalMoveError
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial, requested_trial
from trials.home_trials.services.requests import approve_trial

pytestmark = pytest.mark.django_db


def test_an_illegal_move_is_told_by_the_names_of_the_states() -> None:
    trial = delivered_trial()

    with translation.override("en"), pytest.raises(IllegalMoveError) as refused:
        approve_trial(trial_id=trial.pk, by=StaffFactory())

    told = str(refused.value)
    assert told.startswith("The shop made this “At home” (")
    assert told.endswith("), so that it cannot become “Approved” any more.")
    assert refused.value.extra["state"] == "delivered"
    assert refused.value.extra["moved_by"] == ""
    assert trial.transitions.count() == 5


def test_what_is_done_already_is_said_to_be() -> None:
    trial, ola = requested_trial(), StaffFactory(name="Ola Nowak")
    approve_trial(trial_id=trial.pk, by=ola)

    with translation.override("en"), pytest.raises(IllegalMoveError) as refused:
        approve_trial(trial_id=trial.pk, by=StaffFactory())

    assert str(refused.value).startswith("This is “Approved” already: Ola Nowak did it (")
    assert refused.value.extra["moved_by"] == "Ola Nowak"


def test_whoever_asks_by_the_api_reads_the_time_of_their_own_clock() -> None:
    trial, afar = requested_trial(), StaffFactory(time_zone="Asia/Tokyo")
    approve_trial(trial_id=trial.pk, by=StaffFactory())
    at = timezone.localtime(trial.transitions.latest("at").at, ZoneInfo("Asia/Tokyo"))

    with timezone.override("UTC"), pytest.raises(IllegalMoveError) as refused:
        approve_trial(trial_id=trial.pk, by=afar)

    assert f"({date_format(at, 'SHORT_DATETIME_FORMAT')})" in str(refused.value)
