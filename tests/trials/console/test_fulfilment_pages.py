"""Picking, packing and handing over by scanner: what each scan shows, with scripts and without."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.customers.models import User
from tests.factories.shop import StaffFactory
from tests.factories.trials import (
    TrialUnitFactory,
    approved_trial,
    batch_of_one,
    packed_trial,
    undelivered,
)
from tests.trials.shipping.easypost_double import EasyPostDouble, Fault
from trials.console.views import manifests as manifest_views
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries.batches import batches
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import open_manifest
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels

HTMX = {"HX-Request": "true"}


@pytest.fixture
def by() -> User:
    return StaffFactory()  # type: ignore[return-value]


@pytest.fixture
def ops(client: Client, by: User) -> Client:
    client.force_login(by)
    return client


def _barcodes(trial: Trial) -> list[str]:
    return list(trial.items.order_by("pk").values_list("unit__barcode", flat=True))


def _scan(ops: Client, url: str, code: str) -> Any:
    return ops.post(url, {"barcode": code}, headers=HTMX)


def _pack(trial: Trial) -> str:
    return reverse("console:pack_trial", args=[trial.number])


@pytest.mark.django_db
def test_a_batch_is_made_and_picked_scan_by_scan(ops: Client) -> None:
    trial = approved_trial(frames=2)
    made = ops.post(reverse("console:batch_make"), {"count": "20"})
    batch = PickBatch.objects.get()
    url = reverse("console:batch", args=[batch.pk])
    assert made.url == url
    first, second = _barcodes(trial)
    answer = _scan(ops, url, first).content.decode()
    assert "Tote 1" in answer
    assert "1 unit to go" in answer
    assert "The batch is picked." in _scan(ops, url, second).content.decode()
    assert ops.get(reverse("console:batch_pdf", args=[batch.pk])).content.startswith(b"%PDF")
    assert f"B{batch.pk}" in ops.get(reverse("console:batch_list")).content.decode()


@pytest.mark.django_db
def test_picking_works_without_scripts_and_refuses_with_words(ops: Client) -> None:
    batch = batch_of_one()
    answer = ops.post(reverse("console:batch", args=[batch.pk]), {"barcode": "NONE"})
    assert answer.status_code == 422
    assert "<html" in answer.content.decode()
    assert 'data-scan-state="refused"' in answer.content.decode()


@pytest.mark.django_db
def test_a_unit_not_there_is_replaced_by_a_button(ops: Client) -> None:
    unit = TrialUnitFactory(location="A1")
    approved_trial(variants=[unit.variant])
    other = TrialUnitFactory(variant=unit.variant, location="A2")
    batch = make_batch(count=1, by=StaffFactory())
    url = reverse("console:batch_not_found", args=[batch.pk])
    page = ops.post(url, {"barcode": unit.barcode}, follow=True).content.decode()
    assert f"Take {other.barcode} from shelf A2" in page
    page = ops.post(url, {"barcode": other.barcode}, follow=True).content.decode()
    assert "no other is free" in page
    assert "Short of a unit" in ops.get(reverse("console:batch_list")).content.decode()


@pytest.mark.django_db
def test_each_unit_of_a_batch_has_a_button_of_the_one_form_that_says_it_is_not_there(
    ops: Client,
) -> None:
    trial = approved_trial(frames=2)
    batch = make_batch(count=1, by=StaffFactory())
    page = ops.get(reverse("console:batch", args=[batch.pk])).content.decode()
    to = reverse("console:batch_not_found", args=[batch.pk])
    assert f'<form id="not-there" action="{to}" method="post"><input type="hidden"' in page
    for barcode in _barcodes(trial):
        assert f'form="not-there" name="barcode" value="{barcode}"' in page


@pytest.mark.django_db
def test_batches_are_listed_with_their_own_boxes_and_units(ops: Client) -> None:
    approved_trial(frames=2)
    approved_trial(frames=3)
    both = make_batch(count=2, by=StaffFactory())
    approved_trial(frames=1)
    one = make_batch(count=1, by=StaffFactory())
    _scan(ops, reverse("console:batch", args=[both.pk]), _barcodes(both.totes.first().trial)[0])
    listed = {each.pk: (each.boxes, each.units, each.picked) for each in batches()}
    assert listed == {both.pk: (2, 5, 1), one.pk: (1, 1, None)}


@pytest.mark.django_db
def test_a_batch_is_given_up_with_a_reason(ops: Client) -> None:
    batch = batch_of_one()
    ops.post(reverse("console:batch_cancel", args=[batch.pk]), {"reason": "Wrong trolley"})
    assert batch.transitions.get(to_state="cancelled").reason == "Wrong trolley"


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["0", "61", "many", ""])
def test_a_count_that_is_none_is_refused_cleanly(ops: Client, count: str) -> None:
    assert ops.post(reverse("console:batch_make"), {"count": count}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["tote", "number", "unit"])
def test_the_table_opens_a_box_by_whatever_is_scanned_of_it(ops: Client, code: str) -> None:
    trial = approved_trial()
    batch = make_batch(count=1, by=StaffFactory())
    scanned = {"tote": f"b{batch.pk}-1", "number": trial.number, "unit": _barcodes(trial)[0]}
    answer = _scan(ops, reverse("console:pack"), scanned[code])
    assert answer["HX-Redirect"] == _pack(trial)


@pytest.mark.django_db
def test_a_box_is_packed_closed_and_printed_and_the_next_opened_by_scanner_alone(
    ops: Client,
) -> None:
    trial, following = approved_trial(frames=2), approved_trial()
    for code in _barcodes(trial):
        _scan(ops, _pack(trial), code)
    closed = _scan(ops, _pack(trial), "do-finish")
    assert closed["HX-Redirect"] == f"{_pack(trial)}?print"
    page = ops.get(closed["HX-Redirect"])
    assert "data-print-now" in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "data-print-now" not in ops.get(_pack(trial)).content.decode()

    again = _scan(ops, _pack(trial), "DO-REPRINT")
    assert again["HX-Redirect"] == f"{_pack(trial)}?print"
    assert _scan(ops, _pack(trial), following.number)["HX-Redirect"] == _pack(following)
    assert _scan(ops, _pack(following), "DO-CANCEL")["HX-Redirect"] == reverse("console:pack")


@pytest.mark.django_db
def test_the_labels_may_be_shown_in_our_own_frame_and_in_no_other(ops: Client, by: User) -> None:
    trial = packed_trial()
    create_labels(trial_id=trial.pk, by=by)
    answer = ops.get(reverse("console:labels", args=[trial.number]))
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    other = ops.get(reverse("console:pack"))
    assert (other["X-Frame-Options"], "frame-ancestors 'none'" in str(other.headers)) == (
        "DENY",
        True,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "words"),
    [("DO-FINISH", "Not all scanned"), ("DO-REPRINT", "not closed yet"), ("B9-9", "Unknown")],
)
def test_what_cannot_be_done_now_is_refused_in_red(ops: Client, code: str, words: str) -> None:
    answer = _scan(ops, _pack(approved_trial()), code)
    assert answer.status_code in (409, 422)
    assert 'data-scan-state="refused"' in answer.content.decode()
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_a_control_barcode_without_a_box_is_refused(ops: Client) -> None:
    answer = _scan(ops, reverse("console:pack"), "DO-FINISH")
    assert answer.status_code == 422
    assert "Scan a box first" in answer.content.decode()
    assert ops.get(reverse("console:control_barcodes")).content.startswith(b"%PDF")


@pytest.mark.django_db(transaction=True)
def test_a_box_whose_label_was_refused_stays_packed_and_is_printed_again_later(
    ops: Client, easypost: EasyPostDouble
) -> None:
    trial = approved_trial(frames=1)
    _scan(ops, _pack(trial), _barcodes(trial)[0])
    easypost.faults.append(Fault("/v2/shipments", 500))
    closed = _scan(ops, _pack(trial), "DO-FINISH")
    page = ops.get(closed["HX-Redirect"]).content.decode()
    assert "No label yet" in page
    assert "EasyPost did not answer" in page
    easypost.faults.append(Fault("/v2/shipments", 503))
    assert "No label" in _scan(ops, _pack(trial), "DO-REPRINT").content.decode()
    assert _scan(ops, _pack(trial), "DO-REPRINT")["HX-Redirect"] == f"{_pack(trial)}?print"
    assert len(easypost.purchases) == 2


@pytest.mark.django_db
def test_parcels_are_scanned_taken_off_and_handed_over_by_a_control_barcode(
    ops: Client, by: User
) -> None:
    parcels = [create_labels(trial_id=packed_trial().pk, by=by)[0] for _each in range(3)]
    ops.post(reverse("console:manifest_open"), {"carrier": "built-in"})
    manifest = open_manifest(carrier="built-in", by=by)
    url = reverse("console:manifest", args=[manifest.pk])
    for parcel in parcels:
        answer = _scan(ops, url, parcel.tracking_number)
    assert "3 parcels" in answer.content.decode()
    assert "Scanned already" in _scan(ops, url, parcels[0].tracking_number).content.decode()
    assert _scan(ops, url, "NONE").status_code == 422
    remove, number = reverse("console:manifest_remove", args=[manifest.pk]), "tracking_number"
    page = ops.get(url).content.decode()
    assert f'<form id="take-off" action="{remove}" method="post"><input type="hidden"' in page
    assert f'form="take-off" name="{number}" value="{parcels[1].tracking_number}"' in page
    ops.post(remove, {number: parcels[1].tracking_number})
    cancel_trial(trial_id=parcels[2].trial_id, by=by)
    page = ops.get(_scan(ops, url, "DO-HANDOVER")["HX-Redirect"]).content.decode()
    assert f"Called off and left out: {parcels[2].trial.number}" in page
    of_trial = ops.get(reverse("console:trial", args=[parcels[0].trial.number])).content.decode()
    assert ("Handed over" in of_trial, ">Label made<" in of_trial) == (True, True)
    states = [Trial.objects.get(pk=each.trial_id).state for each in parcels]
    assert states == ["shipped", "packed", "cancelled"]
    assert ops.get(reverse("console:manifest_pdf", args=[manifest.pk])).content.startswith(b"%PDF")
    assert "1 parcel waits" not in ops.get(reverse("console:manifest_list")).content.decode()


@pytest.mark.django_db
def test_a_manifest_shows_the_latest_scans_and_leads_to_the_earlier_ones(
    ops: Client, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest_views, "PARCELS_A_PAGE", 2)
    manifest = open_manifest(carrier="built-in", by=by)
    url = reverse("console:manifest", args=[manifest.pk])
    parcels = [create_labels(trial_id=packed_trial().pk, by=by)[0] for _each in range(3)]
    for parcel in parcels:
        answer = _scan(ops, url, parcel.tracking_number).content.decode()
    first, *later = (each.tracking_number for each in parcels)
    assert all(number in answer for number in later)
    assert first not in answer
    place = re.search(r'rel="next" href="([^"]+)"', ops.get(url).content.decode())
    assert place is not None
    earlier = ops.get(url + unescape(place[1])).content.decode()
    assert first in earlier
    assert not any(number in earlier for number in later)


@pytest.mark.django_db
def test_an_empty_manifest_is_not_handed_over(ops: Client, by: User) -> None:
    manifest = open_manifest(carrier="built-in", by=by)
    answer = _scan(ops, reverse("console:manifest", args=[manifest.pk]), "DO-HANDOVER")
    assert answer.status_code == 409
    assert "Nothing to hand over" in answer.content.decode()


@pytest.mark.django_db
def test_parcels_that_went_astray_are_listed_on_a_page_and_by_the_api(ops: Client) -> None:
    parcel = undelivered()
    assert parcel.tracking_number in ops.get(reverse("console:parcel_list")).content.decode()
    (listed,) = ops.get("/api/v1/staff/parcels/").json()["results"]
    assert (listed["tracking_number"], listed["why"]) == (parcel.tracking_number, "failed")
    Shipment.objects.update(state="delivered", delivered_at=timezone.now())
    assert "Every parcel is on its way" in ops.get(reverse("console:parcel_list")).content.decode()
