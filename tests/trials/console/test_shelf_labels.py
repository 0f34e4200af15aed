"""Shelves with labels: printed, and scanned where units are counted and picked."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests.factories.shop import StaffFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from trials.fulfilment.models import UnitNotFound
from trials.fulfilment.services.batching import make_batch
from trials.units.errors import ShelfInvalidError
from trials.units.models import UnitCount
from trials.units.shelves import shelf, shelf_code, shelf_scanned

COUNTS = "/console/units/counts/"


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def scan(ops: Client, url: str, code: str) -> Any:
    return ops.post(url, {"barcode": code}, headers={"HX-Request": "true"})


@pytest.mark.parametrize("name", ["B2", "ROW 2-1", "GRÜN 4", "50%"])
def test_what_a_label_says_is_the_shelf_it_is_on(name: str) -> None:
    code = shelf_code(name)
    assert code.isascii()
    assert shelf_scanned(code.lower()) == name
    assert shelf(code) == name


def test_a_unit_a_typed_shelf_and_too_long_a_label_are_no_label_of_a_shelf() -> None:
    assert (shelf_scanned("LG123456782"), shelf_scanned("B2"), shelf("b2")) == ("", "", "B2")
    with pytest.raises(ShelfInvalidError):
        shelf_scanned(f"LGS-{'A' * 21}")


@pytest.mark.django_db
@pytest.mark.parametrize("paper", ["sheet", "roll"])
def test_labels_are_printed_of_all_shelves_in_the_order_of_the_walk_or_of_those_named(
    ops: Client, paper: str
) -> None:
    url = reverse("console:shelf_labels")
    assert ops.get(url).status_code == 422
    for place in ("A10", "A2", "A2", ""):
        TrialUnitFactory(location=place)

    def words(**asked: str) -> list[str]:
        paper_made = PdfReader(io.BytesIO(ops.get(url, {"paper": paper, **asked}).content))
        text = "\n".join(page.extract_text() for page in paper_made.pages)
        return [line for line in text.split("\n") if line.startswith("LGS-")]

    assert words() == ["LGS-A2", "LGS-A10"]
    assert words(shelves="c1, b2,c1,") == ["LGS-C1", "LGS-B2"]
    assert ops.get(url, {"shelves": "A" * 21}).status_code == 422


@pytest.mark.django_db
def test_a_shelf_is_counted_by_its_label_and_another_only_once_the_count_is_ended(
    ops: Client,
) -> None:
    unit = TrialUnitFactory(location="A1")
    here = scan(ops, COUNTS, "lgs-a1")["HX-Redirect"]
    assert UnitCount.objects.get().location == "A1"
    assert scan(ops, here, "LGS-A1").status_code == 200
    refused = scan(ops, here, "LGS-B2")
    assert (refused.status_code, "Another shelf" in refused.content.decode()) == (409, True)
    assert "1 of 1" in scan(ops, here, unit.barcode).content.decode()
    report = scan(ops, here, "DO-FINISH")["HX-Redirect"]
    assert "Scan the next shelf" in ops.get(report).content.decode()


@pytest.mark.django_db
def test_a_picked_shelf_says_what_is_to_be_taken_and_what_is_not_there_is_of_it(
    ops: Client,
) -> None:
    near, far = (TrialUnitFactory(variant=VariantFactory(), location=each) for each in ("A1", "B2"))
    TrialUnitFactory(location="C3")
    approved_trial(variants=[near.variant, far.variant])
    batch = make_batch(count=1, by=StaffFactory())
    url = reverse("console:batch", args=[batch.pk])
    nothing = scan(ops, url, "LGS-C3")
    assert nothing.status_code == 409
    assert f"Next: {near.barcode} on shelf A1" in nothing.content.decode()
    here = scan(ops, url, "LGS-B2").content.decode()
    assert "1 unit here" in here
    assert f"{far.barcode}, " in here.partition("pick-lines")[0]
    assert f"{far.barcode}, " in scan(ops, url, "DO-NOT-THERE").content.decode()
    scan(ops, url, "DO-NOT-THERE")
    assert UnitNotFound.objects.get().unit == far
    assert f"{near.barcode}, " in scan(ops, url, "DO-NOT-THERE").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("paper", ["sheet", "roll"])
def test_the_api_prints_labels_of_all_shelves_or_of_those_named(ops: Client, paper: str) -> None:
    url = reverse("api-staff-shelf-labels")

    def post(**sent: object) -> Any:
        return ops.post(url, {"paper": paper, **sent}, content_type="application/json")

    def words(**sent: object) -> list[str]:
        answer = post(**sent)
        assert answer["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answer.content)).pages
        text = "\n".join(page.extract_text() for page in pages)
        return [line for line in text.split("\n") if line.startswith("LGS-")]

    refused = post()
    assert (refused.status_code, refused.json()["code"]) == (422, "label_count")
    for place in ("A10", "A2"):
        TrialUnitFactory(location=place)
    assert words() == ["LGS-A2", "LGS-A10"]
    assert words(shelves=["c1", " c1 ", "LGS-D4"]) == ["LGS-C1", "LGS-D4"]
    assert post(shelves=["A" * 21]).status_code == 400
    assert post(shelves=["A1"] * 501).status_code == 400
