"""Every move of a unit is legal and written down."""

import pytest
from django.db import transaction

from shop.foundation.history import IllegalMoveError
from shop.foundation.locks import lock_rows
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory
from trials.units.models import Grade, TrialUnit
from trials.units.services.moving import move_unit, move_units
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db


def _locked(*units: TrialUnit) -> list[TrialUnit]:
    return lock_rows(TrialUnit, [unit.pk for unit in units])


def test_a_move_says_who_and_why_and_sets_the_grade_found() -> None:
    ops, unit = StaffFactory(), TrialUnitFactory()

    with transaction.atomic():
        (unit,) = _locked(unit)
        move_unit(unit=unit, to_state=UnitState.REPAIR, by=ops, reason="loose hinge", grade=Grade.C)

    unit.refresh_from_db()
    last = unit.movements.latest("pk")
    assert (unit.state, unit.grade) == ("repair", "C")
    assert (last.from_state, last.to_state) == ("available", "repair")
    assert (last.actor, last.reason) == (ops, "loose hinge")


def test_an_illegal_move_of_one_moves_none() -> None:
    shelf, retired = TrialUnitFactory(), TrialUnitFactory(state=UnitState.RETIRED)

    with transaction.atomic():
        units = _locked(shelf, retired)
        with pytest.raises(IllegalMoveError):
            move_units(units=units, to_state=UnitState.RESERVED)

    shelf.refresh_from_db()
    assert shelf.state == "available"
    assert shelf.movements.count() == 1


def test_going_out_counts_as_a_use() -> None:
    unit = TrialUnitFactory(state=UnitState.PACKED)

    with transaction.atomic():
        (unit,) = _locked(unit)
        move_unit(unit=unit, to_state=UnitState.OUT)

    assert TrialUnit.objects.get(pk=unit.pk).uses == 1
    assert unit.uses == 1
