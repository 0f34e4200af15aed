"""What comes back is checked in once, in its own trial, and goes where its finding says."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shop.analytics.models import Event
from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial, packed_trial
from tests.trials.returns.trials_with_charges import owed_charge
from trials.console.verdicts import VERDICTS
from trials.home_trials.errors import UnknownBarcodeError, WrongUnitError
from trials.home_trials.models import Trial, TrialItem
from trials.returns.errors import AlreadyCheckedInError, NotOutError
from trials.returns.models.inspections import Finding, Inspection
from trials.returns.services.checking_in import check_in_unit
from trials.units.models import Grade


def _item(trial: Trial) -> TrialItem:
    item = trial.items.select_related("unit").order_by("pk").first()
    assert item is not None
    return item


def _check_in(
    trial: Trial, barcode: str, finding: Finding = Finding.GOOD, grade: Grade = Grade.B
) -> Inspection:
    return check_in_unit(
        trial_id=trial.pk, barcode=barcode, finding=finding, grade=grade, by=StaffFactory()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("finding", "grade", "state", "outcome"),
    [
        (Finding.GOOD, Grade.C, "available", "returned"),
        (Finding.REPAIR, Grade.D, "repair", "returned"),
        (Finding.DAMAGED, Grade.D, "retired", "damaged"),
    ],
)
def test_a_unit_goes_where_its_finding_says(
    finding: Finding, grade: Grade, state: str, outcome: str
) -> None:
    trial = delivered_trial()
    item = _item(trial)
    _check_in(trial, f" {item.unit.barcode.lower()} ", finding, grade)

    item.refresh_from_db()
    assert (item.outcome, item.holds_unit, item.settled_at is None) == (outcome, False, False)
    assert (item.unit.state, item.unit.grade) == (state, grade)
    assert Event.objects.filter(name=f"item_{outcome}", subject_id=str(item.pk)).count() == 1


@pytest.mark.django_db
def test_a_scan_takes_no_more_statements_the_more_frames_a_box_has(
    django_assert_max_num_queries: Any,
) -> None:
    trial, by = delivered_trial(frames=3), StaffFactory()
    for item in trial.items.select_related("unit"):
        # 19, and a savepoint within the test's own transaction.
        with django_assert_max_num_queries(21):
            check_in_unit(
                trial_id=trial.pk,
                barcode=item.unit.barcode,
                finding=Finding.GOOD,
                grade=Grade.B,
                by=by,
            )


@pytest.mark.django_db
def test_a_unit_that_is_back_can_be_tried_by_the_next_customer() -> None:
    trial = delivered_trial(frames=1)
    item = _item(trial)
    _check_in(trial, item.unit.barcode)

    next_trial = delivered_trial(variants=[item.variant])
    assert _item(next_trial).unit == item.unit


@pytest.mark.django_db
def test_a_unit_checked_in_twice_is_refused() -> None:
    trial = delivered_trial()
    barcode = _item(trial).unit.barcode
    _check_in(trial, barcode)

    with pytest.raises(AlreadyCheckedInError, match="already"):
        _check_in(trial, barcode)
    assert Inspection.objects.count() == 1


@pytest.mark.django_db
def test_a_unit_of_another_trial_is_refused_and_the_trial_named() -> None:
    trial, other = delivered_trial(), delivered_trial()

    with pytest.raises(WrongUnitError, match=other.number) as refused:
        _check_in(trial, _item(other).unit.barcode)
    assert refused.value.extra == {"found_in": other.number}
    assert _item(other).outcome == "at_home"


@pytest.mark.django_db
def test_a_unit_that_never_left_is_refused() -> None:
    with pytest.raises(WrongUnitError, match="not of this box"):
        _check_in(delivered_trial(), TrialUnitFactory().barcode)


@pytest.mark.django_db
def test_an_unknown_barcode_is_refused() -> None:
    with pytest.raises(UnknownBarcodeError, match="LG000000000"):
        _check_in(delivered_trial(), "LG000000000")


@pytest.mark.django_db
def test_nothing_of_a_box_still_in_the_shop_is_checked_in() -> None:
    trial = packed_trial()

    with pytest.raises(NotOutError, match="Packed"):
        _check_in(trial, _item(trial).unit.barcode)


@pytest.mark.django_db
def test_only_what_the_table_can_say_is_taken_by_the_api_too(client: Client) -> None:
    said = {(verdict.finding, verdict.grade) for verdict in VERDICTS.values()}
    trial = delivered_trial(frames=len(said))
    units = iter(trial.items.values_list("unit__barcode", flat=True))
    client.force_login(StaffFactory())

    for finding, grade in product(Finding, Grade):
        fits = (finding, grade) in said
        barcode = next(units) if fits else _item(trial).unit.barcode
        answer = client.post(
            reverse("api-staff-check-in", args=[trial.number]),
            {"barcode": barcode, "finding": finding, "grade": grade},
            content_type="application/json",
            headers={"Idempotency-Key": f"{finding}-{grade}"},
        )
        assert answer.status_code == (201 if fits else 422), (finding, grade)
        if not fits:
            assert answer.json()["code"] == "grade_refused"
    assert Inspection.objects.count() == len(said)


@pytest.mark.django_db
def test_a_unit_that_comes_back_while_it_is_being_charged_is_no_longer_owed() -> None:
    charge = owed_charge()
    _check_in(charge.item.trial, charge.item.unit.barcode)

    charge.refresh_from_db()
    assert (charge.state, charge.reason) == ("waived", "Came back before it was paid")
    assert OutboxMessage.objects.filter(topic="payments.cancel").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_check_the_same_unit_in_at_once_do_it_once() -> None:
    trial = delivered_trial()
    barcode, people = _item(trial).unit.barcode, [StaffFactory() for _each in range(4)]

    def check_in(by: object) -> str:
        try:
            check_in_unit(
                trial_id=trial.pk, barcode=barcode, finding=Finding.GOOD, grade=Grade.A, by=by
            )
        except AlreadyCheckedInError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(check_in, people))

    assert answers == ["done", "refused", "refused", "refused"]
    assert Inspection.objects.count() == 1
