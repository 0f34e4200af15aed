"""Cart and orders as an API: the caller's own, and nothing she claims beyond its fields."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.orders.models import Order
from tests.factories.shop import StockRecordFactory, UserFactory
from tests.shop.orders.buying import filled_cart, placed_order

pytestmark = pytest.mark.django_db
CART, ORDERS = "/api/v1/cart/", "/api/v1/orders/"
KEY = {"Idempotency-Key": "k"}


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def client(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_cart_is_filled_changed_and_emptied(client: APIClient) -> None:
    stock = StockRecordFactory(on_hand=7)
    line = f"{CART}lines/{stock.variant_id}/"

    filled = client.post(f"{CART}lines/", {"variant_id": stock.variant_id}).json()
    assert filled["lines"] == [
        {
            "variant_id": stock.variant_id,
            "frame": stock.variant.frame.handle,
            "name": str(stock.variant),
            "quantity": 1,
            "note": "",
            "image_url": "",
            "unit_price": {"amount": "145.00", "currency": "EUR"},
            "amount": {"amount": "145.00", "currency": "EUR"},
            "free": 7,
        }
    ]
    assert client.get(CART).json() == filled
    assert client.put(line, {"quantity": 3}).json()["total"]["amount"] == "435.00"
    assert client.delete(line).json() == client.delete(line).json()
    assert client.get(CART).json()["lines"] == []


def test_what_a_client_claims_beyond_its_fields_is_ignored(client: APIClient, user: User) -> None:
    wish = filled_cart(user, StockRecordFactory())
    claims = {"state": "paid", "total": "0.01", "user": UserFactory().pk, "channel": "mail"}

    client.post(ORDERS, {"address_id": wish["address_id"], **claims}, headers=KEY)

    order = Order.objects.get()
    assert (order.user, order.state, order.total.amount, order.channel) == (
        user,
        "pending_payment",
        145,
        "",
    )


@pytest.mark.parametrize(("expected", "status"), [("145", 201), ("145.000", 201), ("140", 409)])
def test_the_total_that_was_shown_is_held_to(
    client: APIClient, user: User, expected: str, status: int
) -> None:
    wish = filled_cart(user, StockRecordFactory())
    body = {"address_id": wish["address_id"], "expected_total": expected}

    answer = client.post(ORDERS, body, headers=KEY)

    assert answer.status_code == status
    assert (answer.json().get("code") == "cart_changed") == (status == 409)


def test_the_order_of_another_is_not_found(client: APIClient) -> None:
    path = f"{ORDERS}{placed_order().number}/"

    assert client.get(path).status_code == 404
    assert client.post(f"{path}payment/").status_code == 404
    assert client.post(f"{path}payment/refresh/").status_code == 404
    assert client.get(ORDERS).json()["results"] == []


def test_orders_are_listed_by_cursor_latest_first_in_a_constant_number_of_queries(
    client: APIClient, user: User
) -> None:
    numbers, counts = [], []
    for _doubled in range(2):
        for _each in range(2):
            order = placed_order(StockRecordFactory(), StockRecordFactory(), user=user)
            numbers.insert(0, order.number)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(ORDERS).json()
        assert [row["number"] for row in page["results"]] == numbers
        counts.append(len(captured))
    assert counts[0] == counts[1]

    first = client.get(f"{ORDERS}?page_size=3").json()
    rest = client.get(first["next"]).json()
    assert [row["number"] for row in first["results"] + rest["results"]] == numbers


@pytest.mark.parametrize("path", [CART, ORDERS, f"{ORDERS}L-00000000/"])
def test_strangers_are_turned_away(path: str) -> None:
    assert APIClient().get(path).status_code in (401, 403)
