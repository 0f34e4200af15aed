"""A customer calls her packed box off until it has left, as ops may, whoever has it in hand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.customers.models import User
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial, shipped_trial
from tests.trials.shipping.easypost_double import EasyPostDouble
from trials.fulfilment.errors import BoxCalledOffError, ManifestEmptyError
from trials.fulfilment.models import Manifest, ManifestParcel
from trials.fulfilment.services.manifests import (
    add_parcel,
    close_manifest,
    hand_over_alone,
    open_manifest,
)
from trials.home_trials.errors import CannotCancelError
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.carriers import BUILT_IN
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels

RACES = 6


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def manifest(ola: User) -> Manifest:
    return open_manifest(carrier=BUILT_IN, by=ola)


def _parcel(by: User) -> Shipment:
    return create_labels(trial_id=packed_trial(frames=1, by=by).pk, by=by)[0]


def _scan(manifest: Manifest, parcel: Shipment) -> ManifestParcel:
    by = manifest.created_by
    return add_parcel(manifest_id=manifest.pk, scanned=parcel.tracking_number, by=by)


def _called_off(trial: Trial) -> Trial:
    return cancel_trial(trial_id=trial.pk, by=trial.user)


def _books_balance() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


@pytest.mark.django_db
def test_her_page_offers_it_while_her_box_is_packed_and_no_longer_once_it_has_left(
    client: Client,
) -> None:
    packed, gone = packed_trial(), shipped_trial()
    for trial, offered in ((packed, True), (gone, False)):
        client.force_login(trial.user)
        url = reverse("trials:trial_cancel", args=[trial.number])
        page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()
        assert (url in page) is offered
        assert ("You can do so until your box has left us." in page) is offered
        answer = client.post(url, follow=True).content.decode()
        wanted = "Your trial is cancelled. Nothing was charged." if offered else "has left already"
        assert wanted in answer

    packed.refresh_from_db()
    gone.refresh_from_db()
    assert (packed.state, gone.state) == ("cancelled", "shipped")
    mail = OutboxMessage.objects.filter(payload__to=packed.user.email).latest("created_at").payload
    assert "You have called your box off." in mail["text"]


@pytest.mark.django_db
def test_its_units_wait_to_be_put_back_and_its_parcel_goes_on_no_manifest(
    client: Client, ola: User, manifest: Manifest
) -> None:
    parcel = _parcel(ola)
    unit = parcel.trial.items.get().unit
    _called_off(parcel.trial)

    client.force_login(ola)
    assert unit.barcode in client.get("/console/put-back/").content.decode()
    with pytest.raises(BoxCalledOffError, match="Take the box back, and scan its"):
        _scan(manifest, parcel)
    url = reverse("console:manifest", args=[manifest.pk])
    answer = client.post(url, {"barcode": parcel.tracking_number}, headers={"HX-Request": "true"})
    assert "Called off" in answer.content.decode()
    with pytest.raises(IllegalMoveError):
        hand_over_alone(trial_id=parcel.trial_id, by=ola)
    _books_balance()


@pytest.mark.django_db
def test_on_a_manifest_already_it_is_left_out_and_who_hands_over_is_told(
    client: Client, ola: User, manifest: Manifest
) -> None:
    stays, gone = _parcel(ola), _parcel(ola)
    for parcel in (stays, gone):
        _scan(manifest, parcel)
    _called_off(gone.trial)

    client.force_login(ola)
    url = reverse("console:manifest", args=[manifest.pk])
    page = client.post(url, {"barcode": "DO-HANDOVER"}, follow=True).content.decode()

    assert f"Called off and left out: {gone.trial.number}." in page
    assert dict(manifest.parcels.values_list("shipment", "left_out")) == {
        stays.pk: False,
        gone.pk: True,
    }
    _books_balance()


@pytest.mark.django_db(transaction=True)
def test_both_its_labels_are_given_back(easypost: EasyPostDouble, ola: User) -> None:
    trial = packed_trial(by=ola)
    create_labels(trial_id=trial.pk, by=ola)

    _called_off(trial)
    carry_out_due()
    carry_out_due()

    assert set(trial.shipments.values_list("refund_state", flat=True)) == {"asked"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("alone", [False, True])
def test_called_off_and_handed_over_at_once_one_wins_and_the_other_is_told(
    alone: bool, ola: User
) -> None:
    for _each in range(RACES):
        manifest, parcel = open_manifest(carrier=BUILT_IN, by=ola), _parcel(ola)
        trial = parcel.trial
        _scan(manifest, _parcel(ola))
        hand_over: Callable[[], Any] = lambda trial=trial: hand_over_alone(  # noqa: E731
            trial_id=trial.pk, by=ola
        )
        if not alone:
            _scan(manifest, parcel)
            hand_over = lambda pk=manifest.pk: close_manifest(manifest_id=pk, by=ola)  # noqa: E731
        told = (CannotCancelError, IllegalMoveError, ManifestEmptyError)
        hers, theirs = at_once(
            [lambda trial=trial: _called_off(trial), hand_over],  # type: ignore[misc]
            expected=told,
        )

        trial.refresh_from_db()
        units = set(trial.items.values_list("unit__state", flat=True))
        if trial.state == "cancelled":
            assert (hers.state, units) == ("cancelled", {"inspection"})
            left_out = ManifestParcel.objects.filter(shipment=parcel, left_out=True).exists()
            assert isinstance(theirs, IllegalMoveError) if alone else left_out
        else:
            assert (trial.state, units) == ("shipped", {"out"})
            assert isinstance(hers, CannotCancelError)
            assert "has left already" in str(hers)
        _books_balance()
