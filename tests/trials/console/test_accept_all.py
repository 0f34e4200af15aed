"""A unit is written off, and all of a count accepted, only by who has seen what comes of it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import ManagerFactory, StaffFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from tests.trials.economics.costs import rates
from trials.units.errors import CountChangedError, MayNotGiveUpError, WriteOffUnseenError
from trials.units.models import CountedUnit, TrialUnit, UnitCount
from trials.units.services.accepting import Fate, accept_all, foresee
from trials.units.services.counting import finish_count, scan_unit, start_count
from trials.units.services.resolving import accept_finding, dismiss_finding
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return ManagerFactory(name="Ola Nowak")


@pytest.fixture
def console(ola: User) -> Client:
    client = Client()
    client.force_login(ola)
    return client


@pytest.fixture
def counted(ola: User) -> UnitCount:
    """A shelf that lacks one unit of 100, holds one of C1 and one that was lost, and one packed."""
    rates(goods_percent=40)
    TrialUnitFactory(location="B2", variant=VariantFactory(price=100))
    reserved = approved_trial(variants=[TrialUnitFactory(location="B2").variant], by=ola)
    here = TrialUnitFactory(location="C1"), TrialUnitFactory(state=UnitState.LOST)
    count = start_count(location="B2", by=ola)
    for unit in here:
        scan_unit(count_id=count.pk, barcode=unit.barcode, by=ola)
    assert reserved.items.get().unit.state == "reserved"
    return finish_count(count_id=count.pk, by=ola)


def test_it_is_foreseen_what_comes_of_each_and_what_it_costs(counted: UnitCount, ola: User) -> None:
    found = foresee(counted, by=ola)

    assert {fate: len(lines) for fate, lines in found.by_fate.items()} == {
        Fate.LOST: 1,
        Fate.PLACED: 1,
        Fate.INSPECTION: 1,
        Fate.LEFT: 1,
    }
    assert (found.expected, found.lost) == (4, 1)
    assert found.cost is not None
    assert str(found.cost.amount) == "40.00"
    (left,) = found.by_fate[Fate.LEFT]
    assert "reserved for a trial" in left.why


def test_what_was_foreseen_is_what_comes(counted: UnitCount, ola: User) -> None:
    found = foresee(counted, by=ola)
    done = accept_all(count_id=counted.pk, by=ola, expected=found.expected, lost=found.lost)

    assert (done.count, len(done.refused)) == (3, 1)
    for fate, state in ((Fate.LOST, "lost"), (Fate.INSPECTION, "inspection")):
        unit_id = found.by_fate[fate][0].counted.unit_id
        assert TrialUnit.objects.get(pk=unit_id).state == state


def test_who_may_not_write_units_off_accepts_the_rest_and_leaves_those_to_a_manager(
    counted: UnitCount,
) -> None:
    ada = StaffFactory(name="Ada")
    found = foresee(counted, by=ada)
    assert (found.expected, found.lost) == (4, 0)
    done = accept_all(count_id=counted.pk, by=ada, expected=4, lost=0)

    assert done.count == 2
    assert any("Only a manager may write" in why for why in done.refused)
    missing = CountedUnit.objects.select_related("unit").filter(count=counted, finding="missing")
    assert {(line.decision, line.unit.state) for line in missing} == {
        ("", "available"),
        ("", "reserved"),
    }
    line = next(line for line in missing if line.unit.state == "available")
    with pytest.raises(MayNotGiveUpError, match=line.unit.barcode):
        accept_finding(counted_id=line.pk, by=ada, lost=True)


def test_the_report_leaves_what_is_lost_to_a_manager(counted: UnitCount, console: Client) -> None:
    here = f"/console/units/counts/{counted.pk}/"
    assert "It is lost" in console.get(here).content.decode()
    client = Client()
    client.force_login(StaffFactory())
    report = client.get(here).content.decode()
    assert ("It is lost" in report, report.count("For a manager to decide")) == (False, 2)
    line = CountedUnit.objects.get(
        count=counted, finding="missing", unit__state=UnitState.AVAILABLE
    )
    sent = {"line": line.pk, "lost": "1"}
    assert client.post(f"{here}decide/", sent).status_code == 403
    url = f"/api/v1/staff/units/counts/{counted.pk}/findings/{line.pk}/accept/"
    answer = client.post(
        url, {"lost": True}, "application/json", headers={"Idempotency-Key": "hers"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "may_not_give_up")
    line.refresh_from_db()
    assert line.decision == ""


def test_nothing_is_accepted_once_a_colleague_has_decided_something(
    counted: UnitCount, ola: User
) -> None:
    found = foresee(counted, by=ola)
    line = CountedUnit.objects.get(count=counted, finding="misplaced")
    dismiss_finding(counted_id=line.pk, by=StaffFactory(name="Ada"), reason="It is mine")

    with pytest.raises(CountChangedError, match="Ada"):
        accept_all(count_id=counted.pk, by=ola, expected=found.expected, lost=found.lost)
    assert not CountedUnit.objects.filter(count=counted, decision="accepted").exists()


def test_nothing_is_accepted_where_more_would_be_lost_than_was_shown(
    counted: UnitCount, ola: User
) -> None:
    with pytest.raises(CountChangedError, match="1 unit"):
        accept_all(count_id=counted.pk, by=ola, expected=4, lost=0)


def test_the_page_shows_it_before_it_is_done(console: Client, counted: UnitCount) -> None:
    here = f"/console/units/counts/{counted.pk}/"
    report = console.get(here).content.decode()
    assert 'value="all"' not in report
    assert f"{here}accept/" in report

    # Pressed on a page of before: it is shown, and nothing done.
    early = console.post(f"{here}decide/", {"line": "all"})
    assert early["Location"] == f"{here}accept/"
    assert not CountedUnit.objects.exclude(decision="").exists()

    page = console.get(f"{here}accept/").content.decode()
    for words in ("1 unit is written off as lost", "40.00", "reserved for a trial", "1 is left"):
        assert words in page, words

    sent = {"line": "all", "expected": "4", "lost": "1"}
    done = console.post(f"{here}decide/", sent, follow=True)
    assert "3 findings are accepted" in done.content.decode()
    # Again, it is told what happened.
    again = console.post(f"{here}decide/", sent, follow=True, headers={"Referer": f"{here}accept/"})
    assert "Ola Nowak" in str(*again.context["messages"])


def _line(count: UnitCount, finding: str) -> CountedUnit:
    return CountedUnit.objects.get(count=count, finding=finding, unit__state="available")


def test_one_unit_is_written_off_after_a_page_that_says_what_it_costs(
    console: Client, counted: UnitCount, ola: User
) -> None:
    here, line = f"/console/units/counts/{counted.pk}/", _line(counted, "missing")
    look = f"{here}accept/?line={line.pk}"
    form = f'action="{here}accept/" method="get"><input type="hidden" name="line" value="{line.pk}"'
    assert form in console.get(here).content.decode()

    # Pressed on a page of before: it is shown, and nothing done.
    early = console.post(f"{here}decide/", {"line": line.pk})
    assert early["Location"] == look
    assert not CountedUnit.objects.exclude(decision="").exists()

    page = console.get(look).content.decode()
    for words in ("Accept 1 finding?", "1 unit is written off as lost", "40.00", "Yes, it is lost"):
        assert words in page, words
    assert f'name="line" value="{line.pk}"' in page
    other = _line(counted, "misplaced").unit.barcode
    assert (line.unit.barcode in page, other in page) == (True, False)

    sent = {"line": line.pk, "expected": "1", "lost": "1"}
    assert console.post(f"{here}decide/", sent)["Location"] == here
    line.refresh_from_db()
    assert (line.decision, line.decided_by, line.unit.state) == ("accepted", ola, "lost")
    assert CountedUnit.objects.exclude(decision="").get() == line
    # Of what is decided there is nothing more to look at.
    assert console.get(look)["Location"] == here


def test_a_unit_that_is_no_more_on_its_shelf_is_not_offered_to_be_written_off(
    console: Client, counted: UnitCount
) -> None:
    line = CountedUnit.objects.get(count=counted, unit__state="reserved")

    page = console.get(f"/console/units/counts/{counted.pk}/accept/?line={line.pk}")

    assert "reserved for a trial" in page.content.decode()
    assert 'name="line"' not in page.content.decode()


@pytest.mark.parametrize("line", ["x", "0", "99999999999999999999"])
def test_a_look_at_no_line_of_the_count_is_refused(
    console: Client, counted: UnitCount, line: str
) -> None:
    page = console.get(f"/console/units/counts/{counted.pk}/accept/?line={line}")
    assert page.status_code in (404, 422)


def test_what_writes_nothing_off_is_accepted_by_one_click(
    console: Client, counted: UnitCount
) -> None:
    line = _line(counted, "misplaced")
    console.post(f"/console/units/counts/{counted.pk}/decide/", {"line": line.pk})
    line.refresh_from_db()
    assert (line.decision, line.unit.location) == ("accepted", "B2")


def test_a_program_writes_a_unit_off_only_once_it_says_that_it_has_seen_that(
    counted: UnitCount, ola: User
) -> None:
    api, line = APIClient(), _line(counted, "missing")
    api.force_authenticate(ola)
    url = f"/api/v1/staff/units/counts/{counted.pk}/findings/{line.pk}/accept/"

    def sent(body: dict[str, bool], key: str) -> Any:
        return api.post(url, body, format="json", headers={"Idempotency-Key": key})

    looked = api.get(url).json()
    assert (looked["expected"], looked["lost"], looked["cost"], looked["currency"]) == (
        *(1, 1),
        *("40.00", "EUR"),
    )
    for body in ({}, {"lost": False}):
        refused = sent(body, "early")
        assert (refused.status_code, refused.json()["code"]) == (409, "write_off_unseen")
        assert (refused.json()["cost"], refused.json()["currency"]) == ("40.00", "EUR")
        assert "for which €40.00 is booked" in refused.json()["detail"]
    line.refresh_from_db()
    assert (line.decision, line.unit.state) == ("", "available")

    for _twice in range(2):
        assert sent({"lost": True}, "meant").json()["state"] == "lost"
    assert line.unit.movements.filter(to_state="lost").get().actor == ola


def test_without_cost_rates_a_program_is_refused_without_a_cost(ola: User) -> None:
    TrialUnitFactory(location="B2")
    count = finish_count(count_id=start_count(location="B2", by=ola).pk, by=ola)
    with pytest.raises(WriteOffUnseenError, match="as lost, and nothing was done") as refused:
        accept_finding(counted_id=count.units.get().pk, by=ola)
    assert refused.value.extra == {"cost": None, "currency": None}


def test_without_cost_rates_no_cost_is_made_up(console: Client, ola: User) -> None:
    TrialUnitFactory(location="B2")
    count = finish_count(count_id=start_count(location="B2", by=ola).pk, by=ola)
    page = console.get(f"/console/units/counts/{count.pk}/accept/").content.decode()
    assert "no cost rates" in page


def test_looking_takes_as_many_statements_for_more_findings(console: Client, ola: User) -> None:
    taken = []
    for shelf, units in (("B2", 1), ("B3", 4)):
        TrialUnitFactory.create_batch(units, location=shelf)
        count = finish_count(count_id=start_count(location=shelf, by=ola).pk, by=ola)
        with CaptureQueriesContext(connection) as captured:
            console.get(f"/console/units/counts/{count.pk}/accept/")
        taken.append(len(captured))
    assert taken[0] == taken[1]


def test_programs_say_what_they_have_seen(counted: UnitCount, ola: User) -> None:
    api = APIClient()
    api.force_authenticate(ola)
    url = f"/api/v1/staff/units/counts/{counted.pk}/accept-all/"

    def sent(body: dict[str, int]) -> Any:
        return api.post(url, body, format="json")

    looked = api.get(url).json()
    assert looked == {
        "expected": 4,
        "lost": 1,
        "placed": 1,
        "available": 0,
        "inspection": 1,
        "left": 1,
        "cost": "40.00",
        "currency": "EUR",
    }
    assert sent({}).status_code == 400
    changed = sent({"expected": 3, "lost": 1})
    assert (changed.status_code, changed.json()["code"]) == (409, "count_changed")
    assert (changed.json()["expected"], changed.json()["lost"]) == (4, 1)
    assert sent({"expected": 4, "lost": 1}).json()["accepted"] == 3
    assert sent({"expected": 4, "lost": 1}).json()["code"] == "count_changed"
