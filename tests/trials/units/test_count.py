"""A count says how shelf and books differ, changes nothing, and each finding is decided once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
import time_machine
from django.db import connection, transaction

from shop.customers.models import User
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.locks import lock_rows
from tests.factories.shop import ManagerFactory, StaffFactory, VariantFactory
from tests.factories.trials import (
    TrialUnitFactory,
    accepted_all,
    approved_trial,
    delivered_trial,
)
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.picking import pick_unit
from trials.home_trials.services.packing import pack_unit
from trials.units.errors import (
    CountMissingError,
    CountOpenError,
    CountOverError,
    FindingDecidedError,
    FindingStaleError,
    NoSuchUnitError,
    OtherVariantError,
    ShelfInvalidError,
    UnitInTrialError,
    UnitReasonMissingError,
)
from trials.units.models import CountedUnit, TrialUnit, UnitCount
from trials.units.services.counting import abandon_count, finish_count, scan_unit, start_count
from trials.units.services.making import create_units
from trials.units.services.moving import move_unit
from trials.units.services.resolving import accept_finding, dismiss_finding
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return ManagerFactory(name="Ola")


def _on(shelf: str, **kwargs: object) -> TrialUnit:
    return TrialUnitFactory(location=shelf, **kwargs)


def _findings(count: UnitCount) -> dict[str, str]:
    lines = CountedUnit.objects.filter(count=count).exclude(finding="")
    return dict(lines.values_list("unit__barcode", "finding"))


def _line(count: UnitCount, unit: TrialUnit) -> CountedUnit:
    return CountedUnit.objects.get(count=count, unit=unit)


def _counted(ola: User, shelf: str, *units: TrialUnit) -> UnitCount:
    count = start_count(location=shelf, by=ola)
    for unit in units:
        scan_unit(count_id=count.pk, barcode=unit.barcode, by=ola)
    return finish_count(count_id=count.pk, by=ola)


@transaction.atomic
def _move(unit: TrialUnit, state: UnitState) -> None:
    (locked,) = lock_rows(TrialUnit, [unit.pk])
    move_unit(unit=locked, to_state=state)


def test_missing_found_and_misplaced_are_told_apart_and_nothing_is_moved(ola: User) -> None:
    there, missing = _on("B2"), _on("B2")
    elsewhere, lost = _on("C1"), _on("B2", state=UnitState.LOST)
    before = list(TrialUnit.objects.order_by("pk").values())

    count = _counted(ola, " b2 ", there, elsewhere, lost)

    assert _findings(count) == {
        missing.barcode: "missing",
        elsewhere.barcode: "misplaced",
        lost.barcode: "found",
    }
    assert list(TrialUnit.objects.order_by("pk").values()) == before
    line = _line(count, lost)
    assert (line.believed_state, line.believed_location, line.seen_by) == ("lost", "B2", ola)


def test_a_unit_that_was_fetched_for_a_box_is_not_looked_for_on_its_shelf(ola: User) -> None:
    trial = approved_trial(frames=3)
    fetched, later, left = (item.unit for item in trial.items.select_related("unit"))
    TrialUnit.objects.filter(pk__in=[fetched.pk, later.pk, left.pk]).update(location="B2")
    batch = make_batch(count=1, by=ola)
    pick_unit(batch_id=batch.pk, barcode=fetched.barcode, by=ola)
    count = start_count(location="B2", by=ola)
    pick_unit(batch_id=batch.pk, barcode=later.barcode, by=ola)
    finish_count(count_id=count.pk, by=ola)

    assert CountedUnit.objects.filter(count=count, expected=True).count() == 2
    assert _findings(count) == {left.barcode: "missing"}


def test_a_unit_scanned_twice_is_there_once_and_an_unknown_one_not_at_all(ola: User) -> None:
    unit, count = _on("B2"), start_count(location="C9", by=ola)

    first = scan_unit(count_id=count.pk, barcode=unit.barcode, by=ola)
    again = scan_unit(count_id=count.pk, barcode=f" {unit.barcode.lower()} ", by=ola)

    assert (first.again, again.again) == (False, True)
    assert CountedUnit.objects.filter(count=count).count() == 1
    with pytest.raises(NoSuchUnitError):
        scan_unit(count_id=count.pk, barcode="LG000000000", by=ola)


def test_two_who_count_one_shelf_are_in_one_count(ola: User) -> None:
    _on("B2")

    assert start_count(location="B2", by=ola) == start_count(location="b2", by=StaffFactory())
    assert CountedUnit.objects.count() == 1


def test_what_leaves_or_comes_back_while_people_count_is_not_missing(ola: User) -> None:
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False):
        variant = VariantFactory()
        packed = _on("B2", variant=variant)
        trial = approved_trial(variants=[variant], by=ola)
        mended = _on("B2", state=UnitState.REPAIR)
        moved = _on("B2")
        still = _on("B2")
    with time_machine.travel(datetime(2026, 3, 3, tzinfo=UTC)):
        count = start_count(location="B2", by=ola)
        pack_unit(trial_id=trial.pk, barcode=packed.barcode, by=ola)
        _move(mended, UnitState.AVAILABLE)
        _move(moved, UnitState.REPAIR)
        _move(moved, UnitState.AVAILABLE)
        finish_count(count_id=count.pk, by=ola)

    assert _findings(count) == {still.barcode: "missing"}


def test_a_reserved_unit_is_expected_until_it_is_packed(ola: User) -> None:
    unit = _on("B2")
    approved_trial(variants=[unit.variant], by=ola)

    count = _counted(ola, "B2")

    assert _findings(count) == {unit.barcode: "missing"}
    with pytest.raises(UnitInTrialError):
        accept_finding(counted_id=_line(count, unit).pk, by=ola)


def test_a_variant_is_counted_wherever_it_lies(ola: User) -> None:
    variant = VariantFactory()
    first, second = _on("B2", variant=variant), _on("C4", variant=variant)
    other = _on("B2")
    count = start_count(variant_id=variant.pk, by=ola)
    scan_unit(count_id=count.pk, barcode=first.barcode, by=ola)

    with pytest.raises(OtherVariantError):
        scan_unit(count_id=count.pk, barcode=other.barcode, by=ola)
    finish_count(count_id=count.pk, by=ola)

    assert _findings(count) == {second.barcode: "missing"}


def test_a_shelf_or_a_variant_must_be_named(ola: User) -> None:
    with pytest.raises(ShelfInvalidError):
        start_count(by=ola)
    with pytest.raises(ShelfInvalidError):
        start_count(location="B2", variant_id=VariantFactory().pk, by=ola)
    with pytest.raises(ShelfInvalidError):
        start_count(location="B" * 21, by=ola)
    with pytest.raises(CountMissingError):
        start_count(variant_id=10**9, by=ola)


def test_accepting_makes_the_books_say_what_was_counted_with_a_name_and_a_reason(
    ola: User,
) -> None:
    missing, elsewhere = _on("B2"), _on("C1")
    lost, mended = _on("A1", state=UnitState.LOST), _on("A1", state=UnitState.REPAIR)
    count = _counted(ola, "B2", elsewhere, lost, mended)

    result = accepted_all(count, by=ola)

    assert (result.count, result.refused) == (4, [])
    units = {unit.pk: unit for unit in TrialUnit.objects.all()}
    assert units[missing.pk].state == "lost"
    assert (units[elsewhere.pk].state, units[elsewhere.pk].location) == ("available", "B2")
    assert (units[lost.pk].state, units[lost.pk].location) == ("inspection", "B2")
    assert (units[mended.pk].state, units[mended.pk].location) == ("available", "B2")
    last = missing.movements.latest("pk")
    assert (last.actor, last.reason) == (ola, "Not on its shelf when it was counted.")
    assert elsewhere.movements.latest("pk").location == "B2"
    assert accepted_all(count, by=ola).count == 0
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_a_found_unit_goes_where_ops_say(ola: User) -> None:
    lost, retired = _on("A1", state=UnitState.LOST), _on("A1", state=UnitState.RETIRED)
    count = _counted(ola, "B2", lost, retired)

    accept_finding(counted_id=_line(count, lost).pk, by=ola, to_state=UnitState.AVAILABLE)
    accept_finding(counted_id=_line(count, retired).pk, by=ola, to_state=UnitState.INSPECTION)

    states = list(lost.movements.order_by("pk").values_list("to_state", flat=True))
    assert states[-3:] == ["inspection", "available", "available"]
    retired.refresh_from_db()
    assert retired.state == "inspection"


def test_what_a_trial_holds_is_checked_in_there(ola: User) -> None:
    trial = delivered_trial(frames=1, by=ola)
    unit = trial.items.get().unit
    count = _counted(ola, "B2", unit)

    result = accepted_all(count, by=ola)

    assert (result.count, len(result.refused)) == (0, 1)
    assert "Check it in there" in result.refused[0]


def test_what_has_moved_since_is_left_as_it_is(ola: User) -> None:
    unit = _on("B2")
    count = _counted(ola, "B2")
    _move(unit, UnitState.REPAIR)

    with pytest.raises(FindingStaleError):
        accept_finding(counted_id=_line(count, unit).pk, by=ola)


def test_what_lay_on_another_shelf_and_left_since_is_not_put_there(ola: User) -> None:
    unit = _on("A1")
    count = _counted(ola, "B2", unit)
    _move(unit, UnitState.REPAIR)

    with pytest.raises(FindingStaleError):
        accept_finding(counted_id=_line(count, unit).pk, by=ola)
    unit.refresh_from_db()
    assert (unit.state, unit.location) == ("repair", "A1")


def test_what_was_found_and_has_gone_elsewhere_since_stays_there(ola: User) -> None:
    unit = _on("B2", state=UnitState.REPAIR)
    count = _counted(ola, "B2", unit)
    _move(unit, UnitState.RETIRED)

    with pytest.raises(FindingStaleError):
        accept_finding(counted_id=_line(count, unit).pk, by=ola)
    unit.refresh_from_db()
    assert unit.state == "retired"


def test_where_shelf_and_books_agree_there_is_nothing_to_decide(ola: User) -> None:
    unit = _on("B2")
    count = _counted(ola, "B2", unit)

    for decide in (
        lambda: accept_finding(counted_id=_line(count, unit).pk, by=ola),
        lambda: dismiss_finding(counted_id=_line(count, unit).pk, by=ola, reason="It is there."),
    ):
        with pytest.raises(CountMissingError, match="nothing to decide"):
            decide()


def test_a_finding_is_decided_once(ola: User) -> None:
    unit = _on("B2")
    count = _counted(ola, "B2")
    line = _line(count, unit)

    with pytest.raises(UnitReasonMissingError):
        dismiss_finding(counted_id=line.pk, by=ola, reason=" ")
    dismissed = dismiss_finding(counted_id=line.pk, by=ola, reason="It is in the window.")
    again = dismiss_finding(counted_id=line.pk, by=ola, reason="Another.")

    assert dismissed.note == again.note == "It is in the window."
    with pytest.raises(FindingDecidedError):
        accept_finding(counted_id=line.pk, by=ola)
    unit.refresh_from_db()
    assert unit.state == "available"


def test_what_was_accepted_is_not_dismissed_afterwards(ola: User) -> None:
    unit = _on("B2")
    count = _counted(ola, "B2")
    line = _line(count, unit)
    accept_finding(counted_id=line.pk, by=ola, lost=True)

    with pytest.raises(FindingDecidedError):
        dismiss_finding(counted_id=line.pk, by=ola, reason="It is in the window.")
    line.refresh_from_db()
    assert line.decision == "accepted"


def test_nothing_is_decided_while_people_count_and_nothing_scanned_after(ola: User) -> None:
    unit = _on("B2")
    count = start_count(location="B2", by=ola)
    with pytest.raises(CountOpenError):
        accept_finding(counted_id=_line(count, unit).pk, by=ola)

    finish_count(count_id=count.pk, by=ola)
    finish_count(count_id=count.pk, by=ola)

    with pytest.raises(CountOverError):
        scan_unit(count_id=count.pk, barcode=unit.barcode, by=ola)
    with pytest.raises(IllegalMoveError):
        abandon_count(count_id=count.pk, by=ola)


def test_a_count_given_up_counts_for_nothing_and_makes_room_for_another(ola: User) -> None:
    _on("B2")
    count = start_count(location="B2", by=ola)

    abandon_count(count_id=count.pk, by=ola)
    abandon_count(count_id=count.pk, by=ola)

    assert _findings(count) == {}
    assert start_count(location="B2", by=ola) != count


@pytest.mark.django_db(transaction=True)
def test_four_who_begin_and_scan_at_once_make_one_count_with_each_unit_once() -> None:
    people = [StaffFactory() for _each in range(4)]
    units = create_units(variant_id=VariantFactory().pk, count=6, location="B2")
    ready = Barrier(4)

    def work(by: User) -> int:
        try:
            ready.wait(timeout=60)
            count = start_count(location="B2", by=by)
            scans = [
                scan_unit(count_id=count.pk, barcode=unit.barcode, by=by) for unit in units[:5]
            ]
            return sum(not scan.again for scan in scans)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        first = list(pool.map(work, people))

    count = UnitCount.objects.get()
    assert sum(first) == 5
    finish_count(count_id=count.pk, by=people[0])
    assert _findings(count) == {units[5].barcode: "missing"}
