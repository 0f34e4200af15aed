"""Findings of a count that are decided days later: what was seen or moved since is left alone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.customers.models import User
from shop.foundation.locks import lock_rows
from shop.foundation.outbox import carry_out_due
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import TrialUnitFactory, accepted_all, requested_trial
from tests.trials.returns.trials_with_charges import paid_charge
from trials.home_trials.services.requests import cancel_trial
from trials.units.errors import FindingStaleError, NotForTheShelfError
from trials.units.models import CountedUnit, Grade, TrialUnit, UnitCount
from trials.units.services.accepting import foresee
from trials.units.services.counting import finish_count, scan_unit, start_count
from trials.units.services.moving import move_unit
from trials.units.services.resolving import accept_finding
from trials.units.services.tending import place_unit
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> User:
    return ManagerFactory(name="Bo")


def _counted(by: User, *units: TrialUnit, shelf: str = "", variant: int | None = None) -> UnitCount:
    count = start_count(location=shelf, variant_id=variant, by=by)
    for unit in units:
        scan_unit(count_id=count.pk, barcode=unit.barcode, by=by)
    return finish_count(count_id=count.pk, by=by)


def _line(count: UnitCount, unit: TrialUnit) -> CountedUnit:
    return CountedUnit.objects.get(count=count, unit=unit)


@transaction.atomic
def _move(unit: TrialUnit, *states: UnitState) -> None:
    (locked,) = lock_rows(TrialUnit, [unit.pk])
    for state in states:
        move_unit(unit=locked, to_state=state)


def _days_ago(days: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() - timedelta(days=days))


def _is_left(count: UnitCount, unit: TrialUnit, by: User) -> None:
    before = TrialUnit.objects.filter(pk=unit.pk).values().get()
    (line,) = foresee(count, by=by).lines
    assert line.fate == "left"
    with pytest.raises(FindingStaleError):
        accept_finding(counted_id=_line(count, unit).pk, by=by, lost=True)
    done = accepted_all(count, by=by)
    assert (done.count, len(done.refused)) == (0, 1)
    assert TrialUnit.objects.filter(pk=unit.pk).values().get() == before


def test_what_was_out_and_is_back_since_it_was_not_seen_is_not_written_off(bo: User) -> None:
    with _days_ago(9):
        unit = TrialUnitFactory(location="B2")
        count = _counted(bo, shelf="B2")
    with _days_ago(2):
        _move(unit, UnitState.RESERVED, UnitState.PACKED, UnitState.OUT, UnitState.INSPECTION)
        _move(unit, UnitState.AVAILABLE)

    _is_left(count, unit, bo)


def test_what_another_count_has_seen_since_is_not_written_off(bo: User) -> None:
    with _days_ago(9):
        unit = TrialUnitFactory(location="B2")
        count = _counted(bo, shelf="B2")
    with _days_ago(2):
        _counted(bo, unit, shelf="B2")

    _is_left(count, unit, bo)


def test_a_shelf_that_was_noted_since_is_not_overwritten(bo: User) -> None:
    with _days_ago(9):
        unit = TrialUnitFactory(location="B2")
        count = _counted(bo, unit, shelf="C1")
    with _days_ago(2):
        place_unit(unit_id=unit.pk, location="D4", by=bo)

    _is_left(count, unit, bo)


def test_that_somebody_asked_for_it_and_no_longer_does_has_moved_nothing(bo: User) -> None:
    with _days_ago(9):
        missing, misplaced = TrialUnitFactory(location="B2"), TrialUnitFactory(location="C1")
        count = _counted(bo, misplaced, shelf="B2")
    with _days_ago(2):
        trial = requested_trial(variants=[missing.variant, misplaced.variant])
        cancel_trial(trial_id=trial.pk, by=trial.user)

    assert accepted_all(count, by=bo).count == 2
    missing.refresh_from_db()
    misplaced.refresh_from_db()
    assert (missing.state, misplaced.location) == ("lost", "B2")


def test_a_broken_frame_in_the_workshop_is_not_put_on_the_shelf_by_a_count(bo: User) -> None:
    unit = TrialUnitFactory(state=UnitState.REPAIR, grade=Grade.D)
    count = _counted(bo, unit, variant=unit.variant_id)

    (line,) = foresee(count, by=bo).lines
    assert line.fate == "left"
    assert "grade D" in line.why
    with pytest.raises(NotForTheShelfError):
        accept_finding(counted_id=_line(count, unit).pk, by=bo)
    unit.refresh_from_db()
    assert unit.state == UnitState.REPAIR


@pytest.mark.parametrize("wanted", ["lost", "retired", "reserved"])
def test_nobody_writes_a_found_unit_off_by_a_form_of_her_own(client: Client, wanted: str) -> None:
    unit = TrialUnitFactory(state=UnitState.INSPECTION, location="B2")
    count = _counted(StaffFactory(), unit, shelf="B2")
    client.force_login(StaffFactory())

    sent = {"line": _line(count, unit).pk, "to_state": wanted}
    client.post(reverse("console:count_decide", args=[count.pk]), sent)

    unit.refresh_from_db()
    assert unit.state == UnitState.AVAILABLE
    other = TrialUnitFactory(state=UnitState.INSPECTION, location="B2")
    again = _counted(StaffFactory(), other, shelf="B2")
    line, to_state = _line(again, other).pk, UnitState(wanted)
    with pytest.raises(NotForTheShelfError):
        accept_finding(counted_id=line, by=StaffFactory(), to_state=to_state, lost=True)


def test_a_frame_she_paid_for_and_a_count_found_is_a_managers_to_decide(bo: User) -> None:
    charge = paid_charge()
    unit = charge.item.unit
    assert unit.state == UnitState.RETIRED
    TrialUnit.objects.filter(pk=unit.pk).update(location="B2")
    count = _counted(bo, unit, shelf="B2")

    assert accepted_all(count, by=bo).count == 1
    carry_out_due()

    charge.refresh_from_db()
    assert charge.to_decide
