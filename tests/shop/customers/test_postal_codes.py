"""A parcel goes nowhere with a postal code that its country does not have."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from shop.customers.countries import COUNTRIES
from shop.customers.errors import PostalCodeError
from shop.customers.models import Address
from shop.customers.postal_codes import FORMS, check_postal_code
from shop.customers.services import add_address
from tests.factories.shop import UserFactory
from tests.shop.customers.test_account import ADDRESS

NONSENSE = {**ADDRESS, "postal_code": "ABCDE"}


def test_each_country_has_a_form_that_takes_its_own_example() -> None:
    assert set(FORMS) == set(COUNTRIES)
    for country, (_pattern, example) in FORMS.items():
        check_postal_code(example, country=country)


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("DE", "10115"),
        ("DE", "D-10115"),
        ("AT", "A-1010"),
        ("NL", "1012AB"),
        ("NL", "1012 ab"),
        ("GB", "sw1a 1aa"),
        ("GB", "M1 1AE"),
        ("GB", "EC1A1BB"),
        ("IE", "D6W XY00"),
        ("LV", "1010"),
        ("LU", "L-1009"),
        ("PL", "00001"),
        ("SE", "SE-111 22"),
    ],
)
def test_what_people_write_is_taken(country: str, written: str) -> None:
    check_postal_code(written, country=country)


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("DE", "ABCDE"),
        ("DE", "1011"),
        ("DE", "101155"),
        ("DE", "١٠١١٥"),
        ("DE", "A-10115"),
        ("AT", "10115"),
        ("CH", "800"),
        ("NL", "1012"),
        ("FR", "7500"),
        ("GB", "12345"),
        ("PL", "00-01"),
    ],
)
def test_what_its_country_does_not_have_is_refused(country: str, written: str) -> None:
    with pytest.raises(PostalCodeError, match=FORMS[country][1]):
        check_postal_code(written, country=country)


@pytest.mark.django_db
def test_service_and_api_refuse_it_with_an_example() -> None:
    user = UserFactory()
    with pytest.raises(PostalCodeError):
        add_address(user=user, **NONSENSE)
    client = APIClient()
    client.force_authenticate(user)
    answer = client.post("/api/v1/addresses/", NONSENSE)

    assert (answer.status_code, answer.json()["code"]) == (422, "postal_code_invalid")
    assert "Write it like 10115" in answer.json()["detail"]
    assert not Address.objects.exists()


@pytest.mark.django_db
def test_the_form_says_so_at_the_field_and_keeps_what_was_typed(client: Client) -> None:
    client.force_login(UserFactory())

    answer = client.post("/account/addresses/add/", NONSENSE)

    assert "Write it like 10115" in str(answer.context["form"].errors["postal_code"])
    assert "Lindenstraße 4" in answer.content.decode()
    assert not Address.objects.exists()
