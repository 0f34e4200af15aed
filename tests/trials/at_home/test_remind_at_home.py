"""While the box is with her, a customer reads on each day named of that day, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import UserFactory
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial, shipped_trial
from trials.at_home.queries import trials_to_write_to
from trials.at_home.services.reminding import remind_at_home
from trials.at_home.tasks import remind_due, write_to_customer
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_delivered, mark_returning
from trials.programme.models import DayCount

MONDAY_NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


def _subjects() -> list[str]:
    mails = OutboxMessage.objects.filter(topic="mail.send").order_by("created_at")
    subjects = [each.payload["subject"] for each in mails]
    return [each for each in subjects if "day" in each]


def _trial(**rules: object) -> Trial:
    if rules:
        ProgrammeVersionFactory(number=2, **rules)
    return delivered_trial(user=UserFactory(time_zone="UTC"), at=MONDAY_NOON)


def _pass_days(trial: Trial, days: int) -> dict[int, list[str]]:
    """Let days pass, beat asking twice an hour, and return what she read, by day."""
    read: dict[int, list[str]] = {}
    for half_hour in range(days * 48):
        with time_machine.travel(MONDAY_NOON + timedelta(minutes=30 * half_hour), tick=False):
            now = timezone.now()
            if trials_to_write_to(now).filter(pk=trial.pk).exists():
                before = len(_subjects())
                remind_at_home(trial_id=trial.pk)
                read.setdefault((now.date() - MONDAY_NOON.date()).days, []).extend(
                    _subjects()[before:]
                )
    return read


@pytest.mark.django_db
def test_she_reads_on_the_first_third_and_last_day_and_on_no_other() -> None:
    read = _pass_days(_trial(), 8)

    assert sorted(read) == [1, 3, 5]
    assert read[1] == ["Your first day with your frames"]
    assert read[3] == ["2 more days with your frames"]
    assert len(read[5]) == 1
    assert read[5][0].startswith("Today is the last day")


@pytest.mark.django_db
def test_the_days_are_those_the_programme_names_and_counts() -> None:
    # Five working days from Monday: the second is Wednesday, the last the Monday after.
    read = _pass_days(_trial(reminder_days=[2, 5], day_count=DayCount.WORKING_DAYS), 9)

    assert sorted(read) == [2, 7]


@pytest.mark.django_db
def test_the_country_of_her_address_says_what_a_holiday_is() -> None:
    ProgrammeVersionFactory(number=2, day_count=DayCount.LAST_WORKING)
    user = UserFactory(time_zone="Europe/Berlin")
    trial = shipped_trial(user=user)
    assert trial.address.country == "DE"

    with time_machine.travel(datetime(2026, 12, 20, 12, tzinfo=UTC)):
        trial = mark_delivered(trial_id=trial.pk, at=timezone.now())

    # The fifth day, Friday, is Christmas Day, Saturday a holiday, Sunday no working day.
    assert trial.due_at is not None
    assert trial.due_at.astimezone(user.zone).date() == date(2026, 12, 28)


@pytest.mark.django_db
def test_a_day_the_shop_slept_through_is_not_made_up_for() -> None:
    trial = _trial()

    with time_machine.travel(MONDAY_NOON + timedelta(days=4), tick=False):
        assert not remind_at_home(trial_id=trial.pk)
    with time_machine.travel(MONDAY_NOON + timedelta(days=5), tick=False):
        assert remind_at_home(trial_id=trial.pk)

    assert len(_subjects()) == 1


@pytest.mark.django_db
def test_who_has_sent_her_box_back_is_left_alone() -> None:
    trial = _trial()
    with time_machine.travel(MONDAY_NOON + timedelta(days=2), tick=False):
        mark_returning(trial_id=trial.pk, at=timezone.now())

    assert _pass_days(trial, 7) == {}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_once() -> None:
    trial = _trial()

    def write(_number: int) -> bool:
        try:
            return remind_at_home(trial_id=trial.pk)
        finally:
            connection.close()

    with (
        time_machine.travel(MONDAY_NOON + timedelta(days=1)),
        ThreadPoolExecutor(4) as pool,
    ):
        done = list(pool.map(write, range(4)))

    assert sum(done) == 1
    assert len(_subjects()) == 1


@pytest.mark.django_db
def test_beat_finds_whom_to_write_to() -> None:
    trial = _trial()

    with time_machine.travel(MONDAY_NOON + timedelta(days=1), tick=False):
        write_to_customer(str(trial.pk))
        assert not trials_to_write_to(timezone.now()).exists()

    assert remind_due.name == "trials.at_home.remind"
    assert len(_subjects()) == 1
