"""Units in the console and by the API: found, made, printed, tended, counted."""

import csv
import io
import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import ManagerFactory, StaffFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, requested_trial
from trials.console.barcode_labels import Paper, unit_labels_pdf
from trials.console.queries.units import UnitFilter, keyset_page, units_matching
from trials.units.models import CountedUnit, TrialUnit, UnitCount
from trials.units.services.making import create_units
from trials.units.services.tending import place_unit
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
UNITS = "/console/units/"
API = "/api/v1/staff/units/"


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def console(ola: User) -> Client:
    client = Client()
    client.force_login(ola)
    return client


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(ManagerFactory())
    return client


@pytest.fixture
def api(ola: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ola)
    return client


def _key(n: int) -> dict[str, str]:
    return {"Idempotency-Key": f"key-{n}"}


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_units_are_found_by_barcode_shelf_sku_frame_and_state(console: Client) -> None:
    one = TrialUnitFactory(location="B2")
    other = TrialUnitFactory(location="C4", state=UnitState.REPAIR)

    for query in (
        f"?q={one.barcode[:9].lower()}",
        "?q=b2",
        "?location=B2",
        f"?q={one.variant.sku}",
        f"?variant={one.variant_id}",
        "?state=available",
    ):
        page = console.get(UNITS + query).content.decode()
        assert one.barcode in page, query
        assert other.barcode not in page, query
    assert "No unit here" in console.get(f"{UNITS}?q=nothing").content.decode()
    assert console.get(f"{UNITS}?before=99999999999999999999&variant=x").status_code == 200


def test_pages_follow_each_other_by_their_edges_there_and_back() -> None:
    units = [unit.pk for unit in create_units(variant_id=VariantFactory().pk, count=5)][::-1]
    found = units_matching(UnitFilter())

    def page(before: int | None = None, after: int | None = None):
        rows, later, earlier = keyset_page(found, before=before, after=after, size=2)
        return [row.pk for row in rows], later, earlier

    assert page() == (units[:2], False, True)
    assert page(before=units[1]) == (units[2:4], True, True)
    assert page(before=units[3]) == (units[4:], True, False)
    assert page(after=units[4]) == (units[2:4], True, True)
    assert page(after=units[2]) == (units[:2], False, True)


def test_new_units_come_with_their_labels(console: Client) -> None:
    variant = VariantFactory()

    answer = console.post(
        f"{UNITS}new/", {"sku": variant.sku.lower(), "count": 26, "location": "b2"}, follow=True
    )

    assert "26 units of" in answer.content.decode()
    assert TrialUnit.objects.filter(variant=variant, location="B2").count() == 26
    query = answer.redirect_chain[0][0].partition("?")[2]
    labels = console.get(f"{UNITS}labels.pdf?{query}&paper=sheet")
    assert labels["Content-Type"] == "application/pdf"
    assert _pages(labels.content) == 2
    assert _pages(console.get(f"{UNITS}labels.pdf?{query}&paper=roll").content) == 26
    unknown = console.post(f"{UNITS}new/", {"sku": "none", "count": 1})
    assert unknown.status_code == 422


def test_labels_are_of_the_units_that_were_ticked_and_of_none_without_any(
    console: Client,
) -> None:
    units = create_units(variant_id=VariantFactory().pk, count=3)

    ticked = "&".join(f"unit={unit.pk}" for unit in units[:2])
    assert _pages(console.get(f"{UNITS}labels.pdf?{ticked}&paper=roll").content) == 2
    assert console.get(f"{UNITS}labels.pdf?state=lost").status_code == 422


def test_a_label_names_frame_sku_and_shelf_in_letters_every_printer_has() -> None:
    variant = VariantFactory(frame__name="Łódź " * 12, colour="Ωmega")
    units = create_units(variant_id=variant.pk, count=25, location="B2")

    for paper, pages in ((Paper.SHEET, 2), (Paper.ROLL, 25)):
        pdf = unit_labels_pdf(units, paper=paper)
        assert pdf.startswith(b"%PDF")
        assert _pages(pdf) == pages


def test_a_units_page_shows_its_history_and_its_buttons_act(
    console: Client, manager: Client
) -> None:
    unit = TrialUnitFactory(location="B2")
    page = f"{UNITS}{unit.barcode}/"

    console.post(f"{page}repair/", {"reason": "loose hinge"})
    assert "Retire" not in console.get(page).content.decode()
    console.post(f"{page}back/", {"grade": "B", "reason": "new screw"})
    console.post(f"{page}place/", {"location": "c4", "grade": "C", "reason": "tidied"})
    assert console.post(f"{page}retire/", {"reason": "worn"}).status_code == 403
    assert manager.post(f"{page}write-off/", {"reason": ""}).status_code == 422
    manager.post(f"{page}retire/", {"reason": "worn"})

    unit.refresh_from_db()
    assert (unit.state, unit.location, unit.grade) == ("retired", "C4", "C")
    shown = manager.get(page).content.decode()
    for words in ("loose hinge", "Available, grade B", "Shelf C4, grade C", "tidied", "worn"):
        assert words in shown, words


