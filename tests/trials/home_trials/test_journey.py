"""Out, at home, back: in order, repeated, late and out of order."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    delivered_trial,
    packed_trial,
    requested_trial,
    shipped_trial,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import (
    mark_delivered,
    mark_received,
    mark_returning,
    mark_shipped,
)
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db


def _units(trial: Trial) -> set[str]:
    units = TrialUnit.objects.filter(trial_items__trial=trial)
    return set(units.values_list("state", flat=True))


def test_shipping_takes_every_unit_out_and_counts_the_use() -> None:
    trial = packed_trial()

    shipped = mark_shipped(trial_id=trial.pk, by=StaffFactory())

    assert (shipped.state, _units(trial)) == ("shipped", {"out"})
    assert set(TrialUnit.objects.values_list("uses", flat=True)) == {1}


def test_what_is_not_packed_is_not_shipped() -> None:
    with pytest.raises(IllegalMoveError):
        mark_shipped(trial_id=requested_trial().pk, by=StaffFactory())


@pytest.mark.parametrize(
    ("zone", "delivered", "due"),
    [
        ("Europe/Berlin", "2026-06-10T12:00Z", "2026-06-15T21:59:59.999999Z"),
        # Late at night in UTC it is the next day already in Berlin.
        ("Europe/Berlin", "2026-06-10T22:30Z", "2026-06-16T21:59:59.999999Z"),
        # Clocks go forward on 29 March 2026 and back on 25 October: still five calendar days.
        ("Europe/Berlin", "2026-03-27T12:00Z", "2026-04-01T21:59:59.999999Z"),
        ("Europe/Berlin", "2026-10-22T12:00Z", "2026-10-27T22:59:59.999999Z"),
        ("America/Los_Angeles", "2026-06-10T05:00Z", "2026-06-15T06:59:59.999999Z"),
        ("Pacific/Auckland", "2026-06-10T12:00Z", "2026-06-16T11:59:59.999999Z"),
    ],
)
def test_days_at_home_end_with_her_own_calendar_day(zone: str, delivered: str, due: str) -> None:
    user = UserFactory(time_zone=zone)
    at = datetime.fromisoformat(delivered)

    trial = delivered_trial(user=user, at=at)

    trial.refresh_from_db()
    assert trial.due_at == datetime.fromisoformat(due)


def test_grace_follows_the_last_day_across_the_change_of_clocks() -> None:
    at = datetime(2026, 3, 22, 12, tzinfo=UTC)

    trial = delivered_trial(user=UserFactory(time_zone="Europe/Berlin"), at=at)

    trial.refresh_from_db()
    assert trial.due_at == datetime(2026, 3, 27, 22, 59, 59, 999999, tzinfo=UTC)
    assert trial.charge_at == datetime(2026, 3, 30, 21, 59, 59, 999999, tzinfo=UTC)


def test_a_running_trial_keeps_the_terms_it_was_placed_under() -> None:
    trial = shipped_trial(user=UserFactory(time_zone="UTC"))
    ProgrammeVersionFactory(number=2, days_at_home=1, reminder_days=[1])

    at = datetime(2026, 6, 10, 12, tzinfo=UTC)
    with time_machine.travel(at):
        mark_delivered(trial_id=trial.pk, at=at)

    trial.refresh_from_db()
    assert trial.due_at.date() == (at + timedelta(days=5)).date()


def test_a_report_that_comes_late_takes_no_day_from_her() -> None:
    trial = shipped_trial(user=UserFactory(time_zone="UTC"))
    told = datetime(2026, 6, 10, 12, tzinfo=UTC)

    with time_machine.travel(told):
        mark_delivered(trial_id=trial.pk, at=told - timedelta(days=4))

    trial.refresh_from_db()
    assert trial.delivered_at == told - timedelta(days=4)
    assert trial.due_at.date() == (told + timedelta(days=5)).date()
    assert trial.charge_at.date() == (told + timedelta(days=8)).date()


def test_told_twice_it_arrived_the_first_time_counts() -> None:
    first = timezone.now()
    trial = delivered_trial(at=first)

    again = mark_delivered(trial_id=trial.pk, at=first + timedelta(days=1))

    assert again.delivered_at == first
    assert Event.objects.filter(name="trial_delivered").count() == 1
    assert trial.transitions.filter(to_state="delivered").count() == 1


def test_delivered_before_anybody_said_shipped_makes_up_for_it() -> None:
    trial = packed_trial()

    delivered = mark_delivered(trial_id=trial.pk, at=timezone.now())

    assert (delivered.state, _units(trial)) == ("delivered", {"out"})
    assert Event.objects.filter(name="trial_shipped").count() == 1
    assert delivered.shipped_at == delivered.delivered_at


def test_on_its_way_back_before_it_was_delivered_makes_up_for_it() -> None:
    trial = shipped_trial()
    at = timezone.now()

    returning = mark_returning(trial_id=trial.pk, at=at)

    assert (returning.state, returning.delivered_at) == ("returning", at)
    assert _units(trial) == {"in_transit_back"}


def test_late_news_does_not_turn_a_trial_back() -> None:
    trial = delivered_trial()
    mark_returning(trial_id=trial.pk, at=timezone.now())

    mark_shipped(trial_id=trial.pk)
    mark_delivered(trial_id=trial.pk, at=timezone.now())
    mark_returning(trial_id=trial.pk, at=timezone.now())

    assert Trial.objects.get(pk=trial.pk).state == "returning"


def test_a_box_posted_without_a_scan_is_received_from_home() -> None:
    trial = delivered_trial()

    assert mark_received(trial_id=trial.pk, by=StaffFactory()).state == "received"
    assert mark_received(trial_id=trial.pk, by=StaffFactory()).state == "received"
    assert trial.transitions.filter(to_state="received").count() == 1


def test_the_mail_on_arrival_names_the_last_day_in_her_zone() -> None:
    user = UserFactory(time_zone="Pacific/Auckland")
    with time_machine.travel("2026-06-01T00:00:00Z", tick=False):
        delivered_trial(user=user, at=datetime(2026, 6, 10, 13, tzinfo=UTC))

    texts = [each.payload.get("text", "") for each in OutboxMessage.objects.all()]
    assert any("16 June" in text for text in texts)
