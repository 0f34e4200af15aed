"""What a scanner says to a station instead of a button: the codes, and the sheets they hang on."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from shop.customers.models import User
from tests.factories.shop import StaffFactory, VariantFactory
from tests.factories.trials import (
    TrialUnitFactory,
    approved_trial,
    batch_of_one,
    delivered_trial,
    packed_trial,
)
from trials.fulfilment.models import Manifest, PickBatch, UnitNotFound
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import add_parcel, open_manifest
from trials.home_trials.models import Trial
from trials.returns.models.inspections import BoxNote
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
PICK, HAND_OVER = "/console/pick/", "/console/manifests/"


@pytest.fixture
def by() -> User:
    return StaffFactory()  # type: ignore[return-value]


@pytest.fixture
def ops(client: Client, by: User) -> Client:
    client.force_login(by)
    return client


def scan(ops: Client, url: str, code: str) -> Any:
    return ops.post(url, {"barcode": code}, headers={"HX-Request": "true"})


def at_batch(batch: PickBatch) -> str:
    return reverse("console:batch", args=[batch.pk])


def labelled(by: User) -> tuple[Shipment, Shipment]:
    return create_labels(trial_id=packed_trial().pk, by=by)


def test_a_batch_is_made_at_the_list_and_the_next_one_at_the_one_that_is_picked(
    ops: Client,
) -> None:
    trial = approved_trial(frames=1)
    here = scan(ops, PICK, "do-batch")["HX-Redirect"]
    assert here == at_batch(PickBatch.objects.get())
    refused = scan(ops, here, "DO-BATCH")
    assert refused.status_code == 409
    assert "Batch not picked yet" in refused.content.decode()
    scan(ops, here, trial.items.get().unit.barcode)
    approved_trial(frames=1)
    assert scan(ops, here, "DO-BATCH")["HX-Redirect"] == at_batch(PickBatch.objects.all()[0])
    assert PickBatch.objects.count() == 2
    assert scan(ops, here, "DO-CANCEL")["HX-Redirect"] == PICK


def test_the_list_of_batches_opens_one_by_its_tote_and_refuses_what_is_none(ops: Client) -> None:
    batch = batch_of_one()
    assert scan(ops, PICK, f"b{batch.pk}-1")["HX-Redirect"] == at_batch(batch)
    unknown = scan(ops, PICK, "NONSENSE")
    assert (unknown.status_code, "Unknown code" in unknown.content.decode()) == (422, True)
    nothing = scan(ops, PICK, "DO-BATCH").content.decode()
    assert 'data-scan-state="refused"' in nothing
    assert "No approved trial waits" in nothing
    assert ops.post(PICK, {"barcode": "NONSENSE"}).status_code == 422


def test_not_there_is_of_the_next_unit_of_the_walk_and_is_said_twice(ops: Client, by: User) -> None:
    variant = VariantFactory()
    unit, _other = (TrialUnitFactory(variant=variant, location=each) for each in ("A1", "A2"))
    approved_trial(variants=[variant])
    batch = make_batch(count=1, by=by)
    asked = scan(ops, at_batch(batch), "DO-NOT-THERE").content.decode()
    assert f"{unit.barcode}," in asked
    assert "once more" in asked
    assert not UnitNotFound.objects.exists()
    said = scan(ops, at_batch(batch), "DO-NOT-THERE").content.decode()
    noted = UnitNotFound.objects.get()
    assert noted.unit == unit
    assert noted.replaced_by is not None
    assert f"Take {noted.replaced_by.barcode} from shelf A2" in said
    unit.refresh_from_db()
    assert unit.state == UnitState.LOST


def test_what_the_screen_asks_no_more_is_not_answered_by_one_scan(ops: Client) -> None:
    batch = batch_of_one()
    scan(ops, at_batch(batch), "DO-NOT-THERE")
    ops.get(at_batch(batch))

    assert "once more" in scan(ops, at_batch(batch), "DO-NOT-THERE").content.decode()
    assert not UnitNotFound.objects.exists()


def test_a_unit_that_is_there_after_all_is_picked_and_the_next_is_asked_for_anew(
    ops: Client, by: User
) -> None:
    trial = approved_trial(frames=2)
    batch = make_batch(count=1, by=by)
    asked = scan(ops, at_batch(batch), "DO-NOT-THERE").content.decode()
    first, second = sorted(
        trial.items.values_list("unit__barcode", flat=True),
        key=lambda code: f"{code}," not in asked,
    )
    assert "Tote 1" in scan(ops, at_batch(batch), first).content.decode()
    assert f"{second}," in scan(ops, at_batch(batch), "DO-NOT-THERE").content.decode()
    assert not UnitNotFound.objects.exists()
    scan(ops, at_batch(batch), second)
    nothing = scan(ops, at_batch(batch), "DO-NOT-THERE")
    assert (nothing.status_code, "Nothing to fetch" in nothing.content.decode()) == (422, True)


def test_a_missing_unit_of_which_no_other_is_free_is_gone_on_without(ops: Client) -> None:
    batch = batch_of_one()
    scan(ops, at_batch(batch), "DO-NOT-THERE")
    said = scan(ops, at_batch(batch), "DO-NOT-THERE").content.decode()
    assert "no other is free" in said
    assert UnitNotFound.objects.get().replaced_by is None


def test_a_manifest_is_opened_by_a_code_or_by_the_first_parcel(ops: Client, by: User) -> None:
    nothing = scan(ops, HAND_OVER, "DO-MANIFEST")
    assert "Nothing to hand over" in nothing.content.decode()
    outbound, back = labelled(by)
    assert "Return label" in scan(ops, HAND_OVER, back.tracking_number).content.decode()
    assert not Manifest.objects.exists()
    here = scan(ops, HAND_OVER, outbound.tracking_number)["HX-Redirect"]
    manifest = Manifest.objects.get()
    assert here == reverse("console:manifest", args=[manifest.pk])
    assert manifest.parcels.get().shipment == outbound
    assert "1 parcel" in ops.get(here).content.decode()
    assert scan(ops, HAND_OVER, "DO-MANIFEST")["HX-Redirect"] == here
    assert scan(ops, here, "DO-CANCEL")["HX-Redirect"] == HAND_OVER


def test_the_next_manifest_is_opened_at_the_one_that_was_handed_over(ops: Client, by: User) -> None:
    manifest = open_manifest(carrier="built-in", by=by)
    add_parcel(manifest_id=manifest.pk, scanned=labelled(by)[0].tracking_number, by=by)
    here = reverse("console:manifest", args=[manifest.pk])
    scan(ops, here, "DO-HANDOVER")
    assert "data-scan-field" in ops.get(here).content.decode()
    following, _back = labelled(by)
    assert "was handed over" in scan(ops, here, following.tracking_number).content.decode()
    scan(ops, here, "DO-MANIFEST")
    assert Manifest.objects.filter(state="open").count() == 1


def test_with_parcels_of_two_carriers_the_first_parcel_says_which(ops: Client, by: User) -> None:
    labelled(by)
    other, _back = labelled(by)
    Shipment.objects.filter(pk=other.pk).update(carrier="easypost")
    refused = scan(ops, HAND_OVER, "DO-MANIFEST").content.decode()
    assert "Which carrier?" in refused
    scan(ops, HAND_OVER, other.tracking_number)
    assert Manifest.objects.get().carrier == "easypost"


def test_what_is_not_ours_is_noted_by_a_code_but_no_frame_is_left_on_the_table(
    ops: Client,
) -> None:
    trial: Trial = delivered_trial(frames=1)
    url = reverse("console:check_in_trial", args=[trial.number])
    said = scan(ops, url, "CHECK-SURPLUS").content.decode()
    assert "Put it aside" in said
    note = BoxNote.objects.get()
    assert (note.trial, note.kind) == (trial, BoxNote.Kind.SURPLUS)
    assert note.words in said
    scan(ops, url, trial.items.get().unit.barcode)
    assert "Box not finished" in scan(ops, url, "CHECK-SURPLUS").content.decode()
    assert BoxNote.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("control_barcodes", {"DO-BATCH", "DO-NOT-THERE", "DO-MANIFEST", "DO-HANDOVER"}),
        ("check_in_codes", {"CHECK-SURPLUS", "CHECK-DONE"}),
    ],
)
def test_the_sheets_that_hang_at_the_tables_hold_the_codes(
    ops: Client, name: str, codes: set[str]
) -> None:
    paper = PdfReader(io.BytesIO(ops.get(reverse(f"console:{name}")).content))
    words = "\n".join(page.extract_text() for page in paper.pages)
    assert {code for code in codes if code not in words} == set()
