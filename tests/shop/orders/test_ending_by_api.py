"""A program completes, cancels and refunds an order, as the console does: once, with leave."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.customers.roles import ensure_roles
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.inventory.models import StockRecord
from shop.orders.models import Order
from shop.orders.services.fulfilment import cancel_order, fulfil_order
from shop.orders.services.refunding import refund_order
from shop.payments.errors import RefundRefusedError
from shop.payments.models import Payment, Refund
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.shop.orders.buying import mark_paid, payment_of, placed_order
from tests.shop.orders.test_credit import buy, reward

pytestmark = pytest.mark.django_db
API = "/api/v1/staff/orders/"
PRICE = {"amount": "145.00", "currency": "EUR"}


@pytest.fixture(autouse=True)
def _books_are_right() -> Iterator[None]:
    yield
    assert [each.name for each in all_invariants() if breaches(each)] == []


@pytest.fixture
def manager() -> User:
    ensure_roles()
    return ManagerFactory(email="erna@shop.example")


def _post(by: User, order: Order, act: str, body: Any = None, *, key: str = "k") -> Any:
    api = APIClient()
    api.force_authenticate(by)
    path = f"{API}{order.number}/{act}/"
    return api.post(path, body, format="json", headers={"Idempotency-Key": key})


def _refund(by: User, order: Order, *, key: str = "k", **changes: Any) -> Any:
    body = {"amount": "45.00", "given_back": "0", "currency": "EUR", "reason": "A scratch"}
    body = {name: value for name, value in {**body, **changes}.items() if value is not None}
    return _post(by, order, "refund", body, key=key)


def _refused(answer: Any) -> tuple[int, str, str]:
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    return answer.status_code, problem["code"], problem["detail"]


def _sent() -> Order:
    order = mark_paid(placed_order())
    fulfil_order(order_id=order.pk, by=StaffFactory())
    return order


# Complete ------------------------------------------------------------------------------------


def test_an_order_that_was_sent_is_completed_once_by_whoever_says_so() -> None:
    order, ops = _sent(), StaffFactory()

    answers = [_post(ops, order, "complete") for _twice in range(2)]

    assert [(each.status_code, each.json()["state"]) for each in answers] == [
        (200, "completed")
    ] * 2
    assert order.transitions.get(to_state="completed").actor == ops
    status, code, words = _refused(_post(StaffFactory(), order, "complete", key="other"))
    assert (status, code) == (409, "illegal_move")
    assert f"This is “Completed” already: {ops} did it" in words


def test_what_was_not_sent_is_not_completed() -> None:
    order = mark_paid(placed_order())

    status, code, words = _refused(_post(StaffFactory(), order, "complete"))

    assert (status, code) == (409, "illegal_move")
    assert "it cannot become “Completed”" in words
    assert Order.objects.get().state == "paid"


# Cancel --------------------------------------------------------------------------------------


def test_a_paid_order_is_cancelled_once_its_pieces_are_free_and_its_money_goes_back(
    manager: User,
) -> None:
    order = mark_paid(placed_order())

    answers = [_post(manager, order, "cancel", {"reason": "Broken"}) for _twice in range(2)]
    carry_out_due()

    assert [(each.status_code, each.json()["state"]) for each in answers] == [
        (200, "cancelled")
    ] * 2
    moved = order.transitions.get(to_state="cancelled")
    assert (moved.actor, moved.reason) == (manager, "Broken")
    assert StockRecord.objects.get().reserved == 0
    refund = Refund.objects.get()
    assert (refund.amount, refund.requested_by, refund.reason) == (order.total, manager, "Broken")
    status, code, words = _refused(_post(manager, order, "cancel", {"reason": "x"}, key="other"))
    assert (status, code) == (409, "illegal_move")
    assert f"already: {manager} did it" in words


def test_whoever_may_not_give_money_back_cancels_what_is_not_paid_and_nothing_else(
    manager: User,
) -> None:
    waiting, paid, ops = placed_order(), mark_paid(placed_order()), StaffFactory()

    refused = _refused(_post(ops, paid, "cancel", {"reason": "Asked for"}))
    assert refused == (
        403,
        "refund_forbidden",
        "This order is paid: ask a manager to cancel it.",
    )
    assert _post(ops, waiting, "cancel", {"reason": "Asked for"}).json()["state"] == "cancelled"
    paid.refresh_from_db()
    assert paid.state == "paid"


def test_an_order_that_was_sent_is_not_cancelled(manager: User) -> None:
    order = _sent()

    status, code, words = _refused(_post(manager, order, "cancel", {"reason": "Too late"}))

    assert (status, code) == (409, "illegal_move")
    assert "it cannot become “Cancelled” any more" in words
    assert not Refund.objects.exists()


def test_an_order_that_was_paid_after_somebody_looked_is_not_cancelled_unseen(
    manager: User,
) -> None:
    order = placed_order()
    mark_paid(order)
    body = {"reason": "Nobody pays", "seen": "pending_payment"}

    status, code, words = _refused(_post(manager, order, "cancel", body))
    assert (status, code) == (409, "order_changed")
    assert "Nothing was done: " in words
    assert "made this order “Paid”" in words
    order.refresh_from_db()
    assert (order.state, Refund.objects.count()) == ("paid", 0)
    answer = _post(manager, order, "cancel", {**body, "seen": "paid"}, key="seen")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


def test_nothing_is_cancelled_without_a_reason(manager: User) -> None:
    order = placed_order()
    for body in ({}, {"reason": " "}):
        answer = _post(manager, order, "cancel", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])
    order.refresh_from_db()
    assert order.state == "pending_payment"


# Refund --------------------------------------------------------------------------------------


def test_a_part_goes_back_once_and_the_order_tells_of_it(manager: User) -> None:
    order = mark_paid(placed_order())

    first, again = (_refund(manager, order).json() for _twice in range(2))

    assert first == again
    assert (first["state"], first["given_back"]["amount"]) == ("paid", "45.00")
    assert first["refundable"] == {"amount": "100.00", "currency": "EUR"}
    (told,) = first["refunds"]
    assert (told["amount"]["amount"], told["state"]) == ("45.00", "requested")
    assert (told["reason"], told["requested_by"]) == ("A scratch", "erna@shop.example")
    assert Refund.objects.get().requested_by == manager


def test_all_that_is_left_goes_back_where_no_amount_is_named(manager: User) -> None:
    user = UserFactory()
    reward(user, 20)
    order = mark_paid(buy(user, credit=20))
    _refund(manager, order)

    answer = _refund(manager, order, key="rest", amount=None, given_back="45.00").json()

    assert answer["given_back"] == PRICE
    assert answer["refundable"]["amount"] == "0.00"
    assert [each["amount"]["amount"] for each in answer["refunds"]] == ["45.00", "80.00"]
    assert Order.objects.get().credit_refunded_amount == 20
    status, code, words = _refused(
        _refund(manager, order, key="more", amount=None, given_back="145.00")
    )
    assert (status, code) == (422, "refund_refused")
    assert "At most €0.00" in words


AT_MOST = "At most €145.00 of this payment can be given back."
NO_SMALLER = "Nothing smaller than €0.01 can be paid. Round the amount."


@pytest.mark.parametrize(
    ("amount", "words"),
    [*((each, AT_MOST) for each in ("145.01", "9999.00", "0", "-1")), ("1.005", NO_SMALLER)],
)
def test_more_than_is_left_nothing_and_parts_of_a_cent_are_refused(
    manager: User, amount: str, words: str
) -> None:
    order = mark_paid(placed_order())

    refused = _refused(_refund(manager, order, amount=amount))

    assert refused == (422, "refund_refused", words)
    assert not Refund.objects.exists()


def test_another_currency_is_refused_and_so_is_what_is_none(manager: User) -> None:
    order = mark_paid(placed_order())
    words = "A refund is in the currency that was paid in."

    for amount in ("45.00", "0", None):
        refused = _refused(_refund(manager, order, currency="USD", amount=amount))
        assert refused == (422, "refund_refused", words)
    answer = _refund(manager, order, currency="XQZ")
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"currency": ["“XQZ” is no currency."]},
    )
    with pytest.raises(RefundRefusedError, match="currency that was paid in"):
        refund_order(
            order_id=order.pk, amount=Money(0, "USD"), seen=Money(0, "EUR"), by=manager, reason="x"
        )
    assert not Refund.objects.exists()
    assert _refund(manager, order, currency="eur").status_code == 200


def test_what_was_given_back_meanwhile_is_not_given_back_twice(manager: User) -> None:
    order = mark_paid(placed_order())
    _refund(manager, order)

    status, code, words = _refused(_refund(ManagerFactory(), order, key="other"))

    assert (status, code) == (409, "refund_changed")
    assert "Something was given back meanwhile" in words
    assert Refund.objects.get().amount == Money(45, "EUR")


def test_whoever_may_not_give_money_back_gives_none(manager: User) -> None:
    order = mark_paid(placed_order())

    refused = _refused(_refund(StaffFactory(), order))

    assert refused == (403, "refund_forbidden", "Ask a manager to give this money back.")
    assert _refund(order.user, order).status_code == 403
    assert not Refund.objects.exists()


def test_what_was_not_paid_or_is_cancelled_is_refused_in_words(manager: User) -> None:
    waiting, off = placed_order(), mark_paid(placed_order())
    cancel_order(order_id=off.pk, by=manager, reason="Broken")

    for order, words in ((waiting, "This was not paid"), (off, "This order is cancelled")):
        status, code, told = _refused(_refund(manager, order))
        assert (status, code) == (422, "refund_refused")
        assert words in told


def test_what_the_payers_bank_is_asked_about_is_not_given_back(manager: User) -> None:
    order = mark_paid(placed_order())
    Payment.objects.filter(pk=payment_of(order).pk).update(dispute=Payment.Dispute.OPEN)

    status, code, words = _refused(_refund(manager, order))

    assert (status, code) == (422, "refund_refused")
    assert "disputes this at her bank" in words


def test_a_key_for_one_refund_is_none_for_another(manager: User) -> None:
    order = mark_paid(placed_order())
    _refund(manager, order)

    answer = _refund(manager, order, amount="46.00", given_back="45.00")

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert Refund.objects.get().amount.amount == Decimal(45)


def test_an_order_of_many_refunds_takes_no_more_statements(manager: User) -> None:
    order, api = mark_paid(placed_order()), APIClient()
    api.force_authenticate(manager)

    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert api.get(f"{API}{order.number}/").status_code == 200
        return len(counted)

    _refund(manager, order, amount="1")
    few = statements()
    for given in range(1, 5):
        _refund(manager, order, key=str(given), amount="1", given_back=str(given))
    assert Refund.objects.count() == 5
    assert statements() == few
