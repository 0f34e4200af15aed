"""The queue of what is overdue, owed or lost: derived, in order, page by page."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    owed_charge,
    paid_charge,
    payment_of,
    refused,
)
from trials.console.overdue import Overdue, overdue_rows
from trials.console.queries.overdue import KINDS, SORTS, overdue_page
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.paying import note_link_opened
from trials.returns.services.reminding import remind
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking
from trials.units.models import Grade

pytestmark = pytest.mark.django_db


def _rows(kind: str = "all", sort: str = "age") -> list[Overdue]:
    now = timezone.now()
    page = overdue_page(kind=kind, sort=sort, after="", now=now, size=50)
    return overdue_rows(page, kind=kind, now=now)


def _arrived(trial: Trial) -> Trial:
    create_labels(trial_id=trial.pk, by=StaffFactory())
    record_tracking(
        tracking_number=trial.shipments.get(leg="return").tracking_number,
        carrier_event_id="1",
        status="delivered",
        occurred_at=timezone.now(),
    )
    return trial


def _returning(trial: Trial, *, lost: bool = False) -> Trial:
    mark_returning(trial_id=trial.pk, at=timezone.now())
    if lost:
        Trial.objects.filter(pk=trial.pk).update(charge_at=timezone.now() - timedelta(days=15))
    return trial


def _with_one_missing(trial: Trial) -> Trial:
    by, back = StaffFactory(), trial.items.select_related("unit").first()
    assert back is not None
    check_in_unit(
        trial_id=trial.pk, barcode=back.unit.barcode, finding=Finding.GOOD, grade=Grade.A, by=by
    )
    finish_check_in(trial_id=trial.pk, by=by)
    return trial


def test_each_stands_under_what_is_the_matter_with_it() -> None:
    delivered_trial()
    trials = {
        "overdue": overdue_trial(),
        "under_way": _returning(overdue_trial()),
        "lost": _returning(overdue_trial(), lost=True),
        "arrived": _arrived(overdue_trial()),
        "missing": _with_one_missing(overdue_trial()),
    }
    charge = owed_charge()
    decide = paid_charge()
    TrialCharge.objects.filter(pk=decide.pk).update(to_decide=True)

    for kind, trial in trials.items():
        among = {row.trial for row in _rows(kind)}
        # One that is charged for is at home all the same.
        assert among == ({trial, charge.trial} if kind == "overdue" else {trial}), kind
        assert {row.kind for row in _rows(kind)} == {kind}
    assert [row.charge for row in _rows("unpaid")] == [charge]
    assert [row.charge for row in _rows("to_decide")] == [decide]
    kinds = {row.trial: row.kind for row in _rows()}
    assert kinds == {trial: kind for kind, trial in trials.items()} | {charge.trial: "unpaid"}


def test_the_oldest_and_the_largest_come_first() -> None:
    small, large = overdue_trial(frames=1), overdue_trial(frames=3)
    Trial.objects.filter(pk=small.pk).update(due_at=timezone.now() - timedelta(days=40))

    assert [row.trial for row in _rows(sort="age")] == [small, large]
    assert [row.trial for row in _rows(sort="amount")] == [large, small]
    assert small.items.get().price < sum(
        (item.price for item in large.items.all()), Money(0, "EUR")
    )


def test_the_amount_is_what_is_owed_and_what_missing_frames_would_cost() -> None:
    charge = owed_charge()
    (row,) = _rows()

    assert row.amount == charge.amount


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_each_other_and_none_shows_a_row_twice(kind: str, sort: str) -> None:
    for _each in range(5):
        if kind in ("unpaid", "to_decide"):
            charge = owed_charge()
            TrialCharge.objects.filter(pk=charge.pk).update(to_decide=True, amount=10)
        else:
            trial = overdue_trial(frames=2)
            if kind == "missing":
                _with_one_missing(trial)
            elif kind not in ("all", "overdue"):
                _returning(trial, lost=kind == "lost")
                if kind == "arrived":
                    _arrived(trial)
            Trial.objects.filter(pk=trial.pk).update(due_at="2026-01-01T00:00Z")
    now, after, seen = timezone.now(), "", []
    for _page in range(3):
        page = overdue_page(kind=kind, sort=sort, after=after, now=now, size=2)
        seen += [row.pk for row in page.rows]
        after = page.after

    assert after == ""
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("after", ["~", "x~y", "NaN~", "1e400~x", "2026-01-01~", "\x00~\x00"])
def test_a_place_that_is_none_shows_the_first_page(after: str) -> None:
    trial = overdue_trial()
    now = timezone.now()
    for sort in SORTS:
        page = overdue_page(kind="all", sort=sort, after=after, now=now, size=2)
        assert list(page.rows) == [trial]


def test_more_rows_take_no_more_statements() -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            for kind in KINDS:
                _rows(kind)
        return len(counted)

    for _each in range(2):
        refused(owed_charge(), "insufficient_funds")
        overdue_trial(frames=2)
        _arrived(overdue_trial())
    few = statements()
    for _each in range(3):
        refused(owed_charge(), "insufficient_funds")
        overdue_trial(frames=3)
        _arrived(overdue_trial())

    assert statements() == few


def test_a_row_says_what_was_sent_what_she_did_and_what_comes_next() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    note_link_opened(payment_of(charge))
    (row,) = _rows("unpaid")

    assert [notice.kind for notice in row.sent] == ["trial_reminder", "trial_charge_refused"]
    assert [name for name, _at in row.answered] == ["link_opened"]
    planned = charge.attempts.get(asked_at=None)
    assert (row.step, row.step_at) == ("ask_again", planned.due_at)


def test_what_nobody_will_do_by_itself_says_so() -> None:
    charge = owed_charge()
    assert _rows("unpaid")[0].step == "asking"
    refused(charge, "stolen_card")

    assert _rows("unpaid")[0].step == "decide"


def test_a_box_that_is_late_and_not_reminded_of_is_reminded_of_next() -> None:
    trial = delivered_trial(at=timezone.now() - timedelta(days=6))
    assert _rows()[0].step == "remind"
    remind(trial_id=trial.pk)
    trial.refresh_from_db()

    assert (_rows()[0].step, _rows()[0].step_at) == ("charge", trial.charge_at)


def _staff(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_page_shows_rows_and_the_acts_one_may_do() -> None:
    overdue_trial()
    owed_charge()
    ops, manager = _staff(StaffFactory()), _staff(ManagerFactory())
    seen = {
        name: client.get("/console/overdue/").content.decode()
        for name, client in (("ops", ops), ("manager", manager))
    }

    assert "Remind now" in seen["ops"]
    assert "Charge now" in seen["ops"]
    assert "Mark as lost" not in seen["ops"]
    assert "Mark as lost" in seen["manager"]
    unpaid = manager.get("/console/overdue/?kind=unpaid").content.decode()
    assert "Ask the card now" in unpaid
    assert "Write off" in unpaid


def test_the_file_has_every_row_of_the_list() -> None:
    for _each in range(3):
        overdue_trial(frames=1)
    answer = _staff(StaffFactory()).get("/console/overdue.csv?sort=amount")
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(body)))

    assert len(rows) == 3
    assert rows[0]["kind"] == "overdue"
    assert Decimal(rows[0]["amount"]) > 0
    assert datetime.fromisoformat(rows[0]["since"])


def test_the_api_reads_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trials.console.api.OVERDUE_A_PAGE", 2)
    for _each in range(3):
        overdue_trial(frames=1)
    client = _staff(StaffFactory())
    first = client.get("/api/v1/staff/overdue/?sort=amount").json()
    second = client.get(
        "/api/v1/staff/overdue/", {"sort": "amount", "after": first["after"]}
    ).json()

    numbers = [row["trial"] for page in (first, second) for row in page["results"]]
    assert len(set(numbers)) == 3
    assert second["after"] == ""
    assert first["results"][0]["next_step"] == "charge"
