"""At the tables one scan follows another, and a wrong one says why."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, delivered_trial
from trials.home_trials.models import Trial
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _barcodes(trial: Trial) -> list[str]:
    return list(trial.items.order_by("pk").values_list("unit__barcode", flat=True))


def _url(name: str, trial: Trial) -> str:
    return reverse(f"console:{name}", args=[trial.number])


def test_a_box_is_packed_scan_by_scan_closed_and_shipped(ops: Client) -> None:
    trial = approved_trial(frames=2)
    first, second = _barcodes(trial)
    url = _url("pack_trial", trial)

    answer = ops.post(url, {"barcode": first}, headers=HTMX).content.decode()
    assert "Packed 1 of 2" in answer
    assert "Close the box" not in answer
    answer = ops.post(url, {"barcode": second}, headers=HTMX).content.decode()
    assert "Box complete" in answer
    assert "Close the box" in answer

    page = ops.post(_url("pack_finish", trial), follow=True)
    assert "Mark as shipped" in page.content.decode()
    assert ops.get(_url("labels", trial)).content.startswith(b"%PDF")
    ops.post(_url("trial_ship", trial), {"next": "pack"})
    trial.refresh_from_db()
    assert trial.state == "shipped"


def test_a_wrong_unit_is_refused_with_its_reason_and_not_packed(ops: Client) -> None:
    trial, stranger = approved_trial(), TrialUnitFactory()
    answer = ops.post(_url("pack_trial", trial), {"barcode": stranger.barcode}, headers=HTMX)

    assert answer.status_code == 409
    assert 'data-scan-state="refused"' in answer.content.decode()
    assert "not part of this box" in answer.content.decode()


def test_packing_works_without_scripts(ops: Client) -> None:
    trial = approved_trial(frames=1)
    answer = ops.post(_url("pack_trial", trial), {"barcode": _barcodes(trial)[0]})

    assert "<html" in answer.content.decode()
    assert "Box complete" in answer.content.decode()


def test_the_next_box_is_found_by_its_number(ops: Client) -> None:
    trial = approved_trial()
    answer = ops.post(reverse("console:pack"), {"barcode": trial.number.lower()}, headers=HTMX)

    assert answer["HX-Redirect"] == _url("pack_trial", trial)


def test_a_trial_that_is_out_is_not_packed_again(ops: Client) -> None:
    trial = delivered_trial()
    answer = ops.post(reverse("console:pack"), {"barcode": trial.number}, headers=HTMX)

    assert answer.status_code == 422
    assert "Only approved trials" in answer.content.decode()


@pytest.mark.parametrize("code", ["number", "label", "unit"])
def test_a_box_that_came_back_is_opened_by_anything_on_or_in_it(ops: Client, code: str) -> None:
    trial = delivered_trial()
    _outbound, back = create_labels(trial_id=trial.pk, by=StaffFactory())
    scanned = {
        "number": trial.number,
        "label": back.tracking_number,
        "unit": _barcodes(trial)[0],
    }[code]

    assert ops.post(reverse("console:check_in"), {"barcode": scanned}).url == _url(
        "check_in_trial", trial
    )


def test_units_are_scanned_and_graded_by_number_until_the_trial_closes(ops: Client) -> None:
    trial = delivered_trial(frames=2)
    first, second = _barcodes(trial)
    url = _url("check_in_trial", trial)

    answer = ops.post(url, {"barcode": first}, headers=HTMX).content.decode()
    assert "Light traces" in answer
    answer = ops.post(url, {"barcode": "2"}, headers=HTMX).content.decode()
    assert "1 of 2 back" in answer
    ops.post(url, {"barcode": second}, headers=HTMX)
    ops.post(url, {"barcode": "4", "unit": second, "note": "Hinge loose"}, headers=HTMX)
    ops.post(_url("check_in_finish", trial))

    trial.refresh_from_db()
    found = trial.items.order_by("pk").values_list(
        "inspection__grade", "inspection__finding", "inspection__note"
    )
    assert list(found) == [("B", "good", ""), ("D", "repair", "Hinge loose")]
    assert trial.state == "closed"


def test_a_grade_before_a_scan_is_refused(ops: Client) -> None:
    trial = delivered_trial()
    answer = ops.post(_url("check_in_trial", trial), {"barcode": "1"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Scan a frame first" in answer.content.decode()


def test_a_grade_never_meets_the_unit_of_the_box_before(ops: Client) -> None:
    before, trial = delivered_trial(), delivered_trial()
    ops.post(_url("check_in_trial", before), {"barcode": _barcodes(before)[0]})
    ops.post(reverse("console:check_in"), {"barcode": trial.number})
    answer = ops.post(_url("check_in_trial", trial), {"barcode": "1"}, headers=HTMX)

    assert answer.status_code == 422
    assert not before.items.exclude(settled_at=None).exists()


def test_an_unknown_code_says_so_on_the_screen(ops: Client) -> None:
    answer = ops.post(reverse("console:check_in"), {"barcode": "<b>?"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Unknown code" in answer.content.decode()
    assert "<b>" not in answer.content.decode().lower().replace("</b>", "")
