"""Words in the console's search fields find what they name, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import packed_trial, requested_trial
from tests.shop.orders.buying import placed_order
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def console(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _anna() -> User:
    return UserFactory(name="Anna-Lena Öztürk", email="al.oeztuerk@post.example")


@pytest.mark.parametrize(
    "words",
    [
        "anna",
        "Lena",
        "öztü",
        "lena ozt al",
        "AL.OEZTUERK@post.example",
        "oeztuerk",
    ],
)
def test_a_customer_is_found_by_the_beginnings_of_her_words(console: Client, words: str) -> None:
    trial, other = requested_trial(user=_anna()), requested_trial(user=UserFactory(name="Bo"))
    found = words != "lena ozt al"

    for name in ("trial_list", "search"):
        page = console.get(reverse(f"console:{name}"), {"q": words}).content.decode()
        assert ("Öztürk" in page) == found
        assert other.number not in page
    listed = console.get(reverse("console:trial_list"), {"q": words}).content.decode()
    assert (trial.number in listed) == found


def test_numbers_lead_straight_to_what_they_name(console: Client) -> None:
    trial, order = packed_trial(user=_anna()), placed_order()
    requested_trial()
    parcel = create_labels(trial_id=trial.pk, by=StaffFactory())[0]
    unit = trial.items.select_related("unit").first().unit
    here = reverse("console:search")

    for words in (trial.number, trial.number.lower()[2:6], parcel.tracking_number):
        assert console.get(here, {"q": words}).url == reverse("console:trial", args=[trial.number])
    assert console.get(here, {"q": f" {order.number.lower()} "}).url == reverse(
        "orders:console_order", args=[order.number]
    )
    by_unit = console.get(here, {"q": unit.barcode}).content.decode()
    assert unit.barcode in by_unit
    assert trial.number in by_unit


def test_the_list_of_trials_finds_by_each_number_too(console: Client) -> None:
    trial, other = packed_trial(user=_anna()), requested_trial()
    order = placed_order(user=trial.user)
    parcel = create_labels(trial_id=trial.pk, by=StaffFactory())[0]
    unit = trial.items.select_related("unit").first().unit

    for words in (trial.number, order.number, parcel.tracking_number, unit.barcode):
        page = console.get(reverse("console:trial_list"), {"q": words}).content.decode()
        assert trial.number in page
        assert other.number not in page


@pytest.mark.parametrize("words", ["", " ", "nobody", "'; DROP", "a & b | !c:*", "%", "🕶"])
def test_what_there_is_not_is_said(console: Client, words: str) -> None:
    trial = requested_trial(user=_anna())

    page = console.get(reverse("console:search"), {"q": words})

    assert page.status_code == 200
    assert trial.number not in page.content.decode()


def test_many_of_one_name_are_cut_off_and_that_is_said(console: Client) -> None:
    for n in range(26):
        UserFactory(name="Mia Berg", email=f"mia{n}@post.example")

    page = console.get(reverse("console:search"), {"q": "mia"}).content.decode()

    assert "More customers are called so." in page


def test_the_api_finds_the_same() -> None:
    client = APIClient()
    client.force_authenticate(StaffFactory())
    trial = requested_trial(user=_anna())

    found = client.get(reverse("api-staff-search"), {"q": "anna"}).json()
    by_number = client.get(reverse("api-staff-search"), {"q": trial.number}).json()

    assert [each["email"] for each in found["people"]] == ["al.oeztuerk@post.example"]
    assert [each["number"] for each in by_number["trials"]] == [trial.number]
    assert found["more_people"] is False


def test_a_whole_address_finds_its_owner_and_not_those_whose_addresses_begin_with_it(
    console: Client,
) -> None:
    hers = requested_trial(user=UserFactory(email="anna3@post.example"))
    other = requested_trial(user=UserFactory(email="anna3@post.example.org"))
    prefix = requested_trial(user=UserFactory(email="anna33@post.example"))

    page = console.get("/console/trials/", {"q": "anna3@post.example"}).content.decode()
    found = [each.number in page for each in (hers, other, prefix)]
    assert found == [True, False, False]
    begun = console.get("/console/trials/", {"q": "anna3"}).content.decode()
    assert [each.number in begun for each in (hers, other, prefix)] == [True, True, True]
