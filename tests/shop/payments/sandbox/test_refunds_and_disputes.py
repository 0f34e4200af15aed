"""Money given back, by the shop or by a dispute, and the balance after it."""

import pytest
import stripe

from tests.shop.payments.sandbox.acts import pay


def test_refunds_add_up_to_what_was_captured_and_never_above(client):
    paid = pay(client, "pm_card_visa")
    first = client.refunds.create(
        {"payment_intent": paid.id, "amount": 4500, "reason": "requested_by_customer"}
    )
    assert (first.amount, first.status, first.currency) == (4500, "succeeded", "eur")
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as refusal:
        client.refunds.create({"payment_intent": paid.id, "amount": 10001})
    assert refusal.value.param == "amount"
    rest = client.refunds.create({"charge": paid.latest_charge})
    assert rest.amount == 10000
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.refunds.create({"payment_intent": paid.id, "amount": 1})
    assert refusal.value.code == "charge_already_refunded"
    charge = client.charges.retrieve(paid.latest_charge, {"expand": ["refunds"]})
    assert (charge.refunded, charge.amount_refunded) == (True, 14500)
    assert [refund.id for refund in charge.refunds.data] == [rest.id, first.id]
    listed = client.refunds.list({"payment_intent": paid.id})
    assert [refund.id for refund in listed] == [rest.id, first.id]


def test_after_a_partial_capture_only_the_captured_part_is_refunded(client):
    held = pay(client, "pm_card_visa", capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.refunds.create({"payment_intent": held.id})
    assert refusal.value.code == "payment_intent_unexpected_state"
    client.payment_intents.capture(held.id, {"amount_to_capture": 4500})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.refunds.create({"payment_intent": held.id, "amount": 4501})
    assert client.refunds.create({"payment_intent": held.id}).amount == 4500


def test_nothing_paid_is_nothing_refunded(client):
    intent = client.payment_intents.create({"amount": 500, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError, match="One of the following"):
        client.refunds.create({"amount": 5})


@pytest.mark.parametrize(
    ("method", "at_first", "later", "event"),
    [
        ("pm_card_pendingRefund", "pending", "succeeded", "refund.updated"),
        ("pm_card_refundFail", "succeeded", "failed", "refund.failed"),
    ],
)
def test_slow_refunds_end_as_their_cards_say(sandbox, client, method, at_first, later, event):
    paid = pay(client, method)
    refund = client.refunds.create({"payment_intent": paid.id})
    assert refund.status == at_first
    sandbox.turn("clock", advance=60)
    assert client.refunds.retrieve(refund.id).status == later
    assert client.events.list({"limit": 1}).data[0].type == event
    assert client.charges.retrieve(paid.latest_charge).refunded is (later == "succeeded")


def test_the_dispute_card_is_disputed_at_once_and_closing_loses(client):
    paid = pay(client, "pm_card_createDispute")
    [dispute] = client.disputes.list({"payment_intent": paid.id}).data
    assert (dispute.amount, dispute.reason, dispute.status) == (
        14500,
        "fraudulent",
        "needs_response",
    )
    assert client.charges.retrieve(paid.latest_charge).disputed
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.refunds.create({"payment_intent": paid.id})
    assert refusal.value.code == "charge_disputed"
    assert client.disputes.close(dispute.id).status == "lost"
    assert client.events.list({"type": "charge.dispute.closed"}).data[0].data.object.id == (
        dispute.id
    )


def test_winning_evidence_wins_a_dispute(client):
    pay(client, "pm_card_createDisputeProductNotReceived")
    [dispute] = client.disputes.list().data
    assert dispute.reason == "product_not_received"
    won = client.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    assert won.status == "won"
    assert client.balance.retrieve().pending[0].amount == 14500 - 243 - 2000


def test_the_balance_is_the_sum_of_its_entries_and_comes_free_in_two_days(sandbox, client):
    paid = pay(client, "pm_card_visa")
    client.refunds.create({"payment_intent": paid.id, "amount": 500})
    balance = client.balance.retrieve()
    # 1.5 % and 25 cents of 145.00 are 2.43 (218 + 25).
    assert (balance.pending[0].amount, balance.available[0].amount) == (14500 - 243 - 500, 0)
    sandbox.turn("clock", advance=2 * 86400)
    assert client.balance.retrieve().available[0].amount == 14500 - 243 - 500
    nets = [entry.net for entry in client.balance_transactions.list()]
    assert nets == [-500, 14500 - 243]
