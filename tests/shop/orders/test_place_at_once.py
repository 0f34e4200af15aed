"""Many buy the last pieces at once, through real threads and connections.

The control runs the same race with the lock taken out and must oversell, or the race is none.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import models
from rest_framework.test import APIClient

from shop.foundation.invariants import all_invariants, breaches
from shop.inventory import services as inventory
from shop.inventory.errors import OutOfStockError
from shop.inventory.models import StockRecord
from shop.orders.models import Order
from shop.orders.services.checkout import place_order
from tests.factories.shop import StockRecordFactory, UserFactory
from tests.lock_order import outside_the_law
from tests.shop.foundation.at_once import at_once
from tests.shop.orders.buying import filled_cart

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 24


def _race(pieces: int) -> int:
    """Let all buy one frame of which there are so many pieces; return how many got it."""
    stock = StockRecordFactory(on_hand=pieces)
    wishes = [filled_cart(UserFactory(), stock) for _each in range(BUYERS)]

    def buy(wish: dict[str, Any]) -> bool:
        try:
            place_order(**wish)
        except OutOfStockError:
            return False
        return True

    return sum(at_once([lambda wish=wish: buy(wish) for wish in wishes]))


def _broken() -> list[str]:
    return [each.name for each in all_invariants() if breaches(each)]


def test_as_many_buy_as_there_are_pieces() -> None:
    assert _race(5) == Order.objects.count() == 5
    assert StockRecord.objects.values_list("on_hand", "reserved").get() == (5, 5)
    assert _broken() == []


def test_without_the_lock_the_same_race_oversells_and_the_audit_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_read(
        model: type[models.Model], keys: Iterable[Any], *, by: str = "pk"
    ) -> list[models.Model]:
        return list(model._default_manager.filter(**{f"{by}__in": set(keys)}).order_by("pk"))

    monkeypatch.setattr(inventory, "lock_rows", only_read)

    with outside_the_law():
        assert _race(5) > 5
    assert "What is reserved equals the active reservations" in _broken()


def test_the_last_piece_goes_to_one_and_the_other_is_told() -> None:
    stock = StockRecordFactory(on_hand=1)
    wishes = [filled_cart(UserFactory(), stock) for _each in range(2)]

    def post(wish: dict[str, Any]) -> Any:
        client = APIClient()
        client.force_authenticate(wish["user"])
        body = {"address_id": wish["address_id"]}
        return client.post("/api/v1/orders/", body, headers={"Idempotency-Key": "k"})

    answers = at_once([lambda wish=wish: post(wish) for wish in wishes])

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "out_of_stock"
    assert Order.objects.count() == 1


def test_two_tabs_at_once_place_one_order() -> None:
    wish = filled_cart(UserFactory(), StockRecordFactory())

    orders = at_once([lambda: place_order(**wish)] * 8)

    assert {order.pk for order in orders} == {Order.objects.get().pk}
    assert StockRecord.objects.get().reserved == 1
