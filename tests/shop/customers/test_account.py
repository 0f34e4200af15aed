"""The account page: a customer's details and addresses, hers alone."""

from typing import Any

import pytest
from django.test import Client

from shop.customers.models import Address
from tests.factories.shop import AddressFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = {
    "name": "Mia Brandt",
    "line1": "Lindenstraße 4",
    "postal_code": "10969",
    "city": "Berlin",
    "country": "DE",
}


@pytest.fixture
def mia(client: Client) -> object:
    """A customer who is logged in."""
    user = UserFactory()
    client.force_login(user)
    return user


def test_a_stranger_is_asked_to_log_in(client: Client) -> None:
    answer = client.get("/account/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_details_are_saved_and_the_shop_speaks_her_language(client: Client, mia: object) -> None:
    answer = client.post(
        "/account/", {"name": "Mia", "language": "de", "time_zone": "Europe/Vienna"}
    )

    mia.refresh_from_db()
    assert (mia.name, mia.language, mia.time_zone) == ("Mia", "de", "Europe/Vienna")
    assert answer.cookies["django_language"].value == "de"


def test_an_unknown_time_zone_is_refused(client: Client, mia: object) -> None:
    answer = client.post("/account/", {"name": "Mia", "language": "de", "time_zone": "Moon/Sea"})

    mia.refresh_from_db()
    assert answer.status_code == 200
    assert mia.language == "en"


def test_an_address_is_added_and_she_goes_on_where_she_was(client: Client, mia: object) -> None:
    answer = client.post("/account/addresses/add/", {**ADDRESS, "next": "/box/place/"})

    assert answer["Location"] == "/box/place/"
    assert Address.objects.get(user=mia).line1 == "Lindenstraße 4"


def test_she_is_not_sent_on_to_another_site(client: Client, mia: object) -> None:
    answer = client.post("/account/addresses/add/", {**ADDRESS, "next": "https://evil.example/"})

    assert answer["Location"] == "/account/"


def test_the_same_address_twice_is_one(client: Client, mia: object) -> None:
    for _ in range(2):
        client.post("/account/addresses/add/", ADDRESS)

    assert Address.objects.filter(user=mia).count() == 1


def test_a_removed_address_is_kept_but_offered_no_more(client: Client, mia: object) -> None:
    address = AddressFactory(user=mia)

    client.post(f"/account/addresses/{address.pk}/remove/")

    address.refresh_from_db()
    assert address.retired_at
    assert address.line1 not in client.get("/account/").content.decode()


def test_nobody_removes_the_address_of_another(client: Client, mia: object) -> None:
    address = AddressFactory()

    answer = client.post(f"/account/addresses/{address.pk}/remove/")

    address.refresh_from_db()
    assert answer.status_code == 404
    assert address.retired_at is None


@pytest.mark.parametrize("field", ["line1", "postal_code", "city"])
def test_a_card_number_in_an_address_is_said_at_its_field(
    client: Client, mia: object, field: str
) -> None:
    number = "4242424242424242"
    answer = client.post("/account/addresses/add/", {**ADDRESS, field: number})

    form = answer.context["form"]
    assert set(form.errors) == {field}
    assert "looks like a card number" in str(form.errors[field])
    assert form["name"].value() == ADDRESS["name"]
    assert not Address.objects.exists()


def test_a_new_address_is_first_of_all_in_the_shops_own_country(
    client: Client, mia: object, settings: Any
) -> None:
    settings.SHOP_COUNTRY = "AT"

    assert '<option value="AT" selected>' in client.get("/account/addresses/add/").content.decode()
