"""Staff see who waits for what, what is held for whom until when, and how waits ended."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.foundation.locks import lock_rows
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services.moving import move_unit
from trials.units.services.waiting import join_waitlist, leave_waitlist
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
PAGE, API = "/console/waitlist/", "/api/v1/staff/waitlist/"


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def console(ola: User, client: Client) -> Client:
    client.force_login(ola)
    return client


@pytest.fixture
def api(ola: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ola)
    return client


def _all_out() -> TrialUnit:
    return TrialUnitFactory(state=UnitState.INSPECTION)


def _joined(unit: TrialUnit, *, days_ago: int, user: User | None = None) -> WaitlistEntry:
    with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
        return join_waitlist(user=user or UserFactory(), variant_id=unit.variant_id)


def test_who_waits_longest_stands_first_with_her_place_in_its_line(
    console: Client, api: APIClient
) -> None:
    one, other = _all_out(), _all_out()
    late, first = _joined(one, days_ago=1), _joined(one, days_ago=9)
    between = _joined(other, days_ago=4)

    page, rows = console.get(PAGE), api.get(API).json()["results"]

    order = [first, between, late]
    assert list(page.context["waits"]) == order
    assert [(row["id"], row["place"]) for row in rows] == [
        (str(first.pk), 1),
        (str(between.pk), 1),
        (str(late.pk), 2),
    ]
    assert {row["state"] for row in rows} == {"waiting"}
    units = f"{reverse('console:unit_list')}?variant={one.variant_id}"
    assert units in page.content.decode()
    assert f"{reverse('console:trial_list')}?q=" in page.content.decode()
    narrowed = api.get(API, {"variant_id": one.variant_id}).json()["results"]
    assert [row["id"] for row in narrowed] == [str(first.pk), str(late.pk)]
    assert list(console.get(PAGE, {"variant": one.variant_id}).context["waits"]) == [first, late]


def test_what_is_held_names_the_unit_and_until_when(console: Client, api: APIClient) -> None:
    unit = _all_out()
    entry = _joined(unit, days_ago=2)
    with transaction.atomic():
        (row,) = lock_rows(TrialUnit, [unit.pk])
        move_unit(unit=row, to_state=UnitState.AVAILABLE)
    entry.refresh_from_db()

    (row,) = api.get(API, {"state": "held"}).json()["results"]

    assert (row["id"], row["unit"], row["place"]) == (str(entry.pk), unit.barcode, None)
    assert row["held_until"]
    assert unit.barcode in console.get(PAGE, {"state": "held"}).content.decode()
    assert api.get(API).json()["results"] == []


def test_waits_that_ended_say_how_the_last_first(console: Client, api: APIClient) -> None:
    one, other = _all_out(), _all_out()
    entries = [_joined(unit, days_ago=3) for unit in (one, other)]
    for entry in entries:
        leave_waitlist(user=entry.user, variant_id=entry.variant_id)

    rows = api.get(API, {"state": "ended"}).json()["results"]

    ids = [str(entry.pk) for entry in reversed(entries)]
    assert [(row["id"], row["state"]) for row in rows] == [(each, "left") for each in ids]
    page = console.get(PAGE, {"state": "ended"})
    assert [str(wait.pk) for wait in page.context["waits"]] == ids


@pytest.mark.parametrize("state", ["waiting", "ended"])
def test_pages_follow_each_other(
    api: APIClient, console: Client, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = _all_out()
    entries = [_joined(unit, days_ago=days) for days in (5, 3, 1)]
    if state == "ended":
        for entry in reversed(entries):
            leave_waitlist(user=entry.user, variant_id=entry.variant_id)
    expected = [entry.pk for entry in entries]
    monkeypatch.setattr("trials.console.views.waitlist.WAITS_A_PAGE", 2)

    first = api.get(API, {"state": state, "page_size": 2}).json()
    second = api.get(first["next"]).json()
    page = console.get(PAGE, {"state": state})
    next_page = console.get(PAGE + page.context["next_url"])

    assert [row["id"] for row in first["results"] + second["results"]] == [
        str(each) for each in expected
    ]
    shown = [*page.context["waits"], *next_page.context["waits"]]
    assert [wait.pk for wait in shown] == expected


def test_a_filter_that_is_none_is_refused_and_those_there_are_named(api: APIClient) -> None:
    answer = api.get(API, {"state": "nonsense"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    (message,) = answer.json()["errors"]["state"]
    assert "nonsense" in message
    assert "waiting, held, ended" in message
