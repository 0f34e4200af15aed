"""Units are repaired, put back, moved to other shelves and given up, with a name and a reason."""

from collections.abc import Callable

import pytest

from shop.customers.models import User
from shop.foundation.card_numbers import CardNumberError
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial, requested_trial
from trials.units.errors import (
    MayNotGiveUpError,
    NotForTheShelfError,
    ShelfInvalidError,
    UnitInTrialError,
    UnitReasonMissingError,
)
from trials.units.models import Grade
from trials.units.services.tending import (
    place_unit,
    put_back_on_shelf,
    retire_unit,
    send_to_repair,
    write_off_unit,
)
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


def test_a_unit_goes_to_repair_and_comes_back_for_whoever_waits(ola: User) -> None:
    unit = TrialUnitFactory()
    send_to_repair(unit_id=unit.pk, by=ola, reason="loose hinge")
    entry = join_waitlist(user=UserFactory(), variant_id=unit.variant_id)

    put_back_on_shelf(unit_id=unit.pk, grade=Grade.B, by=ola, reason="new screw")

    unit.refresh_from_db()
    assert (unit.state, unit.grade, unit.held_for) == ("available", "B", entry)
    last = unit.movements.latest("pk")
    assert (last.actor, last.reason, last.grade) == (ola, "new screw", "B")


def test_what_is_not_to_be_shown_does_not_go_on_the_shelf(ola: User) -> None:
    mended, shelf = TrialUnitFactory(state=UnitState.REPAIR), TrialUnitFactory()

    with pytest.raises(NotForTheShelfError):
        put_back_on_shelf(unit_id=mended.pk, grade=Grade.D, by=ola)
    with pytest.raises(NotForTheShelfError):
        place_unit(unit_id=shelf.pk, location="B2", grade=Grade.D, by=ola)


def test_giving_up_needs_a_manager_and_a_reason(ola: User) -> None:
    unit, manager = TrialUnitFactory(), ManagerFactory()

    for give_up in (retire_unit, write_off_unit):
        with pytest.raises(MayNotGiveUpError):
            give_up(unit_id=unit.pk, by=ola, reason="scratched")
        with pytest.raises(UnitReasonMissingError):
            give_up(unit_id=unit.pk, by=manager, reason=" \n")
    assert unit.movements.count() == 1
    write_off_unit(unit_id=unit.pk, by=manager, reason="nobody finds it")
    write_off_unit(unit_id=unit.pk, by=manager, reason="again")
    retire_unit(unit_id=unit.pk, by=manager, reason="found, broken")

    moves = unit.movements.order_by("pk").values_list("to_state", "reason")
    assert list(moves)[1:] == [("lost", "nobody finds it"), ("retired", "found, broken")]


@pytest.mark.parametrize("give_up", [send_to_repair, retire_unit, write_off_unit])
def test_what_a_trial_holds_is_settled_there(give_up: Callable[..., object]) -> None:
    manager = ManagerFactory()
    for trial in (requested_trial(frames=1), delivered_trial(frames=1)):
        unit = trial.items.get().unit
        with pytest.raises(UnitInTrialError):
            give_up(unit_id=unit.pk, by=manager, reason="gone")


def test_another_shelf_is_written_down_and_the_same_is_not(ola: User) -> None:
    unit = TrialUnitFactory(location="B2")

    place_unit(unit_id=unit.pk, location=" c4 ", grade=Grade.C, by=ola, reason="tidied")
    place_unit(unit_id=unit.pk, location="C4", by=ola)

    unit.refresh_from_db()
    assert (unit.location, unit.grade) == ("C4", "C")
    last = unit.movements.latest("pk")
    assert unit.movements.count() == 2
    assert (last.from_state, last.to_state) == ("available", "available")
    assert (last.location, last.grade, last.reason) == ("C4", "C", "tidied")


def test_no_shelf_is_a_card_number_or_longer_than_its_label(ola: User) -> None:
    unit = TrialUnitFactory()

    with pytest.raises(CardNumberError):
        place_unit(unit_id=unit.pk, location="4242424242424242", by=ola)
    with pytest.raises(ShelfInvalidError):
        place_unit(unit_id=unit.pk, location="B" * 21, by=ola)
    with pytest.raises(CardNumberError):
        send_to_repair(unit_id=unit.pk, by=ola, reason="4242 4242 4242 4242")
