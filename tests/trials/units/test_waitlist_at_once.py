"""Twenty wait, five units come back, and others place trials all the while: nobody jumps the line.

The control lets go of what keeps the line, and must see somebody served out of turn.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.locks import lock_rows
from tests.factories.shop import UserFactory, VariantFactory
from tests.factories.trials import ProgrammeVersionFactory
from tests.trials.home_trials.rush import customers
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import place_trial
from trials.units.errors import FrameFreeError, NothingFreeError
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services import moving, promising, waiting
from trials.units.services.making import create_units
from trials.units.services.moving import move_unit
from trials.units.services.waiting import join_waitlist, lapse_holds, leave_waitlist
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db(transaction=True)
WAITING, COMING_BACK, PLACING = 20, 5, 20


def _at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Run every act in a thread of its own, all beginning together; errors are raised."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            ready.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _place(user: User) -> Trial | None:
    try:
        return place_trial(
            user=user,
            box_id=user.box.pk,
            address_id=user.addresses.get().pk,
            card_id=user.saved_cards.get().pk,
        )
    except NothingFreeError:
        return None


def _back_on_the_shelf(unit_id: int) -> None:
    with transaction.atomic():
        (unit,) = lock_rows(TrialUnit, [unit_id])
        move_unit(unit=unit, to_state=UnitState.AVAILABLE)


def _out(variant_id: int, count: int) -> list[int]:
    units = create_units(variant_id=variant_id, count=count)
    with transaction.atomic():
        locked = lock_rows(TrialUnit, [unit.pk for unit in units])
        moving.move_units(units=locked, to_state=UnitState.REPAIR)
    return [unit.pk for unit in units]


def _the_story() -> tuple[list[WaitlistEntry], list[object]]:
    """Let five units come back while twenty try to place; return the line and what those got."""
    ProgrammeVersionFactory()
    variant = VariantFactory()
    units = _out(variant.pk, COMING_BACK)
    line = [join_waitlist(user=UserFactory(), variant_id=variant.pk) for _each in range(WAITING)]
    others = customers([[variant]] * PLACING)
    results = _at_once(
        [
            *(lambda unit_id=unit_id: _back_on_the_shelf(unit_id) for unit_id in units),
            *(lambda user=user: _place(user) for user in others),
        ]
    )
    return line, results[COMING_BACK:]


def _states(line: list[WaitlistEntry]) -> list[str]:
    return [WaitlistEntry.objects.get(pk=entry.pk).state for entry in line]


def test_the_first_five_are_served_and_nobody_who_did_not_wait() -> None:
    line, placed = _the_story()

    assert _states(line) == ["held"] * COMING_BACK + ["waiting"] * (WAITING - COMING_BACK)
    assert placed == [None] * PLACING
    held = TrialUnit.objects.exclude(held_for=None).values_list("held_for_id", flat=True)
    assert set(held) == {entry.pk for entry in line[:COMING_BACK]}
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_without_holding_what_comes_back_others_jump_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moving, "promise", lambda units: 0)

    line, placed = _the_story()

    assert any(placed)
    assert "held" not in _states(line)


def test_two_who_lapse_and_two_who_leave_pass_what_was_held_to_the_next_four(
    settings: object,
) -> None:
    settings.WAITLIST_HOLD_HOURS = 0
    variant = VariantFactory()
    units = _out(variant.pk, 4)
    users = [UserFactory() for _each in range(10)]
    line = [join_waitlist(user=user, variant_id=variant.pk) for user in users]
    for unit_id in units:
        _back_on_the_shelf(unit_id)
    settings.WAITLIST_HOLD_HOURS = 48

    _at_once(
        [
            lapse_holds,
            lapse_holds,
            lambda: leave_waitlist(user=users[0], variant_id=variant.pk),
            lambda: leave_waitlist(user=users[1], variant_id=variant.pk),
            *(
                lambda user=user: leave_waitlist(user=user, variant_id=variant.pk)
                for user in users[8:]
            ),
        ]
    )

    states = _states(line)
    assert set(states[:4]) <= {"lapsed", "left"}
    assert states[4:] == ["held"] * 4 + ["left"] * 2
    for each in all_invariants():
        assert breaches(each) == [], each.name


def _join_while_it_comes_back(unit: TrialUnit) -> tuple[int, int]:
    """Return how many wait and how many units are free after joining met a unit coming back."""
    user = UserFactory()

    def join() -> None:
        try:
            join_waitlist(user=user, variant_id=unit.variant_id)
        except FrameFreeError:
            return

    _at_once([join, lambda: _back_on_the_shelf(unit.pk)])
    waits = WaitlistEntry.objects.filter(variant=unit.variant_id, state="waiting").count()
    return waits, TrialUnit.objects.filter(pk=unit.pk, held_for=None).count()


def _units_out(count: int) -> list[TrialUnit]:
    ids = [_out(VariantFactory().pk, 1)[0] for _each in range(count)]
    return list(TrialUnit.objects.filter(pk__in=ids))


def test_whoever_joins_while_a_unit_comes_back_is_not_left_waiting_beside_it() -> None:
    results = {_join_while_it_comes_back(unit) for unit in _units_out(20)}

    assert results <= {(0, 0), (0, 1)}


def test_without_the_lock_of_the_line_somebody_waits_beside_a_free_unit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    units, both = _units_out(40), Barrier(2)

    def meet(_variant_ids: object) -> None:
        both.wait(timeout=30)

    monkeypatch.setattr(waiting, "lock_lines", meet)
    monkeypatch.setattr(promising, "lock_lines", meet)

    assert any(_join_while_it_comes_back(unit) == (1, 1) for unit in units)


def test_a_customer_who_places_while_her_hold_lapses_has_it_or_has_it_not() -> None:
    ProgrammeVersionFactory()
    variants = [VariantFactory() for _each in range(10)]
    users = customers([[variant] for variant in variants])
    for variant, user in zip(variants, users, strict=True):
        (unit_id,) = _out(variant.pk, 1)
        entry = join_waitlist(user=user, variant_id=variant.pk)
        _back_on_the_shelf(unit_id)
        WaitlistEntry.objects.filter(pk=entry.pk).update(held_until="2020-01-01T00:00Z")
        nora = join_waitlist(user=UserFactory(), variant_id=variant.pk)

        _lapsed, trial = _at_once([lapse_holds, lambda user=user: _place(user)])

        expected = ["taken", "waiting"] if trial else ["lapsed", "held"]
        assert _states([entry, nora]) == expected
        for each in all_invariants():
            assert breaches(each) == [], each.name