def test_a_unit_of_a_trial_is_told_to_be_settled_there(console: Client) -> None:
    unit = requested_trial(frames=1).items.get().unit

    answer = console.post(f"{UNITS}{unit.barcode}/repair/", {"reason": ""})

    assert answer.status_code == 409
    assert "a trial holds it" in answer.content.decode()
    assert console.post(f"{UNITS}{unit.barcode}/explode/").status_code == 422


def test_a_shelf_is_counted_by_the_scanner_alone_without_scripts(console: Client) -> None:
    there, missing = TrialUnitFactory(location="B2"), TrialUnitFactory(location="B2")
    lost = TrialUnitFactory(location="B2", state=UnitState.LOST)

    begun = console.post(f"{UNITS}counts/", {"barcode": "b2"})
    page = begun["Location"]
    first = console.post(page, {"barcode": there.barcode}).content.decode()
    again = console.post(page, {"barcode": there.barcode}).content.decode()
    unknown = console.post(page, {"barcode": "LG1"})
    surplus = console.post(page, {"barcode": lost.barcode}).content.decode()
    console.post(f"{page}finish/")
    report = console.get(page).content.decode()

    assert "1 of 2" in first
    assert "Counted before" in again
    assert unknown.status_code == 422
    assert 'data-scan-state="refused"' in unknown.content.decode()
    assert "Not expected here" in surplus
    assert "in the books: Lost" in surplus
    assert missing.barcode in report
    assert there.barcode not in report

    console.force_login(manager := ManagerFactory())
    console.post(f"{page}decide/", {"line": "all", "expected": "2", "lost": "1"})

    states = TrialUnit.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["available", "lost", "inspection"]
    assert missing.movements.latest("pk").actor == manager


def test_with_scripts_only_the_screen_and_the_list_come_back(console: Client) -> None:
    unit = TrialUnitFactory(location="B2")
    page = console.post(f"{UNITS}counts/", {"barcode": "B2"}, headers={"HX-Request": "true"})
    assert page.status_code == 204

    answer = console.post(
        page["HX-Redirect"], {"barcode": unit.barcode}, headers={"HX-Request": "true"}
    ).content.decode()

    assert 'data-scan-state="ok"' in answer
    assert 'id="checklist" hx-swap-oob="true"' in answer
    assert "<html" not in answer


def test_one_finding_is_left_as_it_is_with_a_reason_and_shown_so(console: Client) -> None:
    unit = TrialUnitFactory(location="B2")
    page = console.post(f"{UNITS}counts/", {"barcode": "B2"})["Location"]
    console.post(f"{page}finish/")
    line = CountedUnit.objects.get(unit=unit).pk

    unsaid = console.post(f"{page}decide/", {"line": line, "way": "dismiss"})
    console.post(f"{page}decide/", {"line": line, "way": "dismiss", "reason": "In the window"})

    assert unsaid.status_code == 422
    assert "In the window" in console.get(page).content.decode()
    assert console.post(f"{page}decide/", {"line": "x"}).status_code == 422


def test_the_report_as_csv_runs_no_formula(console: Client, ola: User) -> None:
    User.objects.filter(pk=ola.pk).update(name="=cmd|'/c calc'!A1")
    unit = TrialUnitFactory(location="C1")
    page = console.post(f"{UNITS}counts/", {"barcode": "B2"})["Location"]
    console.post(page, {"barcode": unit.barcode})
    console.post(f"{page}finish/")

    sent = b"".join(console.get(f"{page}report.csv").streaming_content).decode()
    head, row = csv.reader(io.StringIO(sent))

    told = dict(zip(head, row, strict=True))
    assert (told["barcode"], told["finding"], told["expected_shelf"]) == (
        unit.barcode,
        "misplaced",
        "C1",
    )
    assert told["seen_by"].startswith("'=cmd")


def test_a_scanners_app_makes_tends_and_counts_units(api: APIClient) -> None:
    variant = VariantFactory()
    body = {"variant_id": variant.pk, "count": 2, "location": "B2"}
    made = api.post(API, body, headers=_key(1))
    assert api.post(API, body, headers=_key(1)).json() == made.json()
    first, second = made.json()["barcodes"]

    repaired = api.post(f"{API}{first}/repair/", {"reason": "loose"}, headers=_key(2)).json()
    back = api.post(f"{API}{first}/back/", {"grade": "B"}, headers=_key(3)).json()
    placed = api.patch(f"{API}{first}/", {"location": "C4"}).json()
    refused = api.post(f"{API}{first}/retire/", {"reason": "worn"}, headers=_key(4))
    listed = api.get(f"{API}?location=B2").json()["results"]

    assert (repaired["state"], back["grade"], placed["location"]) == ("repair", "B", "C4")
    assert [move["to_state"] for move in placed["movements"]] == [
        "available",
        "repair",
        "available",
        "available",
    ]
    assert refused.status_code == 403
    assert [row["barcode"] for row in listed] == [second]

    count = api.post(f"{API}counts/", {"location": "B2"}).json()
    here = f"{API}counts/{count['id']}/"
    scan = api.post(f"{here}scan/", {"barcode": first}).json()
    assert (scan["expected"], scan["believed_location"], scan["again"]) == (False, "C4", False)
    assert api.post(f"{here}finish/").json()["findings"] == 2
    findings = {row["barcode"]: row for row in api.get(f"{here}findings/").json()["results"]}
    assert {code: row["difference"] for code, row in findings.items()} == {
        first: "misplaced",
        second: "missing",
    }
    line = f"{here}findings/{findings[second]['id']}/"
    dismissed = api.post(f"{line}dismiss/", {"reason": "In the window"}).json()
    assert (dismissed["decision"], dismissed["state"]) == ("dismissed", "available")
    assert api.post(f"{line}accept/", {}, headers=_key(5)).status_code == 409
    accepted = api.post(f"{here}accept-all/", {"expected": 1, "lost": 0})
    assert accepted.json() == {"accepted": 1, "refused": []}
    assert api.get(f"{API}{first}/").json()["location"] == "B2"
    other = UnitCount.objects.exclude(pk=count["id"]).count()
    assert other == 0


def test_labels_by_the_api_are_a_pdf_and_of_units_there_are(api: APIClient) -> None:
    unit = TrialUnitFactory()
    labels = api.post(
        f"{API}labels/", {"barcodes": [unit.barcode.lower()], "paper": "roll"}, format="json"
    )

    assert labels["Content-Type"] == "application/pdf"
    assert api.post(f"{API}labels/", {"barcodes": ["LG1"]}, format="json").status_code == 422


def test_a_count_ends_by_its_control_barcode(console: Client) -> None:
    unit = TrialUnitFactory(location="B2")
    page = console.post(f"{UNITS}counts/", {"barcode": "B2"})["Location"]

    ended = console.post(page, {"barcode": "do-finish"}, headers={"HX-Request": "true"})

    assert (ended.status_code, ended["HX-Redirect"]) == (204, page)
    assert UnitCount.objects.get().state == "finished"
    assert unit.barcode in console.get(page).content.decode()


def test_a_finding_is_decided_only_in_the_count_it_is_of(console: Client) -> None:
    TrialUnitFactory(location="B2")
    pages = [
        console.post(f"{UNITS}counts/", {"barcode": shelf})["Location"] for shelf in ("B2", "C4")
    ]
    for page in pages:
        console.post(f"{page}finish/")
    line = CountedUnit.objects.get()

    for way in ({}, {"way": "dismiss", "reason": "In the window"}):
        assert console.post(f"{pages[1]}decide/", {"line": line.pk, **way}).status_code == 404
    line.refresh_from_db()
    assert line.decision == ""
    seen = {"line": line.pk, "lost": "1"}
    console.force_login(ManagerFactory())
    assert console.post(f"{pages[0]}decide/", seen)["Location"] == pages[0]


def test_a_long_history_begins_with_its_latest_entries_and_is_whole_on_demand(
    console: Client, ola: User
) -> None:
    unit = TrialUnitFactory(location="B0")
    for n in range(1, 44):
        place_unit(unit_id=unit.pk, location=f"B{n}", by=ola, reason=f"round {n}.")
    page = f"{UNITS}{unit.barcode}/"

    latest = console.get(page).content.decode()
    assert "round 43." in latest
    assert "round 2." not in latest
    assert "round 1." in console.get(f"{page}?history=all").content.decode()
    assert 'href="?history=all"' in latest


def test_a_short_history_leads_nowhere_else(console: Client) -> None:
    unit = TrialUnitFactory()
    assert "history=all" not in console.get(f"{UNITS}{unit.barcode}/").content.decode()
