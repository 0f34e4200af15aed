"""Figures kept for pages of a large shop are those that were counted, to the cent."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.analytics import keeping as shop_keeping
from shop.analytics.figures import Rate
from shop.analytics.models import KeptFigures
from tests.factories.shop import ManagerFactory
from tests.factories.trials import requested_trial
from tests.trials.economics.costs import rates
from tests.trials.returns.trials_with_charges import owed_charge
from trials.economics.keeping import PERIODS, keep_margins, margins_kept
from trials.economics.queries import By, trial_margins
from trials.planning.keeping import by_urgency, keep_plans, plans
from trials.planning.queries import FramePlan, frame_plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every count take longer than a page may."""
    monkeypatch.setattr(shop_keeping, "LONGEST", timedelta(0))


@pytest.mark.parametrize("by", list(By))
def test_what_is_kept_is_what_is_counted(slow: None, by: By) -> None:
    rates()
    owed_charge()
    assert keep_margins() == len(PERIODS) * len(By)

    found = margins_kept(days=90, by=by, currency="EUR")

    assert found is not None
    assert found == trial_margins(since=found.since, until=found.until, by=by, currency="EUR")
    assert found.difference == 0


def test_plans_are_read_back_as_they_were(slow: None) -> None:
    now = timezone.now()
    for days, frames in ((70, 1), (40, 2), (1, 1)):
        with time_machine.travel(now - timedelta(days=days)):
            requested_trial(frames=frames)
    keep_plans()

    until, found = plans()

    assert len(found) == 4
    assert list(found) == by_urgency(frame_plans(until=until))
    assert found[1:3] == list(found)[1:3]


def test_plans_stand_in_the_order_in_which_somebody_acts_upon_them() -> None:
    none = Rate(0, 0)

    def plan(name: str, units: int, needed: int | None) -> FramePlan:
        return FramePlan(name, units, None, None, none, none, 0, [], None, needed)

    plans = [plan("a", 3, 3), plan("b", 9, 4), plan("c", 1, 2), plan("d", 1, 5), plan("e", 2, None)]
    assert [each.name for each in by_urgency(plans)] == ["d", "c", "b", "a", "e"]


def test_a_small_shop_keeps_nothing_and_counts_as_it_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shop_keeping, "LONGEST", timedelta(0))
    keep_margins()
    monkeypatch.setattr(shop_keeping, "LONGEST", timedelta(hours=1))

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert keep_margins() == 0
    assert not KeptFigures.objects.exists()


def test_what_is_older_than_two_hours_is_not_shown(slow: None) -> None:
    keep_plans()
    keep_margins()

    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1)):
        assert margins_kept(days=90, by=By.FRAME, currency="EUR") is None
        assert plans()[0] > timezone.now() - timedelta(minutes=1)


def test_what_took_a_minute_is_counted_and_shown_for_hours(slow: None) -> None:
    keep_plans()
    KeptFigures.objects.update(took_ms=60_000)
    first = KeptFigures.objects.get().until

    with time_machine.travel(first + timedelta(hours=3)):
        assert keep_plans()
        assert KeptFigures.objects.get().until == first
        assert plans()[0] == first
    with time_machine.travel(first + timedelta(hours=6, minutes=30)):
        assert plans()[0] == first
    with time_machine.travel(first + timedelta(hours=6, minutes=41)):
        assert plans()[0] > first
        assert keep_plans()
        assert KeptFigures.objects.get().until > first


@pytest.mark.parametrize("page", ["economics", "planning"])
def test_the_pages_answer_from_what_is_kept(slow: None, client: Client, page: str) -> None:
    client.force_login(ManagerFactory())
    keep_margins()
    keep_plans()
    moment: Any = timezone.now() - timedelta(minutes=70)
    KeptFigures.objects.update(until=moment)

    answer = client.get(reverse(f"console:{page}"))

    assert answer.status_code == 200
    assert answer.context["until"] == moment
