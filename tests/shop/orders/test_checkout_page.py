"""The checkout as a customer meets it."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.customers.models import User
from shop.orders.models import Order
from tests.factories.shop import AddressFactory, StockRecordFactory, UserFactory

pytestmark = pytest.mark.django_db
CHECKOUT = "/checkout/"


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    variant = StockRecordFactory().variant
    client.post("/cart/add/", {"variant_id": variant.pk})
    return client


def _sent(client: Client, **fields: object) -> dict[str, object]:
    total = client.get(CHECKOUT).context["form"].initial["shown_total"]
    return {"shown_total": total, **fields}


def _required(client: Client) -> set[str]:
    page = client.get(CHECKOUT).content.decode()
    return set(re.findall(r'<input[^>]*\bname="(\w+)"[^>]*\srequired', page))


def test_the_folded_fields_of_another_address_never_block_the_form(
    client: Client, user: User
) -> None:
    AddressFactory(user=user)
    assert _required(client).isdisjoint({"name", "line1", "postal_code", "city"})


def test_who_has_no_address_yet_is_asked_for_one_by_the_browser(client: Client) -> None:
    assert {"name", "line1", "postal_code", "city"} <= _required(client)


def test_an_order_goes_to_the_address_that_was_chosen(client: Client, user: User) -> None:
    address = AddressFactory(user=user)
    client.post(CHECKOUT, _sent(client, address=address.pk))
    assert Order.objects.get().address == address


def test_another_address_that_was_filled_in_counts_without_being_chosen(
    client: Client, user: User
) -> None:
    address = AddressFactory(user=user)
    typed = {"name": "Jo", "line1": "Uferweg 3", "postal_code": "10115", "city": "Berlin"}
    client.post(CHECKOUT, _sent(client, address=address.pk, country="DE", **typed))
    assert Order.objects.get().address.line1 == "Uferweg 3"


def test_a_new_address_is_first_of_all_in_the_shops_own_country(
    client: Client, settings: Any
) -> None:
    settings.SHOP_COUNTRY = "AT"

    assert '<option value="AT" selected>' in client.get(CHECKOUT).content.decode()
