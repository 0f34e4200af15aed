"""Who waits and could not ask for a box now keeps her place, and units go to the next."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.locks import lock_rows
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import (
    TrialUnitFactory,
    approved_trial,
    delivered_trial,
    requested_trial,
)
from tests.trials.returns.boxes_back import checked_in, item_of
from trials.home_trials.models import Trial
from trials.home_trials.services.limits import cannot_place
from trials.home_trials.states import TrialState
from trials.programme.models import ProgrammeVersion
from trials.returns.models import Finding
from trials.returns.services.checking_in import finish_check_in
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services.moving import move_unit
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState
from trials.units.tasks import keep_promises

pytestmark = pytest.mark.django_db


def _line(*users: User) -> tuple[TrialUnit, list[WaitlistEntry]]:
    """Return one of two units, both in inspection, and a line for them."""
    unit = TrialUnitFactory(state=UnitState.INSPECTION)
    TrialUnitFactory(state=UnitState.INSPECTION, variant=unit.variant)
    return unit, [join_waitlist(user=user, variant_id=unit.variant_id) for user in users]


def _other(unit: TrialUnit) -> TrialUnit:
    return TrialUnit.objects.filter(variant=unit.variant).exclude(pk=unit.pk).get()


@transaction.atomic
def _onto_the_shelf(unit: TrialUnit) -> None:
    (locked,) = lock_rows(TrialUnit, [unit.pk])
    move_unit(unit=locked, to_state=UnitState.AVAILABLE)


def _states(*entries: WaitlistEntry) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.state for entry in entries]


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


def _over(trial: Trial) -> None:
    checked_in(item_of(trial), Finding.GOOD)
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    trial.refresh_from_db()
    assert trial.state == TrialState.CLOSED


def test_with_a_box_at_home_she_keeps_her_place_and_the_next_is_served() -> None:
    mia, nora, olga = UserFactory(), UserFactory(), UserFactory()
    trial = delivered_trial(user=mia, frames=1)
    unit, (first, second, third) = _line(mia, nora, olga)

    _onto_the_shelf(unit)

    assert _states(first, second, third) == ["waiting", "held", "waiting"]
    assert first.passed_at is not None
    _books_are_right()

    _over(trial)
    another = _other(unit)
    _onto_the_shelf(another)
    keep_promises()

    assert _states(first, third) == ["held", "waiting"]
    assert (first.units.get(), first.passed_at) == (another, None)
    _books_are_right()


def test_where_nobody_in_line_could_take_it_it_is_free_for_all() -> None:
    mia, nora, other = UserFactory(), UserFactory(), UserFactory()
    for user in (mia, nora):
        delivered_trial(user=user, frames=1)
    unit, entries = _line(mia, nora)

    _onto_the_shelf(unit)
    keep_promises()
    trial = requested_trial(user=other, variants=[unit.variant])

    assert trial.items.get().unit == unit
    assert _states(*entries) == ["waiting", "waiting"]
    _books_are_right()


def test_two_units_pass_over_whoever_stands_between() -> None:
    users = [UserFactory() for _each in range(4)]
    for user in (users[0], users[2]):
        delivered_trial(user=user, frames=1)
    unit, entries = _line(*users)

    for each in (unit, _other(unit)):
        _onto_the_shelf(each)

    assert _states(*entries) == ["waiting", "held", "waiting", "held"]


def test_a_box_that_nobody_has_packed_can_take_it_by_a_swap() -> None:
    mia, nora = UserFactory(), UserFactory()
    requested_trial(user=mia, frames=1)
    approved_trial(user=nora, frames=1)

    assert cannot_place([mia.pk, nora.pk]) == set()


def test_as_many_boxes_as_the_programme_allows_may_be_out() -> None:
    mia = UserFactory()
    delivered_trial(user=mia, frames=1)
    assert cannot_place([mia.pk]) == {mia.pk}

    ProgrammeVersion.objects.update(open_trials_per_customer=2)

    assert cannot_place([mia.pk]) == set()


@pytest.mark.parametrize(("days_ago", "passed"), [(0, True), (3, True), (4.1, False), (6, False)])
def test_a_cool_down_passes_her_over_but_for_its_last_day(days_ago: float, passed: bool) -> None:
    mia, now = UserFactory(), timezone.now()
    trial = delivered_trial(user=mia, frames=1)
    ProgrammeVersion.objects.update(cool_down_days=5)
    with time_machine.travel(now - timedelta(days=days_ago), tick=False):
        _over(trial)

    with time_machine.travel(now, tick=False):
        assert (mia.pk in cannot_place([mia.pk])) is passed


def test_her_page_the_api_and_staff_say_so(client: Client) -> None:
    mia = UserFactory()
    trial = delivered_trial(user=mia, frames=1)
    unit, _entries = _line(mia)
    _onto_the_shelf(unit)
    client.force_login(mia)
    words = "You keep your places"

    assert words in client.get("/waitlist/").content.decode()
    assert client.get("/api/v1/waitlist/").json()["passed_over"] is True
    _over(trial)
    assert words not in client.get("/waitlist/").content.decode()
    assert client.get("/api/v1/waitlist/").json()["passed_over"] is False

    client.force_login(StaffFactory())
    assert "passed over" in client.get("/console/waitlist/").content.decode()
    (wait,) = client.get("/api/v1/staff/waitlist/").json()["results"]
    assert wait["passed_at"] is not None
