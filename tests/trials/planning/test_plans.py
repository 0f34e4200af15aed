"""What units did, and the plan that follows, against cases worked by hand."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of
from trials.home_trials.services.settling import settle_item
from trials.home_trials.states import ItemOutcome
from trials.planning.queries import FramePlan, frame_plans
from trials.returns.models.inspections import Finding
from trials.units.models import TrialUnit
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db
PAGE, API = "/console/planning/", "/api/v1/planning/"


def _only() -> FramePlan:
    [plan] = frame_plans(until=timezone.now())
    return plan


def _tried(days_ago: float, days_out: float, finding: Finding = Finding.GOOD) -> TrialUnit:
    """Return a unit, 40 days old, that was with a customer."""
    began = timezone.now() - timedelta(days=days_ago)
    with time_machine.travel(timezone.now() - timedelta(days=40), tick=False):
        unit = TrialUnitFactory()
    with time_machine.travel(began, tick=False):
        trial = delivered_trial(variants=[unit.variant])
    with time_machine.travel(began + timedelta(days=days_out), tick=False):
        checked_in(item_of(trial), finding)
    return unit


def test_utilisation_is_days_out_by_days_owned_and_turnaround_the_days_to_be_back() -> None:
    _tried(days_ago=30, days_out=10)
    plan = _only()

    assert plan.units == 1
    assert plan.utilisation == pytest.approx(10 / 40, abs=0.001)
    assert plan.turnaround == pytest.approx(10, abs=0.001)
    assert (plan.lost.part, plan.damaged.part, plan.lost.whole) == (0, 0, 1)
    assert sum(plan.weekly) == 1


def test_a_unit_still_away_is_out_until_now() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        delivered_trial(frames=1)
    plan = _only()

    assert plan.utilisation == pytest.approx(1, abs=0.001)
    assert plan.turnaround is None
    assert plan.needed is None
    assert (plan.to_buy, plan.to_retire) == (0, 0)


def test_days_after_a_unit_was_given_up_are_not_owned() -> None:
    _tried(days_ago=30, days_out=10, finding=Finding.DAMAGED)
    plan = _only()

    assert plan.units == 0
    assert plan.utilisation == pytest.approx(10 / 20, abs=0.001)
    assert (plan.damaged.part, plan.damaged.whole) == (1, 1)


def test_what_is_lost_is_a_share_of_what_was_settled() -> None:
    trial = delivered_trial(frames=1)
    settle_item(item_id=item_of(trial).pk, outcome=ItemOutcome.LOST)

    assert (_only().lost.part, _only().lost.whole) == (1, 1)


def test_who_waits_for_a_frame_was_turned_away_and_counts_as_asking() -> None:
    trial = delivered_trial(frames=1)
    join_waitlist(user=UserFactory(), variant_id=item_of(trial).variant_id)
    plan = _only()

    assert plan.turned_away == 1
    assert plan.weekly[-1] == 2


def _manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def test_page_csv_and_api_show_the_same_in_as_many_statements_for_more_frames(
    client: Client,
) -> None:
    _tried(days_ago=30, days_out=10)
    manager = _manager(client)
    with CaptureQueriesContext(connection) as few:
        assert manager.get(PAGE).status_code == 200
    for _each in range(3):
        _tried(days_ago=20, days_out=5)
    with CaptureQueriesContext(connection) as many:
        page = manager.get(PAGE).content.decode()
    assert len(many) == len(few)

    told: list[dict[str, Any]] = manager.get(API).json()["frames"]
    rows = manager.get(PAGE, {"format": "csv"}).content.decode().splitlines()
    assert len(told) == len(rows) - 1 == 4
    assert [each["name"] for each in told] == [row.split(",")[0] for row in rows[1:]]
    assert all(each["name"] in page for each in told)


def test_a_shop_without_units_says_so(client: Client) -> None:
    assert "There are no units yet." in _manager(client).get(PAGE).content.decode()


def test_ops_may_not_see_it(client: Client) -> None:
    client.force_login(StaffFactory())

    assert client.get(PAGE).status_code == 403
