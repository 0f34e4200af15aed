"""Whoever waits for a variant is served in turn, and nobody before her."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from shop.analytics.models import Event
from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.locks import lock_rows
from shop.foundation.outbox import carry_out_due
from tests.factories.shop import StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    TrialUnitFactory,
    filled_box,
    requested_trial,
)
from trials.home_trials.queries import box_lines
from trials.home_trials.services.boxes import add_to_box, box_for
from trials.home_trials.services.requests import cancel_trial, decline_trial
from trials.units.errors import (
    FrameFreeError,
    NothingFreeError,
    NotToWaitForError,
    WaitlistFullError,
)
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.queries import available_counts, places_in_line, waits_of
from trials.units.services.making import create_units
from trials.units.services.moving import move_unit
from trials.units.services.promising import promise_free_units
from trials.units.services.reserving import reserve_units
from trials.units.services.waiting import (
    MOST_WAITS,
    join_waitlist,
    lapse_holds,
    leave_all_lines,
    leave_waitlist,
)
from trials.units.states import UnitState
from trials.units.tasks import keep_promises

pytestmark = pytest.mark.django_db


def _all_out(**kwargs) -> TrialUnit:
    return TrialUnitFactory(state=UnitState.INSPECTION, **kwargs)


def _in_line(unit: TrialUnit, *users: User) -> list[WaitlistEntry]:
    return [join_waitlist(user=user, variant_id=unit.variant_id) for user in users]


def _onto_the_shelf(unit: TrialUnit) -> TrialUnit:
    return _move(unit, UnitState.AVAILABLE)


@transaction.atomic
def _move(unit: TrialUnit, state: UnitState) -> TrialUnit:
    (locked,) = lock_rows(TrialUnit, [unit.pk])
    return move_unit(unit=locked, to_state=state)


def _state(entry: WaitlistEntry) -> str:
    entry.refresh_from_db()
    return entry.state


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_a_unit_that_comes_back_is_held_for_the_first_in_line_and_she_is_told_once() -> None:
    unit, mia, nora = _all_out(), UserFactory(), UserFactory()
    first, second = _in_line(unit, mia, nora)

    _onto_the_shelf(unit)
    carry_out_due()
    keep_promises()
    carry_out_due()

    unit.refresh_from_db()
    assert (unit.state, unit.held_for) == ("available", first)
    assert (_state(first), _state(second)) == ("held", "waiting")
    (told,) = mail.outbox
    assert told.to == [mia.email]
    assert str(unit.variant) in told.subject
    names = Event.objects.filter(subject_type="variant").order_by("recorded_at")
    assert list(names.values_list("name", flat=True)) == [
        "waitlist_joined",
        "waitlist_joined",
        "waitlist_reserved",
    ]
    _books_are_right()


def test_what_is_held_is_free_for_her_alone() -> None:
    ProgrammeVersionFactory()
    unit, mia, other = _all_out(), UserFactory(), UserFactory()
    (entry,) = _in_line(unit, mia)
    _onto_the_shelf(unit)

    assert available_counts([unit.variant_id]) == {unit.variant_id: 0}
    assert available_counts([unit.variant_id], user=other) == {unit.variant_id: 0}
    assert available_counts([unit.variant_id], user=mia) == {unit.variant_id: 1}
    with pytest.raises(NothingFreeError):
        add_to_box(box_id=box_for(user=other).pk, variant_id=unit.variant_id)
    with pytest.raises(NothingFreeError):
        requested_trial(user=other, variants=[unit.variant])

    trial = requested_trial(user=mia, variants=[unit.variant])

    unit.refresh_from_db()
    assert (trial.items.get().unit, unit.state, unit.held_for) == (unit, "reserved", None)
    assert _state(entry) == "taken"
    assert Event.objects.filter(name="waitlist_taken").count() == 1
    _books_are_right()


def test_her_own_is_taken_before_another_that_is_free() -> None:
    unit, mia = _all_out(), UserFactory()
    _in_line(unit, mia)
    _onto_the_shelf(unit)
    TrialUnitFactory(variant=unit.variant)

    trial = requested_trial(user=mia, variants=[unit.variant])

    assert trial.items.get().unit == unit


def test_a_hold_that_nobody_used_goes_to_the_next_and_its_owner_out_of_the_line() -> None:
    unit, mia, nora = _all_out(), UserFactory(), UserFactory()
    first, second = _in_line(unit, mia, nora)
    _onto_the_shelf(unit)
    first.refresh_from_db()
    assert first.held_until is not None

    with time_machine.travel(first.held_until - timedelta(seconds=1), tick=False):
        assert lapse_holds() == 0
    with time_machine.travel(first.held_until, tick=False):
        assert (lapse_holds(), lapse_holds()) == (1, 0)

    unit.refresh_from_db()
    assert (_state(first), _state(second), unit.held_for) == ("lapsed", "held", second)
    _books_are_right()


def test_leaving_gives_what_was_held_to_the_next() -> None:
    unit, mia, nora = _all_out(), UserFactory(), UserFactory()
    first, second = _in_line(unit, mia, nora)
    _onto_the_shelf(unit)

    assert leave_waitlist(user=mia, variant_id=unit.variant_id)
    assert not leave_waitlist(user=mia, variant_id=unit.variant_id)

    assert (_state(first), _state(second)) == ("left", "held")
    _books_are_right()


def test_one_place_a_customer_and_variant_by_python_and_by_the_database() -> None:
    unit, mia = _all_out(), UserFactory()
    first, again = _in_line(unit, mia, mia)

    assert first == again
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitlistEntry.objects.create(user=mia, variant=unit.variant)


def test_one_unit_cannot_be_held_for_two_nor_off_the_shelf() -> None:
    unit, other, mia = _all_out(), _all_out(), UserFactory()
    (entry,) = _in_line(unit, mia)
    _onto_the_shelf(unit)

    with pytest.raises(IntegrityError, match="held_on_the_shelf"), transaction.atomic():
        TrialUnit.objects.filter(pk=unit.pk).update(state="repair")
    TrialUnit.objects.filter(pk=other.pk).update(state="available")
    with pytest.raises(IntegrityError, match="one_unit_a_wait"), transaction.atomic():
        TrialUnit.objects.filter(pk=other.pk).update(held_for=entry)


def test_nobody_waits_for_what_is_free_or_not_in_the_shop() -> None:
    mia = UserFactory()
    with pytest.raises(FrameFreeError):
        join_waitlist(user=mia, variant_id=TrialUnitFactory().variant_id)
    with pytest.raises(NotToWaitForError):
        join_waitlist(user=mia, variant_id=VariantFactory(active=False).pk)
    with pytest.raises(NotToWaitForError):
        join_waitlist(user=mia, variant_id=10**9)
    with pytest.raises(NotToWaitForError):
        join_waitlist(user=mia, variant_id=VariantFactory(frame__published=False).pk)


def test_nobody_waits_for_more_than_ten() -> None:
    mia = UserFactory()
    for _each in range(MOST_WAITS):
        join_waitlist(user=mia, variant_id=VariantFactory().pk)

    with pytest.raises(WaitlistFullError):
        join_waitlist(user=mia, variant_id=VariantFactory().pk)


@pytest.mark.parametrize("ends", ["declined", "cancelled"])
def test_a_trial_that_comes_to_nothing_serves_who_waits(ends: str) -> None:
    unit, ops = TrialUnitFactory(), StaffFactory()
    trial = requested_trial(variants=[unit.variant])
    (entry,) = _in_line(unit, UserFactory())

    if ends == "declined":
        decline_trial(trial_id=trial.pk, by=ops, reason="Not now.")
    else:
        cancel_trial(trial_id=trial.pk, by=trial.user)

    assert _state(entry) == "held"
    _books_are_right()


def test_new_units_serve_who_waits_and_the_rest_is_free() -> None:
    variant = VariantFactory()
    entries = [join_waitlist(user=UserFactory(), variant_id=variant.pk) for _each in range(2)]

    create_units(variant_id=variant.pk, count=3)

    assert [_state(each) for each in entries] == ["held", "held"]
    assert available_counts([variant.pk]) == {variant.pk: 1}
    _books_are_right()


def test_a_held_unit_that_is_not_fit_puts_her_first_in_line_again() -> None:
    unit, mia, nora = _all_out(), UserFactory(), UserFactory()
    first, second = _in_line(unit, mia, nora)
    _onto_the_shelf(unit)

    _move(unit, UnitState.REPAIR)
    assert (_state(first), _state(second)) == ("waiting", "waiting")
    carry_out_due()
    _onto_the_shelf(unit)

    assert (_state(first), _state(second)) == ("held", "waiting")
    _books_are_right()


def test_a_held_unit_that_is_not_fit_is_replaced_by_a_free_one() -> None:
    unit, mia = _all_out(), UserFactory()
    (entry,) = _in_line(unit, mia)
    _onto_the_shelf(unit)
    spare = TrialUnitFactory(variant=unit.variant)

    _move(unit, UnitState.REPAIR)
    carry_out_due()

    assert _state(entry) == "held"
    assert entry.units.get() == spare
    _books_are_right()


def test_what_fell_between_is_found_by_the_sweep() -> None:
    unit = _all_out()
    (entry,) = _in_line(unit, UserFactory())
    # As a placement leaves it that was undone.
    TrialUnit.objects.filter(pk=unit.pk).update(state="available")

    keep_promises()

    assert _state(entry) == "held"
    assert promise_free_units(variant_id=unit.variant_id) == 0


def test_places_are_counted_from_one() -> None:
    unit, mia, nora = _all_out(), UserFactory(), UserFactory()
    _in_line(unit, mia, nora)

    assert places_in_line(waits_of(mia)) == {unit.variant_id: 1}
    assert places_in_line(waits_of(nora)) == {unit.variant_id: 2}


def test_whoever_is_erased_stands_in_no_line() -> None:
    unit, mia, nora = _all_out(), UserFactory(), UserFactory()
    _first, second = _in_line(unit, mia, nora)
    _onto_the_shelf(unit)

    assert leave_all_lines(user=mia) == 1

    assert _state(second) == "held"


def test_staff_who_place_for_a_customer_give_her_what_is_held_for_her() -> None:
    unit, mia, ops = _all_out(), UserFactory(), StaffFactory()
    (entry,) = _in_line(unit, mia)
    _onto_the_shelf(unit)
    trial = requested_trial()

    with pytest.raises(NothingFreeError), transaction.atomic():
        reserve_units(variant_ids=[unit.variant_id], trial_id=trial.pk, by=ops)
    taken = reserve_units(variant_ids=[unit.variant_id], trial_id=trial.pk, by=ops, customer=mia)

    assert taken == {unit.variant_id: unit.pk}
    assert _state(entry) == "taken"


def test_a_box_with_something_held_for_her_can_be_filled_and_is_shown_as_free() -> None:
    unit, mia = _all_out(), UserFactory()
    _in_line(unit, mia)
    _onto_the_shelf(unit)

    box = filled_box(user=mia, variants=[unit.variant])

    assert [line.free for line in box_lines(box)] == [1]
