"""A POST sent twice acts once and is answered alike, whoever comes first."""

from threading import Event
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.models import IdempotencyRecord
from shop.foundation.tasks import KEEP_ANSWERS, forget
from shop.inventory.models import StockRecord
from shop.orders.models import Order
from shop.orders.services.carts import add_to_cart, cart_for
from tests.factories.shop import AddressFactory, StockRecordFactory, UserFactory
from tests.shop.foundation.at_once import at_once, waiting_for_locks
from tests.shop.payments.sandbox.running import eventually

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/orders/"


def _wish(user: User, stock: StockRecord) -> dict[str, int]:
    add_to_cart(cart_id=cart_for(user=user).pk, variant_id=stock.variant_id)
    return {"address_id": AddressFactory(user=user).pk}


def _post(user: User, body: Any, key: str = "wish-1") -> Any:
    client = APIClient()
    client.force_authenticate(user)
    return client.post(ORDERS, body, headers={"Idempotency-Key": key})


def test_the_same_wish_again_is_answered_as_the_first_time() -> None:
    user = UserFactory()
    body = _wish(user, StockRecordFactory())

    first, again = _post(user, body), _post(user, body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_the_key_of_another_wish_is_refused() -> None:
    user = UserFactory()
    body = _wish(user, StockRecordFactory())
    _post(user, body)

    other = _post(user, {"address_id": AddressFactory(user=user).pk})

    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_the_key_of_another_customer_is_another_key() -> None:
    first, second, stock = UserFactory(), UserFactory(), StockRecordFactory()
    mine, hers = _post(first, _wish(first, stock)), _post(second, _wish(second, stock))

    assert mine.json()["number"] != hers.json()["number"]
    assert set(Order.objects.values_list("user", flat=True)) == {first.pk, second.pk}


def test_what_was_refused_may_be_tried_again_with_its_key() -> None:
    user, stock = UserFactory(), StockRecordFactory(on_hand=0)
    body = _wish(user, stock)

    refused = _post(user, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_stock")
    assert not IdempotencyRecord.objects.exists()
    StockRecord.objects.update(on_hand=1)
    assert _post(user, body).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_must_be_there_and_of_a_bearable_length(key: str) -> None:
    user = UserFactory()

    answer = _post(user, _wish(user, StockRecordFactory()), key)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")


@pytest.mark.django_db(transaction=True)
def test_ten_retries_at_once_are_one_order_and_ten_equal_answers() -> None:
    user = UserFactory()
    body = _wish(user, StockRecordFactory())

    answers = at_once([lambda: _post(user, body)] * 10)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first_succeeds", [True, False])
def test_a_retry_waits_for_the_first_and_acts_only_if_that_failed(first_succeeds: bool) -> None:
    user, stock = UserFactory(), StockRecordFactory(on_hand=1)
    body = _wish(user, stock)
    held, both_wait = Event(), Event()

    def hold_the_shelf() -> None:
        with transaction.atomic():
            record = lock_row(StockRecord, stock.pk)
            held.set()
            assert both_wait.wait(timeout=30)
            if not first_succeeds:
                record.on_hand = 0
                record.save()

    def first() -> Any:
        held.wait(timeout=30)
        return _post(user, body)

    def retry() -> Any:
        assert eventually(waiting_for_locks), "the first stands before the shelf"
        try:
            return _post(user, body)
        finally:
            both_wait.set()

    def let_go() -> None:
        assert eventually(lambda: waiting_for_locks() == 2), "the retry stands before the first"
        both_wait.set()

    _none, answer, answer_again, _none = at_once([hold_the_shelf, first, retry, let_go])

    if first_succeeds:
        assert (answer.status_code, answer_again.json()) == (201, answer.json())
        assert answer_again["Idempotent-Replayed"] == "true"
    else:
        assert {answer.status_code, answer_again.status_code} == {409}
        assert {answer.json()["code"], answer_again.json()["code"]} == {"out_of_stock"}
    assert Order.objects.count() == (1 if first_succeeds else 0)


def test_answers_are_forgotten_when_nobody_retries_any_more() -> None:
    user = UserFactory()
    _post(user, _wish(user, StockRecordFactory()))

    with time_machine.travel(timezone.now() + KEEP_ANSWERS / 2):
        forget()
    assert IdempotencyRecord.objects.count() == 1
    with time_machine.travel(timezone.now() + KEEP_ANSWERS * 1.1):
        forget()
    assert not IdempotencyRecord.objects.exists()
