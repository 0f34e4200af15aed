"""The box and the trials as an API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory, VariantFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    TrialUnitFactory,
    filled_box,
    packed_trial,
    requested_trial,
    shipped_trial,
)
from trials.home_trials.models import Trial
from trials.programme.queries import current_version
from trials.programme.services import publish_version

pytestmark = pytest.mark.django_db
BOX, TRIALS = "/api/v1/box/", "/api/v1/trials/"


@pytest.fixture(autouse=True)
def _rules() -> None:
    ProgrammeVersionFactory()


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def client(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def _placement(user: User) -> dict[str, int]:
    return {
        "version_id": current_version(country="DE").pk,
        "address_id": AddressFactory(user=user).pk,
        "card_id": SavedCardFactory(user=user).pk,
    }


def test_a_box_is_filled_and_emptied(client: APIClient) -> None:
    unit = TrialUnitFactory()

    filled = client.post(f"{BOX}items/", {"variant_id": unit.variant_id}).json()

    assert filled["frames_per_box"] == 5
    assert filled["items"] == [
        {
            "variant_id": unit.variant_id,
            "frame": unit.variant.frame.handle,
            "name": str(unit.variant),
            "price": {"amount": "145.00", "currency": "EUR"},
            "image_url": "",
            "free": True,
        }
    ]
    assert client.get(BOX).json() == filled
    assert client.delete(f"{BOX}items/{unit.variant_id}/").json()["items"] == []


def test_a_frame_that_is_all_out_is_a_problem_with_its_code(client: APIClient) -> None:
    answer = client.post(f"{BOX}items/", {"variant_id": VariantFactory().pk})

    assert answer.status_code == 409
    assert answer.json()["code"] == "none_free"
    assert answer["Content-Type"] == "application/problem+json"


def test_the_same_key_places_one_trial_and_is_answered_alike(client: APIClient, user: User) -> None:
    filled_box(user=user, frames=2)
    body, key = _placement(user), {"Idempotency-Key": "wish-1"}

    first = client.post(TRIALS, body, headers=key)
    second = client.post(TRIALS, body, headers=key)

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert len(first.json()["items"]) == 2
    assert Trial.objects.get().number == first.json()["number"]


def test_what_a_client_claims_beyond_its_fields_is_ignored(client: APIClient, user: User) -> None:
    filled_box(user=user)
    body = {**_placement(user), "state": "closed", "user": 1, "price": "0.00"}

    client.post(TRIALS, body, headers={"Idempotency-Key": "k"})

    trial = Trial.objects.get()
    assert (trial.state, trial.user) == ("requested", user)
    assert all(item.price.amount == 145 for item in trial.items.all())


def test_a_refused_placement_may_be_tried_again_with_its_key(client: APIClient, user: User) -> None:
    variant = VariantFactory()
    filled_box(user=user, variants=[variant])
    body, key = _placement(user), {"Idempotency-Key": "again"}

    refused = client.post(TRIALS, body, headers=key)
    TrialUnitFactory(variant=variant)
    placed = client.post(TRIALS, body, headers=key)

    assert (refused.status_code, refused.json()["frames"]) == (409, [str(variant)])
    assert placed.status_code == 201


def test_a_program_names_the_terms_it_showed_or_places_nothing(
    client: APIClient, user: User
) -> None:
    filled_box(user=user)
    body = _placement(user)
    del body["version_id"]

    refused = client.post(TRIALS, body, headers={"Idempotency-Key": "a"})

    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["version_id"]
    assert not Trial.objects.exists()


def test_terms_that_changed_after_the_program_showed_them_are_a_conflict(
    client: APIClient, user: User
) -> None:
    filled_box(user=user)
    body = {**_placement(user), "version_id": client.get(BOX).json()["version_id"]}
    now = publish_version(programme_slug="home", days_at_home=2, reminder_days=[1])

    refused = client.post(TRIALS, body, headers={"Idempotency-Key": "a"})
    assert (refused.status_code, refused.json()["code"]) == (409, "terms_changed")
    assert refused.json()["version_id"] == now.pk
    assert not Trial.objects.exists()

    body["version_id"] = client.get("/api/v1/terms/").json()["version_id"]
    assert client.post(TRIALS, body, headers={"Idempotency-Key": "a"}).status_code == 201
    assert Trial.objects.get().programme_version == now


def test_trials_are_listed_by_cursor_latest_first(client: APIClient, user: User) -> None:
    first = requested_trial(user=user)
    Trial.objects.update(state="closed")
    second = requested_trial(user=user)
    requested_trial()

    page = client.get(f"{TRIALS}?page_size=1").json()
    rest = client.get(page["next"]).json()

    assert [row["number"] for row in page["results"]] == [second.number]
    assert [row["number"] for row in rest["results"]] == [first.number]
    assert rest["next"] is None


def test_a_longer_list_takes_no_more_queries(
    client: APIClient, user: User, django_assert_num_queries: object
) -> None:
    requested_trial(user=user, frames=1)
    with django_assert_num_queries(3):
        client.get(TRIALS)
    Trial.objects.update(state="closed")
    requested_trial(user=user, frames=4)
    with django_assert_num_queries(3):
        client.get(TRIALS)


@pytest.mark.parametrize("made", [requested_trial, packed_trial])
def test_a_customer_cancels_by_the_api_until_it_has_left(
    client: APIClient, user: User, made: Any
) -> None:
    trial = made(user=user)

    answer = client.post(f"{TRIALS}{trial.number}/cancel/", {}, headers={"Idempotency-Key": "c"})
    assert answer.json()["state"] == "cancelled"

    gone = shipped_trial(user=user)
    late = client.post(f"{TRIALS}{gone.number}/cancel/", {}, headers={"Idempotency-Key": "d"})
    assert (late.status_code, late.json()["code"]) == (409, "cannot_cancel")


def test_the_trial_of_another_is_not_found(client: APIClient) -> None:
    other = requested_trial()

    assert client.get(f"{TRIALS}{other.number}/").status_code == 404
    cancel = client.post(f"{TRIALS}{other.number}/cancel/", {}, headers={"Idempotency-Key": "x"})
    assert cancel.status_code == 404


@pytest.mark.parametrize("path", [BOX, TRIALS, f"{TRIALS}T-2222222/"])
def test_strangers_are_turned_away(path: str) -> None:
    assert APIClient().get(path).status_code in (401, 403)
