"""Prices, totals, states and owners that a client sends are ignored or refused."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from shop.customers.models import Address, User
from shop.orders.models import CartLine, Order
from tests.factories.shop import (
    AddressFactory,
    SavedCardFactory,
    StockRecordFactory,
    UserFactory,
)
from tests.factories.trials import ProgrammeVersionFactory, filled_box
from trials.home_trials.models import Trial

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "claims"}
NOT_A_CLIENTS = {
    *("price", "unit_price", "amount", "total", "currency", "state", "status", "outcome"),
    *("user", "user_id", "owner", "owner_id", "customer", "email", "number", "is_staff", "counted"),
    *("placed_at", "paid_at", "requested_at", "delivered_at", "due_at", "charge_at", "created_at"),
}
# Only staff send these, in words of their own: what a carrier said, the maker's answer to an idea
# (which move that is the service checks), and whose letter it is that asks for an erasure.
STAFFS = {
    # Staff say how much of damage is charged, and how much of a charge or an order goes back.
    ("ProposalChangeInputRequest", "amount"),
    ("RefundChargeInputRequest", "amount"),
    ("StaffOrderRefundInputRequest", "amount"),
    ("StaffOrderRefundInputRequest", "currency"),
    # What a version's amounts are in, as its page has a manager choose.
    ("StaffVersionInputRequest", "currency"),
    ("StaffVersionPublishInputRequest", "currency"),
    ("TrackingEventInputRequest", "status"),
    ("IdeaAnswerInputRequest", "state"),
    ("StaffErasureInputRequest", "email"),
}
CLAIMS = {
    "total": "0.01",
    "amount": {"amount": "0.01", "currency": "EUR"},
    "state": "paid",
    "price": "0.01",
    "unit_price": "0.01",
    "number": "L-MINE",
    "is_staff": True,
}


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_no_input_of_the_api_has_a_field_for_them() -> None:
    schemas = SchemaGenerator().get_schema(request=None, public=True)["components"]["schemas"]
    inputs = {name: each for name, each in schemas.items() if name.endswith("InputRequest")}
    assert len(inputs) > 10
    claimable = {
        (name, field)
        for name, each in inputs.items()
        for field in NOT_A_CLIENTS & each["properties"].keys()
    }
    assert claimable == STAFFS


def test_an_order_costs_what_the_shop_says_and_is_the_callers(api: APIClient, user: User) -> None:
    other, address = UserFactory(), AddressFactory(user=user)
    variant = StockRecordFactory().variant
    claims = {**CLAIMS, "user": other.pk, "user_id": other.pk}
    api.post("/api/v1/cart/lines/", {"variant_id": variant.pk, **claims})
    body: dict[str, Any] = {"address_id": address.pk, "lines": [], **claims}
    answer = api.post("/api/v1/orders/", body, headers=KEY)

    assert answer.status_code == 201
    order = Order.objects.get()
    assert (order.user, order.state) == (user, "pending_payment")
    assert order.total == variant.price
    assert order.number != "L-MINE"


def test_a_total_the_customer_was_not_shown_is_refused(api: APIClient, user: User) -> None:
    address, variant = AddressFactory(user=user), StockRecordFactory().variant
    api.post("/api/v1/cart/lines/", {"variant_id": variant.pk})
    body = {"address_id": address.pk, "expected_total": str(variant.price.amount - Decimal(1))}
    answer = api.post("/api/v1/orders/", body, headers=KEY)

    assert answer.status_code == 409
    assert not Order.objects.exists()


def test_nothing_goes_to_another_customers_address_or_on_her_card(
    api: APIClient, user: User
) -> None:
    hers, her_card = AddressFactory(), SavedCardFactory()
    mine, my_card = AddressFactory(user=user), SavedCardFactory(user=user)
    terms = {"version_id": ProgrammeVersionFactory().pk}
    filled_box(user=user)
    api.post("/api/v1/cart/lines/", {"variant_id": StockRecordFactory().variant.pk})

    for number, body in enumerate(
        (
            {**terms, "address_id": hers.pk, "card_id": my_card.pk},
            {**terms, "address_id": mine.pk, "card_id": her_card.pk},
        )
    ):
        key = {"Idempotency-Key": f"wish-{number}"}
        assert api.post("/api/v1/trials/", body, headers=key).status_code in (404, 409, 422)
    order = api.post("/api/v1/orders/", {"address_id": hers.pk}, headers=KEY)
    assert order.status_code in (404, 409, 422)
    assert not Trial.objects.exists()
    assert not Order.objects.exists()


def test_a_trial_is_the_callers_and_begins_where_trials_begin(api: APIClient, user: User) -> None:
    version = ProgrammeVersionFactory()
    filled_box(user=user)
    ids = {
        "version_id": version.pk,
        "address_id": AddressFactory(user=user).pk,
        "card_id": SavedCardFactory(user=user).pk,
    }
    claims = {**CLAIMS, "state": "closed", "user": UserFactory().pk, "due_at": "2099-01-01"}
    assert api.post("/api/v1/trials/", {**ids, **claims}, headers=KEY).status_code == 201

    trial = Trial.objects.get()
    assert (trial.user, trial.state, trial.due_at) == (user, "requested", None)
    prices = {item.price for item in trial.items.all()}
    assert prices == {item.variant.price for item in trial.items.select_related("variant")}


def test_an_address_is_the_callers(api: APIClient, user: User) -> None:
    body = {
        "name": "Mia",
        "line1": "Lindenstraße 4",
        "postal_code": "10969",
        "city": "Berlin",
        "country": "DE",
        "user": UserFactory().pk,
    }
    assert api.post("/api/v1/addresses/", body).status_code == 201
    assert Address.objects.get().user == user


@pytest.mark.parametrize("by", ["api", "page"])
def test_a_client_does_not_say_where_a_wish_came_from(api: APIClient, user: User, by: str) -> None:
    variant = StockRecordFactory().variant
    another = uuid.uuid4()
    wish = {"variant_id": variant.pk, "origin": f"gallery:{another}:{another}", "note": "9 of 9"}
    if by == "api":
        assert api.post("/api/v1/cart/lines/", wish).status_code == 200
    else:
        browser = Client()
        browser.force_login(user)
        assert browser.post("/cart/add/", wish).status_code == 302

    [line] = CartLine.objects.all()
    assert (line.variant, line.origin, line.note) == (variant, "", "")


def test_a_number_is_set_only_of_what_is_in_the_cart(api: APIClient) -> None:
    variant = StockRecordFactory().variant
    address = f"/api/v1/cart/lines/{variant.pk}/"
    refused = api.put(address, {"quantity": 3})
    assert (refused.status_code, refused.json()["code"]) == (404, "cart_line_not_found")
    assert not CartLine.objects.exists()
    assert api.put(address, {"quantity": 0}).status_code == 200
