"""What becomes of an order: paid, sent, completed; or given up, its pieces and money going back."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db.models import Sum
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import Event
from shop.customers.roles import ensure_roles
from shop.foundation.history import IllegalMoveError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.inventory.models import StockRecord
from shop.orders.errors import RefundForbiddenError
from shop.orders.models import Order
from shop.orders.services.fulfilment import (
    PAY_WITHIN,
    cancel_order,
    complete_order,
    expire_unpaid,
    fulfil_order,
)
from shop.orders.tasks import on_refund_cancelled
from shop.payments.errors import RefundRefusedError
from shop.payments.gateway import RefundResult
from shop.payments.models import LedgerEntry, Refund
from shop.payments.services.refunds import request_refund, settle_refund
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.shop.orders.buying import mark_paid, payment_of, placed_order

pytestmark = pytest.mark.django_db


def _stock() -> tuple[int, int]:
    return StockRecord.objects.values_list("on_hand", "reserved").get()


def _mails() -> list[str]:
    """Send what waits, and return the subjects of all that was sent."""
    carry_out_due()
    return [sent.subject for sent in mail.outbox]


def _give_back(refund: Refund) -> None:
    """Settle a refund as Stripe tells of it."""
    result = RefundResult(id=f"re_{refund.pk.hex}", status="succeeded", failure="")
    settle_refund(refund_id=refund.pk, result=result)


@pytest.fixture(autouse=True)
def _books_are_right() -> object:
    yield
    assert [each.name for each in all_invariants() if breaches(each)] == []


def test_a_paid_order_is_booked_counted_and_confirmed_once() -> None:
    order = placed_order()

    for _told in range(3):
        paid = mark_paid(order)

    assert (paid.state, bool(paid.paid_at)) == ("paid", True)
    assert Event.objects.filter(name="order_paid").count() == 1
    sales = LedgerEntry.objects.filter(account="sales", order_number=order.number)
    assert sales.aggregate(sum=Sum("amount"))["sum"] == -order.total.amount
    assert len(_mails()) == 1
    assert mail.outbox[0].to == [order.user.email]


def test_an_order_is_sent_once_and_its_pieces_leave_the_shelf() -> None:
    order, ops = mark_paid(placed_order(quantity=2)), StaffFactory()

    fulfil_order(order_id=order.pk, by=ops)
    with pytest.raises(IllegalMoveError):
        fulfil_order(order_id=order.pk, by=ops)
    complete_order(order_id=order.pk, by=ops)

    assert _stock() == (8, 0)
    assert Order.objects.get().state == "completed"
    assert len(_mails()) == 2
    assert order.transitions.get(to_state="fulfilled").actor == ops


def test_what_is_not_paid_is_not_sent() -> None:
    order = placed_order()

    with pytest.raises(IllegalMoveError):
        fulfil_order(order_id=order.pk, by=StaffFactory())

    assert _stock() == (10, 1)


def test_an_order_nobody_paid_within_a_day_is_given_up_and_its_pieces_are_free() -> None:
    order = placed_order()

    with time_machine.travel(order.placed_at + PAY_WITHIN - timedelta(seconds=1)):
        assert expire_unpaid() == 0
    with time_machine.travel(order.placed_at + PAY_WITHIN + timedelta(seconds=1)):
        assert expire_unpaid() == 1
        assert expire_unpaid() == 0

    assert Order.objects.get().state == "cancelled"
    assert _stock() == (10, 0)
    assert OutboxMessage.objects.filter(topic="payments.cancel").count() == 1


def test_a_paid_order_is_never_given_up() -> None:
    order = mark_paid(placed_order())

    with time_machine.travel(order.placed_at + PAY_WITHIN * 2):
        assert expire_unpaid() == 0
    assert Order.objects.get().state == "paid"


def test_money_that_comes_after_all_for_an_order_given_up_goes_back_in_full() -> None:
    order = placed_order()
    cancel_order(order_id=order.pk, by=None, reason="Not paid within a day")

    assert mark_paid(order).state == "cancelled"

    refund = Refund.objects.get()
    assert (refund.amount, refund.requested_by) == (order.total, None)
    assert OutboxMessage.objects.filter(topic="payments.refund").count() == 1
    assert not Event.objects.filter(name="order_paid").exists()
    _give_back(refund)


def test_a_paid_order_cancelled_by_the_manager_gives_all_back_and_says_so_once() -> None:
    ensure_roles()
    order, manager = mark_paid(placed_order()), ManagerFactory()
    _mails()

    cancel_order(order_id=order.pk, by=manager, reason="She changed her mind")
    (message,) = OutboxMessage.objects.filter(topic="orders.refund_cancelled")
    assert message.payload["by"] == manager.pk
    for _twice in range(2):
        on_refund_cancelled(message.payload)

    refund = Refund.objects.get()
    for _twice in range(2):
        _give_back(refund)
    assert (refund.amount, refund.requested_by) == (order.total, manager)
    assert _stock() == (10, 0)
    assert Event.objects.filter(name="order_refunded").count() == 1
    told = OutboxMessage.objects.filter(topic="mail.send", done_at=None)
    assert [order.number in message.payload["text"] for message in told] == [True]


def test_whoever_may_not_give_money_back_cancels_no_paid_order() -> None:
    ensure_roles()
    waiting, order, ops = placed_order(), mark_paid(placed_order()), StaffFactory()

    with pytest.raises(RefundForbiddenError):
        cancel_order(order_id=order.pk, by=ops, reason="no")
    cancel_order(order_id=waiting.pk, by=ops, reason="Asked for by telephone")

    order.refresh_from_db()
    assert order.state == "paid"
    assert not Refund.objects.exists()


def test_a_sent_order_is_not_cancelled() -> None:
    order = mark_paid(placed_order())
    fulfil_order(order_id=order.pk, by=StaffFactory())

    with pytest.raises(IllegalMoveError):
        cancel_order(order_id=order.pk, by=None, reason="too late")
    assert _stock() == (9, 0)


def test_no_more_is_given_back_than_was_paid() -> None:
    order = mark_paid(placed_order())
    payment = payment_of(order)
    part = request_refund(payment_id=payment.pk, amount=Money(45, "EUR"), by=None, reason="x")
    _give_back(part)

    with pytest.raises(RefundRefusedError):
        request_refund(payment_id=payment.pk, amount=Money("100.01", "EUR"), by=None, reason="x")

    payment.refresh_from_db()
    assert payment.refunded == Money(45, "EUR")
    assert timezone.now() >= payment.settled_at
