"""Who hands a manifest over is told which packed boxes of its carrier are not on it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial
from trials.console.views import manifests as manifest_views
from trials.fulfilment.models import Manifest
from trials.fulfilment.services.manifests import add_parcel, close_manifest, open_manifest
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def ops(client: Client, ola: User) -> Client:
    client.force_login(ola)
    return client


def _parcel(ola: User) -> Shipment:
    return create_labels(trial_id=packed_trial(by=ola).pk, by=ola)[0]


def _manifest(ola: User) -> Manifest:
    """Return an open manifest with one parcel on it."""
    manifest = open_manifest(carrier="built-in", by=ola)
    add_parcel(manifest_id=manifest.pk, scanned=_parcel(ola).tracking_number, by=ola)
    return manifest


def _handed_over(ops: Client, manifest: Manifest, *, by_scan: bool) -> Any:
    if by_scan:
        url = reverse("console:manifest", args=[manifest.pk])
        there = ops.post(url, {"barcode": "DO-HANDOVER"}, headers={"HX-Request": "true"})
        return ops.get(there["HX-Redirect"])
    return ops.post(reverse("console:manifest_close", args=[manifest.pk]), follow=True)


@pytest.mark.parametrize("by_scan", [True, False])
def test_what_is_left_out_is_named_and_led_to(ops: Client, ola: User, by_scan: bool) -> None:
    manifest, left = _manifest(ola), [_parcel(ola) for _each in range(2)]

    answer = _handed_over(ops, manifest, by_scan=by_scan)

    told = " ".join(str(each) for each in answer.context["messages"])
    assert "2 packed parcels of built-in are not on it" in told
    page = answer.content.decode()
    for parcel in left:
        assert parcel.trial.number in told
        assert reverse("console:trial", args=[parcel.trial.number]) in page
    assert 'name="carrier" value="built-in"' in page


def test_where_all_is_on_it_nothing_is_said(ops: Client, ola: User) -> None:
    answer = _handed_over(ops, _manifest(ola), by_scan=True)
    told = " ".join(str(each) for each in answer.context["messages"])
    assert "not on it" not in told
    assert "on no manifest" not in answer.content.decode()


def test_of_many_the_first_are_named(
    ops: Client, ola: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest_views, "SHOWN_WAITING", 1)
    manifest, left = _manifest(ola), [_parcel(ola) for _each in range(2)]
    answer = _handed_over(ops, manifest, by_scan=False)
    told = " ".join(str(each) for each in answer.context["messages"])
    assert left[0].trial.number in told
    assert left[1].trial.number not in told
    assert "…" in told


def test_before_it_is_handed_over_their_number_is_on_the_page(ops: Client, ola: User) -> None:
    manifest, left = _manifest(ola), _parcel(ola)
    page = ops.get(reverse("console:manifest", args=[manifest.pk])).content.decode()
    assert "1 packed, not scanned yet" in page
    assert reverse("console:trial", args=[left.trial.number]) in page


def test_a_manifest_of_before_says_nothing_of_today(ops: Client, ola: User) -> None:
    old = _manifest(ola)
    close_manifest(manifest_id=old.pk, by=ola)
    _manifest(ola)
    left = _parcel(ola)
    page = ops.get(reverse("console:manifest", args=[old.pk])).content.decode()
    assert left.trial.number not in page


def test_programs_are_told_too(ola: User) -> None:
    api = APIClient()
    api.force_authenticate(ola)
    manifest, left = _manifest(ola), _parcel(ola)
    url = f"/api/v1/staff/manifests/{manifest.pk}/close/"

    closed = api.post(url, headers={"Idempotency-Key": "1"}).json()

    assert closed["waiting_count"] == 1
    assert closed["waiting"] == [
        {"tracking_number": left.tracking_number, "trial": left.trial.number}
    ]
