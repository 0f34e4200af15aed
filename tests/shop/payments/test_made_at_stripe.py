"""What people do at Stripe's dashboard, and what banks decide, is taken over."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from djmoney.money import Money

from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.payments.errors import RefundRefusedError
from shop.payments.models import LedgerEntry, Payment, Refund
from shop.payments.services.charges import charge_off_session
from shop.payments.services.refunds import request_refund
from tests.shop.payments.conftest import Heard
from tests.shop.payments.paying import REFUND_FAILS, VISA, deliver, next_of
from tests.shop.payments.sandbox.running import Receiver, RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
DISPUTED = "pm_card_createDispute"


@pytest.fixture
def paid(owe: Callable[..., Payment], keep_card: Callable[..., Any]) -> Callable[..., Payment]:
    def pay(method: str = VISA) -> Payment:
        card = keep_card(method=method)
        payment = owe(user=card.user, card=card, off_session=True)
        charge_off_session(payment_id=payment.pk)
        return Payment.objects.get(pk=payment.pk)

    return pay


def _at_the_dashboard(sandbox: RunningSandbox, payment: Payment, minor: int) -> None:
    sandbox.stripe().refunds.create(
        {"payment_intent": payment.stripe_payment_intent_id, "amount": minor}
    )


def _balance() -> Any:
    return LedgerEntry.objects.filter(account="stripe").aggregate(sum=Sum("amount"))["sum"]


def test_a_refund_made_at_the_dashboard_is_booked_once(
    paid: Callable[..., Payment],
    heard: Heard,
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid()
    _at_the_dashboard(stripe_sandbox, payment, 4000)
    webhook = next_of(stripe_webhooks, "refund.created")
    assert [deliver(client, webhook), deliver(client, webhook)] == [200, 200]

    payment.refresh_from_db()
    refund = Refund.objects.get()
    assert (payment.refunded, refund.state) == (Money("40.00", "EUR"), Refund.State.SUCCEEDED)
    assert heard.refunded == [refund.pk]
    assert _balance() == 55
    assert not [each for each in all_invariants() if each.number in (1, 2) and breaches(each)]


def test_a_refund_of_ours_that_is_told_before_its_answer_is_not_booked_twice(
    paid: Callable[..., Payment],
    heard: Heard,
    client: Client,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid()
    refund = request_refund(
        payment_id=payment.pk, amount=Money("40.00", "EUR"), by=None, reason="Came back"
    )
    carry_out_due()
    Refund.objects.update(stripe_refund_id=None, state="requested")
    assert deliver(client, next_of(stripe_webhooks, "refund.created")) == 200

    assert Refund.objects.count() == 1
    payment.refresh_from_db()
    assert payment.refunded == refund.amount


def test_a_refund_of_the_dashboard_that_fails_is_taken_out_again(
    paid: Callable[..., Payment],
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid(REFUND_FAILS)
    _at_the_dashboard(stripe_sandbox, payment, 9500)
    deliver(client, next_of(stripe_webhooks, "refund.created"))
    assert _balance() == 0
    stripe_sandbox.turn("clock", advance=11)
    deliver(client, next_of(stripe_webhooks, "refund.failed"))

    payment.refresh_from_db()
    assert payment.refunded.amount == 0
    assert _balance() == 95


def test_a_refund_of_somebody_elses_payment_is_none_of_ours(
    paid: Callable[..., Payment],
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid()
    _at_the_dashboard(stripe_sandbox, payment, 9500)
    Payment.objects.update(stripe_payment_intent_id="pi_other")
    assert deliver(client, next_of(stripe_webhooks, "refund.created")) == 200

    assert not Refund.objects.exists()


def test_nothing_is_given_back_while_a_dispute_is_open_nor_after_one_that_was_lost(
    paid: Callable[..., Payment],
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid(DISPUTED)
    deliver(client, next_of(stripe_webhooks, "charge.dispute.created"))
    with pytest.raises(RefundRefusedError, match="disputes"):
        request_refund(
            payment_id=payment.pk, amount=Money("1.00", "EUR"), by=None, reason="Came back"
        )
    (dispute,) = stripe_sandbox.stripe().disputes.list().data
    stripe_sandbox.stripe().disputes.close(dispute.id)
    deliver(client, next_of(stripe_webhooks, "charge.dispute.closed"))

    payment.refresh_from_db()
    assert payment.dispute == Payment.Dispute.LOST
    with pytest.raises(RefundRefusedError, match="disputes"):
        request_refund(
            payment_id=payment.pk, amount=Money("1.00", "EUR"), by=None, reason="Came back"
        )


def test_after_a_dispute_that_was_won_money_may_be_given_back(
    paid: Callable[..., Payment],
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = paid(DISPUTED)
    (dispute,) = stripe_sandbox.stripe().disputes.list().data
    stripe_sandbox.stripe().disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    deliver(client, next_of(stripe_webhooks, "charge.dispute.closed"))

    payment.refresh_from_db()
    assert payment.dispute == Payment.Dispute.WON
    request_refund(payment_id=payment.pk, amount=Money("1.00", "EUR"), by=None, reason="Came back")
