"""A scanner app can do the whole of it over the API."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, packed_trial
from trials.home_trials.models import Trial
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db
STAFF = "/api/v1/staff"


class App:
    """A scanner app: posts with a key of its own making."""

    def __init__(self) -> None:
        self.by = StaffFactory()
        self.api = APIClient()
        self.api.force_authenticate(self.by)

    def post(self, address: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self.api.post(f"{STAFF}/{address}", body or {}, headers=headers)

    def get(self, address: str) -> Any:
        return self.api.get(f"{STAFF}/{address}")


@pytest.fixture
def app() -> App:
    return App()


def test_a_batch_is_made_picked_and_done(app: App) -> None:
    trial = approved_trial(frames=2)
    made = app.post("batches/", {"count": 20})
    assert made.status_code == 201
    batch, lines = made.json()["id"], made.json()["lines"]
    assert [line["tote"] for line in lines] == [1, 1]

    picked = app.post(f"batches/{batch}/pick/", {"barcode": lines[0]["barcode"]}).json()
    assert (picked["tote_code"], picked["left"]) == (f"B{batch}-1", 1)
    assert picked["trial"] == trial.number
    app.post(f"batches/{batch}/pick/", {"barcode": lines[1]["barcode"]})
    assert app.get(f"batches/{batch}/").json()["state"] == "picked"
    assert app.get("batches/").json()["results"][0]["name"] == f"B{batch}"


def test_a_batch_asked_for_twice_with_one_key_is_one(app: App) -> None:
    approved_trial()
    approved_trial()
    first = app.post("batches/", {"count": 1}, key="a")
    assert app.post("batches/", {"count": 1}, key="a").json() == first.json()


def test_a_missing_unit_is_answered_with_the_one_to_take_instead(app: App) -> None:
    unit = TrialUnitFactory(location="C3")
    approved_trial(variants=[unit.variant])
    other = TrialUnitFactory(variant=unit.variant, location="C4")
    batch = app.post("batches/", {"count": 1}).json()["id"]
    answer = app.post(f"batches/{batch}/not-found/", {"barcode": unit.barcode}).json()
    assert (answer["take_instead"], answer["location"]) == (other.barcode, "C4")

    answer = app.post(f"batches/{batch}/not-found/", {"barcode": other.barcode}).json()
    assert answer["take_instead"] is None


def test_a_refusal_says_why(app: App) -> None:
    approved_trial()
    batch = app.post("batches/", {"count": 1}).json()["id"]
    answer = app.post(f"batches/{batch}/pick/", {"barcode": "NONE"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_barcode")
    assert app.post("batches/999/pick/", {"barcode": "NONE"}).status_code == 404
    cancelled = app.post(f"batches/{batch}/cancel/", {"reason": "4242 4242 4242 4242"})
    assert cancelled.json()["code"] == "card_number"


def test_parcels_are_scanned_taken_off_and_handed_over(app: App) -> None:
    parcels = [create_labels(trial_id=packed_trial().pk, by=app.by)[0] for _each in range(2)]
    manifest = app.post("manifests/", {"carrier": "built-in"}).json()["id"]
    for parcel in parcels:
        body = {"barcode": parcel.tracking_number}
        assert app.post(f"manifests/{manifest}/parcels/", body).status_code == 201
    off = app.api.delete(f"{STAFF}/manifests/{manifest}/parcels/{parcels[1].tracking_number}/")
    assert off.status_code == 204
    closed = app.post(f"manifests/{manifest}/close/").json()

    assert (closed["state"], closed["count"]) == ("closed", 1)
    states = {Trial.objects.get(pk=each.trial_id).state for each in parcels}
    assert states == {"shipped", "packed"}
    assert app.get("manifests/").json()["results"][0]["count"] == 1


@pytest.mark.parametrize("paper", ["batches/{batch}/pick-list/", "manifests/{manifest}/paper/"])
def test_the_papers_come_as_pdf(app: App, paper: str) -> None:
    approved_trial(frames=3)
    parcel = create_labels(trial_id=packed_trial().pk, by=app.by)[0]
    batch = app.post("batches/", {"count": 1}).json()["id"]
    manifest = app.post("manifests/", {"carrier": "built-in"}).json()["id"]
    app.post(f"manifests/{manifest}/parcels/", {"barcode": parcel.tracking_number})
    answer = app.get(paper.format(batch=batch, manifest=manifest))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_customers_have_no_part_in_it() -> None:
    api = APIClient()
    api.force_authenticate(UserFactory())
    assert api.get(f"{STAFF}/batches/").status_code == 403
    assert api.post(f"{STAFF}/manifests/", {"carrier": "built-in"}).status_code == 403
