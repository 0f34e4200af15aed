"""Who waits and could not ask for a box now keeps her place, and units go to the next."""

from datetime import timedelta
from typing import Any

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
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.home_trials.models import Trial
from trials.home_trials.services.limits import cannot_place
from trials.home_trials.services.packing import pack_unit
from trials.home_trials.states import TrialState
from trials.programme.models import ProgrammeVersion
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import finish_check_in
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services.moving import move_unit
from trials.units.services.promising import promise
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState
from trials.units.tasks import keep_promises
from trials.units.turns import not_their_turn

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


def test_once_she_can_ask_again_she_is_passed_over_no_more() -> None:
    mia, nora = UserFactory(), UserFactory()
    trial = delivered_trial(user=mia, frames=1)
    unit, (first, second) = _line(mia, nora)
    _onto_the_shelf(unit)
    keep_promises()
    assert _states(first, second) == ["waiting", "held"]
    assert first.passed_at is not None

    _over(trial)
    keep_promises()

    assert _states(first, second) == ["waiting", "held"]
    assert first.passed_at is None
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

    assert not_their_turn([mia.pk, nora.pk]) == set()


def test_a_box_that_is_being_picked_can_take_nothing_in() -> None:
    mia, nora = UserFactory(), UserFactory()
    approved_trial(user=mia, frames=1)
    packing = approved_trial(user=nora, frames=1)
    barcode = packing.items.get().unit.barcode
    pack_unit(trial_id=packing.pk, barcode=barcode, by=StaffFactory())
    batch = make_batch(count=1, by=StaffFactory())

    assert not_their_turn([mia.pk, nora.pk]) == {mia.pk, nora.pk}

    cancel_batch(batch_id=batch.pk, by=StaffFactory())
    assert not_their_turn([mia.pk, nora.pk]) == {nora.pk}


def _from_now_on(**rules: Any) -> None:
    """Publish terms under which no box was placed yet."""
    latest = ProgrammeVersion.objects.latest("number")
    latest.pk, latest.number = None, latest.number + 1
    for name, value in rules.items():
        setattr(latest, name, value)
    latest.save()


def test_the_rules_that_count_now_say_how_many_boxes_may_be_out() -> None:
    mia = UserFactory()
    delivered_trial(user=mia, frames=1)
    assert cannot_place([mia.pk]) == {mia.pk}

    _from_now_on(open_trials_per_customer=2)

    assert cannot_place([mia.pk]) == set()


@pytest.mark.parametrize(("days_ago", "passed"), [(0, True), (4, True), (5, False), (9, False)])
def test_a_cool_down_by_the_rules_that_count_now_passes_her_over(
    days_ago: int, passed: bool
) -> None:
    mia, now = UserFactory(time_zone="UTC"), timezone.now()
    with time_machine.travel(now - timedelta(days=days_ago), tick=False):
        _over(delivered_trial(user=mia, frames=1))
    assert cannot_place([mia.pk]) == set()

    with time_machine.travel(now - timedelta(days=1), tick=False):
        _from_now_on(cool_down_days=5)

    with time_machine.travel(now, tick=False):
        assert (mia.pk in cannot_place([mia.pk])) is passed


def test_a_cool_down_is_nothing_to_one_whose_next_box_can_still_take_it() -> None:
    mia = UserFactory()
    _over(delivered_trial(user=mia, frames=1))
    approved_trial(user=mia, frames=1)
    _from_now_on(cool_down_days=5)

    assert not_their_turn([mia.pk]) == set()


def test_several_lines_at_once_name_everybody_who_is_passed_over() -> None:
    """Of a box that is called off all frames come free at once."""
    mia, nora, olga = UserFactory(), UserFactory(), UserFactory()
    for user in (mia, nora):
        delivered_trial(user=user, frames=1)
    (one, _first), (other, _second) = _line(mia, nora), _line(nora, mia, olga)

    with transaction.atomic():
        units = lock_rows(TrialUnit, [one.pk, other.pk])
        for unit in units:
            unit.state = UnitState.AVAILABLE
            unit.save(update_fields=["state"])
        assert promise(units) == 1

    assert WaitlistEntry.objects.get(user=olga).state == "held"
    waiting = WaitlistEntry.objects.filter(state="waiting")
    assert waiting.exclude(passed_at=None).count() == waiting.count() == 4


def test_who_stands_behind_many_that_are_passed_over_is_served() -> None:
    users = UserFactory.create_batch(13)
    for user in users[:12]:
        requested_trial(user=user, frames=1)
    Trial.objects.update(state=TrialState.DELIVERED)
    unit, entries = _line(*users)

    _onto_the_shelf(unit)

    assert _states(*entries) == ["waiting"] * 12 + ["held"]


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
