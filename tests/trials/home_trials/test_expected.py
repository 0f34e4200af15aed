"""A frame that is all out has a day, worked out from the trials that hold it, or none."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.factories.shop import UserFactory, VariantFactory
from tests.factories.trials import (
    TrialUnitFactory,
    delivered_trial,
    requested_trial,
    shipped_trial,
)
from trials.home_trials.expected import DAY, Availability, availabilities
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.journey import mark_received, mark_returning
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit
from trials.units.models import Grade, Turnaround
from trials.units.services.measuring import measure_turnaround
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
# Three days in the post and one on the table, while nothing is measured.
WAY_BACK = 4 * DAY


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def _known(trial: Trial, at: datetime = NOW) -> Availability:
    variant_id = trial.items.get().variant_id
    return availabilities([variant_id], now=at)[variant_id]


def test_one_that_is_free_needs_no_day() -> None:
    unit = TrialUnitFactory()

    assert availabilities([unit.variant_id], now=NOW) == {
        unit.variant_id: Availability(free=1, waiting=0, expected_at=None)
    }


def test_one_not_sent_yet_has_its_whole_way_before_it() -> None:
    trial = requested_trial(frames=1)

    assert _known(trial).expected_at == NOW + 3 * DAY + 5 * DAY + WAY_BACK


def test_one_on_its_way_out_arrives_by_the_days_in_the_post_and_not_in_the_past() -> None:
    trial = shipped_trial(frames=1)

    assert _known(trial).expected_at == NOW + 3 * DAY + 5 * DAY + WAY_BACK
    late = NOW + 10 * DAY
    assert _known(trial, late).expected_at == late + 5 * DAY + WAY_BACK


def test_one_at_home_is_back_after_its_last_day_and_nobody_knows_once_grace_is_over() -> None:
    trial = delivered_trial(frames=1)
    assert trial.due_at is not None
    assert trial.charge_at is not None

    assert _known(trial).expected_at == trial.due_at + WAY_BACK
    late = trial.due_at + DAY
    assert _known(trial, late).expected_at == late + WAY_BACK
    assert _known(trial, trial.charge_at + DAY).expected_at is None


def test_one_on_its_way_back_counts_from_when_it_was_sent_until_it_is_long_overdue() -> None:
    trial = delivered_trial(frames=1)
    mark_returning(trial_id=trial.pk, at=NOW)

    assert _known(trial).expected_at == NOW + WAY_BACK
    assert _known(trial, NOW + 5 * DAY).expected_at == NOW + 6 * DAY
    assert _known(trial, NOW + 8 * DAY).expected_at is None


def test_one_missing_from_a_box_that_came_is_promised_to_nobody() -> None:
    trial = delivered_trial(frames=1)
    mark_received(trial_id=trial.pk)

    assert _known(trial).expected_at is None


@pytest.mark.parametrize(
    ("state", "expected"),
    [("inspection", NOW + DAY), ("repair", None), ("lost", None), ("retired", None)],
)
def test_one_on_the_table_is_back_tomorrow_and_of_others_nobody_knows(
    state: str, expected: datetime | None
) -> None:
    unit = TrialUnitFactory(state=UnitState(state))

    known = availabilities([unit.variant_id], now=NOW)[unit.variant_id]

    assert known == Availability(free=0, waiting=0, expected_at=expected)


def test_those_in_line_are_served_before_whoever_asks() -> None:
    variant = VariantFactory()
    TrialUnitFactory(variant=variant)
    first = delivered_trial(variants=[variant])
    TrialUnitFactory(variant=variant)
    requested_trial(variants=[variant])
    assert first.due_at is not None

    assert _known(first).expected_at == first.due_at + WAY_BACK
    join_waitlist(user=UserFactory(), variant_id=variant.pk)
    assert _known(first).expected_at == NOW + 3 * DAY + 5 * DAY + WAY_BACK
    join_waitlist(user=UserFactory(), variant_id=variant.pk)
    assert _known(first) == Availability(free=0, waiting=2, expected_at=None)


def _come_back(trial: Trial, *, after: timedelta) -> None:
    mark_returning(trial_id=trial.pk, at=NOW)
    with time_machine.travel(NOW + after, tick=False):
        for barcode in trial.items.values_list("unit__barcode", flat=True):
            check_in_unit(
                trial_id=trial.pk,
                barcode=barcode,
                finding=Finding.GOOD,
                grade=Grade.A,
                by=UserFactory(is_staff=True),
            )


def test_the_way_back_is_measured_once_enough_came_back() -> None:
    trials = [delivered_trial(frames=5) for _each in range(4)]
    for days, trial in enumerate(trials, start=1):
        _come_back(trial, after=days * DAY)
        measured = measure_turnaround()
        assert (measured is None) == (days < 4)

    assert (Turnaround.latest(), Turnaround.objects.get().returns) == (4 * DAY, 20)
    other = delivered_trial(frames=1)
    # It reads all movements: asked every hour, it is measured once a day.
    assert measure_turnaround() is None
    with time_machine.travel(NOW + DAY, tick=False):
        assert measure_turnaround() is not None
    Turnaround.objects.update(way_back=2 * DAY)
    assert other.due_at is not None
    assert _known(other).expected_at == other.due_at + 2 * DAY


def test_the_number_of_queries_does_not_grow(django_assert_num_queries) -> None:
    for _each in range(3):
        delivered_trial(frames=2)
    ids = list(TrialItem.objects.values_list("variant_id", flat=True))

    with django_assert_num_queries(5):
        availabilities(ids[:1], now=NOW)
    with django_assert_num_queries(5):
        assert len(availabilities(ids, now=NOW)) == 6


def test_the_frames_page_and_the_api_say_it() -> None:
    trial = delivered_trial(frames=1)
    frame = trial.items.get().variant.frame
    client = Client()

    page = client.get(f"/frames/{frame.handle}/").content.decode()
    (row,) = client.get(f"/api/v1/frames/{frame.handle}/availability/").json()["variants"]

    assert "One is probably back from Wednesday, 11 March." in page
    assert "Log in to wait for one" in page
    assert (row["free"], row["waiting"]) == (False, 0)
    assert row["expected_at"].startswith("2026-03-11T")
    client.force_login(UserFactory())
    assert "Wait for one" in client.get(f"/frames/{frame.handle}/").content.decode()


def test_a_colour_whose_pairs_are_all_in_repair_is_not_said_to_be_out() -> None:
    unit = TrialUnitFactory(state=UnitState.REPAIR)

    page = Client().get(f"/frames/{unit.variant.frame.handle}/").content.decode()

    assert "No trial pair of this colour is available at the moment" in page
    assert "is out" not in page
