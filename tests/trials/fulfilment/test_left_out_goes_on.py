"""A parcel that one manifest left out goes with the next, once nothing stands in its way."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial
from trials.fulfilment.errors import OnManifestError
from trials.fulfilment.models import Manifest, ManifestParcel
from trials.fulfilment.queries.manifests import count_to_hand_over, parcels_to_hand_over
from trials.fulfilment.services.manifests import (
    add_parcel,
    close_manifest,
    hand_over_alone,
    open_manifest,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels
from trials.units.models import Grade
from trials.units.services.tending import place_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


def _parcel(ola: User) -> Shipment:
    return create_labels(trial_id=packed_trial(by=ola, frames=1).pk, by=ola)[0]


def _grade(parcel: Shipment, grade: Grade, ola: User) -> None:
    unit = parcel.trial.items.get().unit
    place_unit(unit_id=unit.pk, location="A1", grade=grade, by=ola)


def _scan(manifest: Manifest, parcel: Shipment, ola: User) -> ManifestParcel:
    return add_parcel(manifest_id=manifest.pk, scanned=parcel.tracking_number, by=ola)


def _manifest_with_a_worn_one(ola: User) -> tuple[Manifest, Shipment]:
    """Return an open manifest of two parcels, and the one of them that it will leave out."""
    worn, fine = _parcel(ola), _parcel(ola)
    manifest = open_manifest(carrier=worn.carrier, by=ola)
    for each in (worn, fine):
        _scan(manifest, each, ola)
    _grade(worn, Grade.D, ola)
    return manifest, worn


def _left_out(ola: User) -> tuple[Manifest, Shipment]:
    manifest, worn = _manifest_with_a_worn_one(ola)
    close_manifest(manifest_id=manifest.pk, by=ola)
    return manifest, worn


def _state(parcel: Shipment) -> str:
    return Trial.objects.get(pk=parcel.trial_id).state


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_graded_anew_it_goes_with_the_next_and_stays_named_on_the_first(ola: User) -> None:
    first, parcel = _left_out(ola)
    assert list(parcels_to_hand_over(parcel.carrier)) == [parcel]
    assert count_to_hand_over() == {parcel.carrier: 1}
    _grade(parcel, Grade.B, ola)
    following = open_manifest(carrier=parcel.carrier, by=ola)

    _scan(following, parcel, ola)

    assert not parcels_to_hand_over(parcel.carrier).exists()
    assert count_to_hand_over() == {}
    with pytest.raises(OnManifestError, match=str(following)):
        _scan(following, parcel, ola)
    with pytest.raises(OnManifestError, match=str(following)):
        hand_over_alone(trial_id=parcel.trial_id, by=ola)
    close_manifest(manifest_id=following.pk, by=ola)
    assert _state(parcel) == "shipped"
    assert first.parcels.get(left_out=True).shipment == parcel
    _books_are_right()


def test_left_out_twice_it_goes_with_the_third(ola: User) -> None:
    _first, parcel = _left_out(ola)
    _grade(parcel, Grade.B, ola)
    second = open_manifest(carrier=parcel.carrier, by=ola)
    for each in (parcel, _parcel(ola)):
        _scan(second, each, ola)
    _grade(parcel, Grade.D, ola)
    close_manifest(manifest_id=second.pk, by=ola)
    _grade(parcel, Grade.B, ola)
    third = open_manifest(carrier=parcel.carrier, by=ola)

    _scan(third, parcel, ola)

    assert parcel.manifest_parcels.filter(left_out=True).count() == 2
    close_manifest(manifest_id=third.pk, by=ola)
    assert _state(parcel) == "shipped"
    _books_are_right()


def test_handed_over_alone_the_books_are_right_as_well(ola: User) -> None:
    _first, parcel = _left_out(ola)
    _grade(parcel, Grade.B, ola)

    hand_over_alone(trial_id=parcel.trial_id, by=ola)

    _books_are_right()


def test_one_that_left_before_and_is_called_left_out_is_found_by_the_audit(ola: User) -> None:
    parcel = _parcel(ola)
    manifest = open_manifest(carrier=parcel.carrier, by=ola)
    _scan(manifest, parcel, ola)
    close_manifest(manifest_id=manifest.pk, by=ola)
    manifest.parcels.update(left_out=True)
    later = timezone.now() + timedelta(minutes=1)
    Manifest.objects.filter(pk=manifest.pk).update(closed_at=later)

    found = [each.name for each in all_invariants() if breaches(each)]

    assert found == ["A parcel handed over has left, and one left out had not by then"]


def test_who_hands_over_is_told_why_each_was_left_out(ola: User, client: Client) -> None:
    manifest, worn = _manifest_with_a_worn_one(ola)
    gone = _parcel(ola)
    _scan(manifest, gone, ola)
    cancel_trial(trial_id=gone.trial_id, by=ola)
    client.force_login(ola)

    answer = client.post(reverse("console:manifest_close", args=[manifest.pk]), follow=True)

    told = [str(each) for each in answer.context["messages"]]
    assert f"Called off and left out: {gone.trial.number}. Take these parcels back." in told
    (why,) = [each for each in told if each.startswith("Left out for a unit")]
    assert worn.trial.number in why
    assert gone.trial.number not in why
    assert "go with the next manifest" in why
