"""Charges: what a card's bank was asked for and answered, and the money that moves after it."""

from typing import Any

from shop.payments.sandbox import card_entry, cards, events, jobs
from shop.payments.sandbox.calls import Call, new_id
from shop.payments.sandbox.cards import TestCard
from shop.payments.sandbox.errors import Json

# How long a bank keeps a hold, in seconds
# (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method).
HOLD = 7 * 86400
VISA_MERCHANT_INITIATED_HOLD = 4 * 86400 + 18 * 3600
# Stripe's price for cards in the euro zone: 1.5 % and 25 cents.
_FEE_PER_MILLE, _FEE_FIXED = 15, 25
_AVAILABLE_AFTER = 2 * 86400
_SELLER_MESSAGES = {
    "generic_decline": "The bank did not return any further details with this decline.",
    "insufficient_funds": "The bank returned the decline code `insufficient_funds`.",
}


def charge(
    call: Call,
    intent: Json,
    method: Json,
    *,
    off_session: bool,
    authenticated: bool,
    decline: str | None,
) -> Json:
    """Ask the bank for the intent's amount: held or taken, or refused with `decline`.

    Writes the charge with its events; the intent is the caller's.
    """
    card = card_entry.card_of(call, method["id"])
    captures = intent["capture_method"] != "manual"
    body = _body(call, intent, method, card, authenticated=authenticated)
    if decline:
        code, decline_code, message = cards.DECLINES[decline]
        blocked = decline == "fraudulent"
        body.update(
            status="failed",
            paid=False,
            failure_code=code,
            failure_message=message,
            outcome={
                "advice_code": None,
                "network_advice_code": None,
                "network_decline_code": None if blocked else "05",
                "network_status": "not_sent_to_network" if blocked else "declined_by_network",
                "reason": "highest_risk_level" if blocked else decline_code,
                "risk_level": "highest" if blocked else "normal",
                "risk_score": 96 if blocked else 12,
                "seller_message": _SELLER_MESSAGES.get(
                    decline_code or "", f"The bank returned the decline code `{decline_code}`."
                ),
                "type": "blocked" if blocked else "issuer_declined",
            },
        )
        call.tx.insert(body)
        events.emit(call, "charge.failed", body)
        return body
    if captures:
        _take(call, body, body["amount"])
    else:
        visa_alone = off_session and card.brand == "visa"
        due = call.now + (VISA_MERCHANT_INITIATED_HOLD if visa_alone else HOLD)
        body["payment_method_details"]["card"]["capture_before"] = due
        jobs.schedule(call.tx, due, "lapse", body["id"])
    call.tx.insert(body)
    events.emit(call, "charge.succeeded", body)
    return body


def capture(call: Call, body: Json, amount: int) -> Json:
    """Take so much of a held charge; the bank frees the rest, which Stripe counts as refunded."""
    _take(call, body, amount)
    body["payment_method_details"]["card"].pop("capture_before", None)
    if amount < body["amount"]:
        release(call, body, body["amount"] - amount, None)
    call.tx.save(body)
    events.emit(call, "charge.captured", body)
    return body


def release(call: Call, body: Json, amount: int, reason: str | None) -> None:
    """Free a held amount that is not captured. No money moves, so no entry of the balance."""
    body["amount_refunded"] += amount
    body["refunded"] = body["amount_refunded"] == body["amount"]
    call.tx.insert(refund_body(call, body, amount, reason))


def refund_body(call: Call, body: Json, amount: int, reason: str | None) -> Json:
    """A refund of a charge, not stored yet."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": body["id"],
        "created": call.now,
        "currency": body["currency"],
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": {},
        "payment_intent": body["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def enter(call: Call, kind: str, source: Json, amount: int, fee: int = 0) -> str:
    """Write an entry of the balance, in minor units, and give its id."""
    entry: Json = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": call.now + _AVAILABLE_AFTER,
        "balance_type": "payments",
        "created": call.now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [
            {
                "amount": fee,
                "application": None,
                "currency": source["currency"],
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ]
        if fee
        else [],
        "net": amount - fee,
        "reporting_category": "dispute" if kind == "adjustment" else kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
    return str(call.tx.insert(entry)["id"])


def _take(call: Call, body: Json, amount: int) -> None:
    body["captured"] = True
    body["amount_captured"] = amount
    fee = (amount * _FEE_PER_MILLE + 500) // 1000 + _FEE_FIXED
    body["balance_transaction"] = enter(call, "charge", body, amount, min(fee, amount))


def _body(call: Call, intent: Json, method: Json, card: TestCard, *, authenticated: bool) -> Json:
    charge_id = new_id("ch")
    known = method["card"]
    details: dict[str, Any] = {
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "brand": known["brand"],
        "checks": known["checks"],
        "country": known["country"],
        "exp_month": known["exp_month"],
        "exp_year": known["exp_year"],
        "extended_authorization": {"status": "disabled"},
        "fingerprint": known["fingerprint"],
        "funding": known["funding"],
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": known["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": str(int.from_bytes(charge_id.encode()[-6:]))[:15],
        "overcapture": {
            "maximum_amount_capturable": intent["amount"],
            "status": "unavailable",
        },
        "regulated_status": "unregulated",
        "three_d_secure": {
            "authentication_flow": "challenge",
            "electronic_commerce_indicator": "05",
            "exemption_indicator": None,
            "result": "authenticated",
            "result_reason": None,
            "transaction_id": new_id("", 20)[1:],
            "version": "2.2.0",
        }
        if authenticated
        else None,
        "wallet": None,
    }
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": intent["statement_descriptor"] or "LORGNETTE",
        "captured": False,
        "created": call.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 12,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": details, "type": "card"},
        "presentment_details": None,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }
