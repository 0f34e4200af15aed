"""Labelled frames become units by a file: in the console and by the API, and work at each table."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial
from tests.trials.returns.boxes_back import item_of
from trials.console.queries.units import UnitFilter, units_matching
from trials.units.models import TrialUnit, UnitMovement

pytestmark = pytest.mark.django_db
PAGE, API = "/console/units/import/", "/api/v1/staff/units/import/"
TEXT = "sku;barcode;shelf;grade\r\nADA-48;F-00421;B2;A\r\nADA-48;F-00422;C4;D\r\n"


@pytest.fixture
def ola() -> User:
    VariantFactory(sku="ADA-48")
    return StaffFactory()


@pytest.fixture
def console(ola: User) -> Client:
    client = Client()
    client.force_login(ola)
    return client


@pytest.fixture
def api(ola: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ola)
    return client


def _look(console: Client, text: str) -> HttpResponse:
    return console.post(PAGE, {"file": SimpleUploadedFile("units.csv", text.encode("utf-8-sig"))})


def _button(page: HttpResponse) -> dict[str, str]:
    """Return what the button of a page sends."""
    names = re.findall(r'name="(way|kept|seen)" value="([^"]*)"', page.content.decode())
    return {name: html.unescape(value) for name, value in names}


def test_a_file_is_looked_at_first_and_then_imported_by_a_button(
    console: Client, ola: User
) -> None:
    assert "sku, barcode, shelf" in console.get(PAGE).content.decode()
    page = _look(console, TEXT)
    assert page.status_code == 200
    assert "2 units would be made" in page.content.decode()
    assert "1 is graded D and goes to repair" in page.content.decode()
    assert not TrialUnit.objects.exists()

    answer = console.post(PAGE, _button(page), follow=True)

    assert "2 units were imported." in answer.content.decode()
    assert "F-00421" in answer.content.decode()
    assert UnitMovement.objects.filter(actor=ola).count() == 2


def test_lines_that_are_wrong_are_named_and_there_is_no_button(console: Client) -> None:
    TrialUnitFactory(barcode="F-00421")

    page = _look(console, TEXT + "NONE;F-00423;B2;A\r\nNONE;F-00424;B2;X\r\n")

    said = page.content.decode()
    for row in (
        r"No variant has this SKU.</th><td class=\"num\">2</td><td>4, 5</td>",
        r"Another unit has this barcode already.</th><td class=\"num\">1</td><td>2</td>",
        r"The grade is none of A, B, C and D.</th><td class=\"num\">1</td><td>5</td>",
    ):
        assert re.search(row, said), row
    assert _button(page) == {}


def test_a_page_grown_old_imports_nothing_and_shows_what_it_would_do_now(console: Client) -> None:
    page = _look(console, TEXT)
    TrialUnitFactory(barcode="F-00421")

    answer = console.post(PAGE, _button(page))

    assert answer.status_code == 409
    assert "Nothing was imported" in answer.content.decode()
    assert "Another unit has this barcode already." in answer.content.decode()
    assert TrialUnit.objects.count() == 1


@pytest.mark.parametrize("kept", ["", "forged", "x:y:z"])
def test_what_the_page_did_not_give_is_not_imported(console: Client, kept: str) -> None:
    sent = _button(_look(console, TEXT)) | {"kept": kept}

    answer = console.post(PAGE, sent)

    assert answer.status_code == 422
    assert "Choose it again." in answer.content.decode()
    assert not TrialUnit.objects.exists()


def test_what_is_no_such_file_is_told_at_the_field(console: Client) -> None:
    answers = [
        (_look(console, "colour\nred\n"), "The first line names each column once"),
        (console.post(PAGE, {}), "This field is required."),
        (
            console.post(PAGE, {"file": SimpleUploadedFile("units.xlsx", b"PK\x03\x04\xff")}),
            "This is no text in UTF-8.",
        ),
    ]
    for answer, words in answers:
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_program_looks_first_and_sends_what_it_saw(api: APIClient) -> None:
    shown = api.post(API, {"csv": TEXT, "dry_run": True})
    assert shown.status_code == 200
    assert shown.json() | {"seen": ""} == {
        "units": 2,
        "to_repair": 1,
        "variants": 1,
        "troubles": [],
        "seen": "",
        "imported": False,
    }
    sent = {"csv": TEXT, "dry_run": False, "seen": shown.json()["seen"]}
    assert api.post(API, sent).json()["code"] == "idempotency_key_missing"
    key = {"Idempotency-Key": "one"}
    unseen = api.post(API, sent | {"seen": ""}, headers={"Idempotency-Key": "none"})
    assert (unseen.status_code, unseen.json()["code"]) == (409, "import_not_as_seen")
    assert not TrialUnit.objects.exists()

    done = [api.post(API, sent, headers=key) for _twice in range(2)]

    assert [each.status_code for each in done] == [201, 201]
    assert done[0].json() == done[1].json()
    assert done[0].json()["imported"]
    assert TrialUnit.objects.count() == 2


def test_a_program_is_told_the_lines_of_each_trouble(api: APIClient) -> None:
    shown = api.post(API, {"csv": TEXT + "NONE;LGS-B2;B2;A\r\n", "dry_run": True}).json()

    assert [(each["code"], each["lines"]) for each in shown["troubles"]] == [
        ("unknown_sku", [4]),
        ("barcode_ours", [4]),
    ]
    assert (shown["units"], shown["seen"]) == (0, "")
    refused = api.post(API, {"csv": "colour\nred\n", "dry_run": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "unit_file")


def test_a_unit_that_came_with_its_label_is_checked_in_by_its_scan(console: Client) -> None:
    trial = delivered_trial(user=UserFactory())
    TrialUnit.objects.filter(pk=item_of(trial).unit_id).update(barcode="F-00421")
    table = reverse("console:check_in_trial", args=[trial.number])

    for code in ("f-00421", "1"):
        assert console.post(table, {"barcode": code}, headers={"HX-Request": "true"}).status_code

    assert item_of(trial).inspection.unit.barcode == "F-00421"


def test_a_unit_is_found_by_the_beginning_of_the_label_it_came_with() -> None:
    unit = TrialUnitFactory(barcode="F-00421")
    TrialUnitFactory(barcode="G-00421")

    assert list(units_matching(UnitFilter(words="f-004"))) == [unit]
