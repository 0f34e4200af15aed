"""What banks take back is booked as it moves, and what no webhook told of is swept up daily."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.payments.models import Dispute, LedgerEntry, LedgerTransaction, Payment, Refund
from shop.payments.reversals import list_disputes, retrieve_dispute
from shop.payments.services.charges import charge_off_session
from shop.payments.services.disputes import DISPUTE_OVER, take_over_dispute
from shop.payments.services.sweeping import sweep_disputes, sweep_refunds
from shop.payments.tasks import sweep_stripe
from tests.factories.shop import StaffFactory
from tests.shop.payments.conftest import Heard
from tests.shop.payments.paying import VISA, deliver, next_of, next_of_each
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


def _sums() -> dict[str, Decimal]:
    rows = LedgerEntry.objects.values_list("account").annotate(Sum("amount"))
    return {account: amount for account, amount in rows if amount}


def _win(sandbox: RunningSandbox) -> None:
    (dispute,) = sandbox.stripe().disputes.list().data
    sandbox.stripe().disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )


def _broken() -> list[str]:
    money = [each for each in all_invariants() if each.number in (1, 2)]
    return [each.name for each in money if breaches(each)]


def test_withdrawn_money_is_booked_once_and_back_where_it_is_reinstated(
    paid: Callable[..., Payment],
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    paid(DISPUTED)
    created, withdrawn = next_of_each(
        stripe_webhooks, "charge.dispute.created", "charge.dispute.funds_withdrawn"
    )
    assert [deliver(client, each) for each in (withdrawn, created, withdrawn)] == [200] * 3
    # Stripe takes a fee besides what the bank takes.
    assert _sums() == {
        "disputes": Decimal("95"),
        "dispute_fees": Decimal("20"),
        "stripe": Decimal("-20"),
        "unreturned": Decimal("-95"),
    }
    dispute = Dispute.objects.get()
    assert (dispute.withdrawn.amount, dispute.fees.amount) == (Decimal("95"), Decimal("20"))
    assert _broken() == []

    _win(stripe_sandbox)
    assert deliver(client, next_of(stripe_webhooks, "charge.dispute.funds_reinstated")) == 200
    # What was lost on a dispute that was won is its fee.
    assert _sums() == {
        "dispute_fees": Decimal("20"),
        "stripe": Decimal("75"),
        "unreturned": Decimal("-95"),
    }
    assert not Dispute.objects.get().is_open
    assert _broken() == []


def test_open_disputes_wait_for_staff_until_they_are_decided(
    paid: Callable[..., Payment], client: Client, stripe_sandbox: RunningSandbox
) -> None:
    payment = paid(DISPUTED)
    sweep_disputes()
    (found,) = stripe_sandbox.stripe().disputes.list().data
    client.force_login(StaffFactory())
    page = client.get("/console/disputes/").content.decode()
    assert found.id in page
    assert payment.user.email in page
    (row,) = client.get("/api/v1/staff/disputes/").json()["results"]
    assert (row["id"], row["withdrawn"]["amount"]) == (found.id, "95.00")
    assert row["fees"]["amount"] == "20.00"
    assert "€20.00" in page

    stripe_sandbox.stripe().disputes.close(found.id)
    sweep_disputes()
    assert found.id not in client.get("/console/disputes/").content.decode()
    payment.refresh_from_db()
    assert payment.dispute == Payment.Dispute.LOST
    assert _sums()["disputes"] == Decimal("95")


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 1)])
def test_an_inquiry_beside_a_lost_dispute_does_not_make_the_payment_whole(
    paid: Callable[..., Payment], stripe_sandbox: RunningSandbox, order: tuple[int, ...]
) -> None:
    payment = paid(DISPUTED)
    (found,) = stripe_sandbox.stripe().disputes.list().data
    stripe_sandbox.stripe().disputes.close(found.id)
    lost = retrieve_dispute(found.id)
    inquiry = replace(lost, id="dp_second", status="warning_closed", moved={}, fees={})
    for each in order:
        take_over_dispute((lost, inquiry)[each])
        if each == 0:
            payment.refresh_from_db()
            assert payment.dispute == Payment.Dispute.LOST

    payment.refresh_from_db()
    assert payment.dispute == Payment.Dispute.LOST
    assert not OutboxMessage.objects.filter(topic=DISPUTE_OVER).exists()


def test_a_refund_whose_webhook_was_missed_is_swept_up_once(
    paid: Callable[..., Payment], heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = paid()
    stripe_sandbox.stripe().refunds.create(
        {"payment_intent": payment.stripe_payment_intent_id, "amount": 4000}
    )
    assert sweep_refunds() == 1
    sweep_refunds()
    sweep_stripe()

    refund = Refund.objects.get()
    assert (refund.state, refund.amount.amount) == ("succeeded", Decimal("40"))
    assert heard.refunded == [refund.pk]
    assert _sums() == {"stripe": Decimal("55"), "unreturned": Decimal("-55")}
    assert _broken() == []


def test_a_sweep_takes_no_lock_for_a_refund_that_is_booked_already(
    paid: Callable[..., Payment], stripe_sandbox: RunningSandbox
) -> None:
    payment = paid()
    stripe_sandbox.stripe().refunds.create(
        {"payment_intent": payment.stripe_payment_intent_id, "amount": 4000}
    )
    with CaptureQueriesContext(connection) as first:
        sweep_refunds()
    with CaptureQueriesContext(connection) as again:
        assert sweep_refunds() == 1

    def locks(queries: CaptureQueriesContext) -> bool:
        asked = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
        return any("shop_payment" in sql or "shop_refund" in sql for sql in asked)

    assert (locks(first), locks(again)) == (True, False)


def test_a_dispute_of_somebody_elses_payment_is_none_of_ours(
    paid: Callable[..., Payment],
) -> None:
    paid(DISPUTED)
    Payment.objects.update(stripe_payment_intent_id="pi_other")
    assert sweep_disputes() == 0
    assert not Dispute.objects.exists()


def test_the_audit_finds_what_is_told_and_not_booked(paid: Callable[..., Payment]) -> None:
    paid(DISPUTED)
    sweep_disputes()
    Dispute.objects.update(withdrawn=0)
    assert "What banks took back of disputed payments is booked" in _broken()
    assert LedgerTransaction.objects.filter(kind="dispute").count() == 1


def test_a_fee_is_booked_once_and_back_where_stripe_gives_it_back(
    paid: Callable[..., Payment], stripe_sandbox: RunningSandbox
) -> None:
    paid(DISPUTED)
    sweep_disputes()
    sweep_disputes()
    assert LedgerTransaction.objects.filter(kind="dispute_fee").count() == 1
    (found,) = list_disputes(since=timezone.now() - timedelta(days=1))
    back = {**found.fees, "txn_fee_back": -2000}
    take_over_dispute(replace(found, fees=back))
    take_over_dispute(replace(found, fees=back))

    assert "dispute_fees" not in _sums()
    assert Dispute.objects.get().fees.amount == 0
    assert LedgerTransaction.objects.filter(kind="dispute_fee").count() == 2
    assert _broken() == []


def test_the_audit_finds_a_fee_that_is_told_and_not_booked(paid: Callable[..., Payment]) -> None:
    paid(DISPUTED)
    sweep_disputes()
    Dispute.objects.update(fees=0)
    assert _broken() == ["What Stripe took for disputes is booked"]
