"""Addresses in the API."""

import pytest
from rest_framework.test import APIClient

from shop.customers.models import Address
from tests.factories.shop import AddressFactory, UserFactory
from tests.shop.customers.test_account import ADDRESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia() -> APIClient:
    """The API as a customer calls it."""
    client = APIClient()
    client.force_authenticate(UserFactory())
    return client


def test_an_address_is_added_listed_and_removed(mia: APIClient) -> None:
    made = mia.post("/api/v1/addresses/", ADDRESS)
    assert made.status_code == 201
    assert [row["id"] for row in mia.get("/api/v1/addresses/").json()["results"]] == [
        made.json()["id"]
    ]

    assert mia.delete(f"/api/v1/addresses/{made.json()['id']}/").status_code == 204
    assert mia.get("/api/v1/addresses/").json()["results"] == []


def test_a_country_without_parcels_is_refused(mia: APIClient) -> None:
    answer = mia.post("/api/v1/addresses/", {**ADDRESS, "country": "XX"})

    assert answer.status_code == 400
    assert "country" in answer.json()["errors"]
    assert not Address.objects.exists()


def test_another_s_address_is_neither_listed_nor_removed(mia: APIClient) -> None:
    other = AddressFactory()

    assert mia.get("/api/v1/addresses/").json()["results"] == []
    assert mia.delete(f"/api/v1/addresses/{other.pk}/").status_code == 404
    other.refresh_from_db()
    assert other.retired_at is None


def test_a_stranger_is_refused() -> None:
    assert APIClient().get("/api/v1/addresses/").status_code in (401, 403)
