"""Giving money back: never more than was paid, once, and taken back where the bank refuses it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from djmoney.money import Money

from shop.foundation.outbox import carry_out_due
from shop.payments.errors import RefundRefusedError, StripeUnreachableError
from shop.payments.models import LedgerEntry, Payment, Refund
from shop.payments.services.charges import charge_off_session
from shop.payments.services.reconciling import reconcile_refunds
from shop.payments.services.refunds import carry_out_refund, request_refund
from tests.shop.payments.conftest import Heard
from tests.shop.payments.paying import (
    REFUND_FAILS,
    REFUND_PENDING,
    SILENCE,
    VISA,
    deliver,
    next_of,
)
from tests.shop.payments.sandbox.running import Receiver, RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
Paid = Callable[..., Payment]


@pytest.fixture
def paid(owe: Callable[..., Payment], keep_card: Callable[..., Any]) -> Paid:
    def pay(method: str = VISA) -> Payment:
        card = keep_card(method=method)
        payment = owe(user=card.user, card=card, off_session=True)
        charge_off_session(payment_id=payment.pk)
        return Payment.objects.get(pk=payment.pk)

    return pay


def give_back(payment: Payment, amount: str) -> Refund:
    return request_refund(
        payment_id=payment.pk, amount=Money(amount, "EUR"), by=None, reason="Came back"
    )


def balance(account: str) -> Any:
    entries = LedgerEntry.objects.filter(account=account)
    return entries.aggregate(sum=Sum("amount"))["sum"]


def test_a_refund_goes_back_in_part_and_is_booked(paid: Paid, heard: Heard) -> None:
    payment = paid()
    refund = give_back(payment, "40.00")
    carry_out_due()
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert refund.state == Refund.State.SUCCEEDED
    assert payment.refunded == Money("40.00", "EUR")
    assert heard.refunded == [refund.pk]
    assert balance("stripe") == 55


@pytest.mark.parametrize("amount", ["0", "-1", "55.01", "1.001"])
def test_more_than_is_left_or_nothing_is_refused(amount: str, paid: Paid) -> None:
    payment = paid()
    give_back(payment, "40.00")
    with pytest.raises(RefundRefusedError):
        give_back(payment, amount)
    assert Refund.objects.count() == 1


def test_what_was_not_paid_is_not_given_back(owe: Callable[..., Payment]) -> None:
    with pytest.raises(RefundRefusedError):
        give_back(owe(), "1.00")


def test_a_refund_whose_answer_was_lost_is_made_once(
    paid: Paid, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = paid()
    refund = give_back(payment, "95.00")
    stripe_sandbox.turn("faults", **{**SILENCE, "path": "/v1/refunds"})
    with pytest.raises(StripeUnreachableError):
        carry_out_refund(refund_id=refund.pk)
    carry_out_refund(refund_id=refund.pk)
    assert heard.refunded == [refund.pk]
    assert len(stripe_sandbox.stripe().refunds.list().data) == 1


def test_a_refund_that_stripe_refuses_can_be_asked_for_again(
    paid: Paid, stripe_sandbox: RunningSandbox
) -> None:
    payment = paid()
    stripe_sandbox.stripe().refunds.create({"payment_intent": payment.stripe_payment_intent_id})
    refund = give_back(payment, "95.00")
    carry_out_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.state, payment.refunded.amount) == (Refund.State.FAILED, 0)
    assert balance("stripe") == 95


@pytest.mark.parametrize("by", ["webhook", "sweep"])
def test_a_pending_refund_is_booked_when_it_arrives(
    by: str,
    paid: Paid,
    heard: Heard,
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid(REFUND_PENDING)
    refund = give_back(payment, "95.00")
    carry_out_refund(refund_id=refund.pk)
    assert heard.refunded == []

    stripe_sandbox.turn("clock", advance=11)
    if by == "webhook":
        assert deliver(client, next_of(stripe_webhooks, "refund.updated")) == 200
    else:
        Refund.objects.update(created_at="2020-01-01T00:00Z")
        assert reconcile_refunds() == 1
    assert heard.refunded == [refund.pk]
    assert balance("stripe") == 0


def test_a_refund_that_fails_days_later_is_taken_out_of_the_books(
    paid: Paid,
    heard: Heard,
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid(REFUND_FAILS)
    refund = give_back(payment, "95.00")
    carry_out_refund(refund_id=refund.pk)
    assert balance("stripe") == 0

    stripe_sandbox.turn("clock", advance=11)
    webhook = next_of(stripe_webhooks, "refund.failed")
    assert [deliver(client, webhook), deliver(client, webhook)] == [200, 200]
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.state, payment.refunded.amount) == (Refund.State.FAILED, 0)
    assert balance("stripe") == 95
