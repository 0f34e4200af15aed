"""What is held for her is taken, or let go, and never left held for a wait that is over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.locks import lock_rows
from tests.factories.shop import StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory
from tests.lock_order import outside_the_law
from tests.shop.foundation.at_once import waiting_for_locks
from tests.trials.home_trials.rush import customers
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import place_trial
from trials.units.models import TrialUnit, WaitlistEntry
from trials.units.services.moving import move_unit
from trials.units.services.promising import promise
from trials.units.services.tending import place_unit, send_to_repair
from trials.units.services.waiting import join_waitlist, lapse_holds
from trials.units.states import UnitState
from trials.units.tasks import keep_promises

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def variant() -> Variant:
    ProgrammeVersionFactory()
    return VariantFactory()


def _waits_for(variant: Variant) -> tuple[User, WaitlistEntry]:
    (mia,) = customers([[variant]])
    return mia, join_waitlist(user=mia, variant_id=variant.pk)


def _held_for(variant: Variant) -> tuple[User, WaitlistEntry, TrialUnit]:
    unit = TrialUnitFactory(variant=variant, state=UnitState.INSPECTION)
    mia, entry = _waits_for(variant)
    with transaction.atomic():
        (locked,) = lock_rows(TrialUnit, [unit.pk])
        move_unit(unit=locked, to_state=UnitState.AVAILABLE)
    entry.refresh_from_db()
    assert entry.state == "held"
    return mia, entry, unit


def _place(user: User) -> Trial:
    try:
        return place_trial(
            user=user,
            box_id=user.box.pk,
            address_id=user.addresses.get().pk,
            card_id=user.saved_cards.get().pk,
        )
    finally:
        connection.close()


def _placed_during(act: Callable[[], object], user: User) -> Trial:
    """Do something, begin to place before it is committed, and return what was placed."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            act()
            placing, end = pool.submit(_place, user), monotonic() + 10
            while not placing.done() and not waiting_for_locks() and monotonic() < end:
                sleep(0.02)
        return placing.result()


def _state(entry: WaitlistEntry) -> str:
    entry.refresh_from_db()
    return entry.state


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_what_is_held_for_her_is_waited_for_while_somebody_has_it_in_hand(
    variant: Variant,
) -> None:
    mia, entry, unit = _held_for(variant)
    TrialUnitFactory(variant=variant)
    ops = StaffFactory()

    trial = _placed_during(lambda: place_unit(unit_id=unit.pk, location="C4", by=ops), mia)

    assert trial.items.get().unit == unit
    assert _state(entry) == "taken"
    _books_are_right()


def test_she_gets_another_where_her_hold_lapses_while_she_places(variant: Variant) -> None:
    mia, entry, _unit = _held_for(variant)
    TrialUnitFactory(variant=variant)
    WaitlistEntry.objects.update(held_until=timezone.now() - timedelta(minutes=1))

    trial = _placed_during(lapse_holds, mia)

    assert trial.items.count() == 1
    assert _state(entry) == "lapsed"
    _books_are_right()


def test_she_gets_another_where_her_unit_is_taken_to_repair_while_she_places(
    variant: Variant,
) -> None:
    mia, entry, unit = _held_for(variant)
    other, ops = TrialUnitFactory(variant=variant), StaffFactory()

    trial = _placed_during(lambda: send_to_repair(unit_id=unit.pk, by=ops), mia)

    assert trial.items.get().unit == other
    assert _state(entry) == "taken"
    _books_are_right()


def test_what_comes_to_be_held_while_she_takes_another_is_what_she_takes(
    variant: Variant,
) -> None:
    first = TrialUnitFactory(variant=variant, state=UnitState.INSPECTION)
    second = TrialUnitFactory(variant=variant, state=UnitState.INSPECTION, uses=9)
    mia, entry = _waits_for(variant)
    # As where she was passed over, so that both are free for all.
    with outside_the_law():
        TrialUnit.objects.update(state=UnitState.AVAILABLE)
    assert _state(entry) == "waiting"

    trial = _placed_during(lambda: promise(lock_rows(TrialUnit, [second.pk])), mia)

    assert trial.items.get().unit == second
    assert _state(entry) == "taken"
    assert not TrialUnit.objects.exclude(held_for=None).exists()
    first.refresh_from_db()
    assert first.state == UnitState.AVAILABLE


def test_what_is_held_for_a_wait_that_is_over_goes_to_the_next_within_a_minute(
    variant: Variant,
) -> None:
    _mia, entry, unit = _held_for(variant)
    following = join_waitlist(user=UserFactory(), variant_id=variant.pk)
    with outside_the_law():
        WaitlistEntry.objects.filter(pk=entry.pk).update(
            state="taken", held_until=None, ended_at=timezone.now()
        )

    keep_promises()

    unit.refresh_from_db()
    assert unit.held_for == following
    assert _state(following) == "held"
