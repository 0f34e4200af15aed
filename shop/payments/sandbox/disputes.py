"""Disputes (https://docs.stripe.com/api/disputes), opened by the test cards that say so."""

from typing import Any

from shop.payments.sandbox import card_entry, charging, events, listing
from shop.payments.sandbox.calls import Call, Endpoint, changed, new_id
from shop.payments.sandbox.errors import ApiError, Json
from shop.payments.sandbox.fields import boolean, mapping, opaque, text

_FEE = 2000
_ANSWER_WITHIN = 9 * 86400
_OPEN = "needs_response"


def open_if_tested(call: Call, charge: Json) -> None:
    """Open a dispute about a captured charge whose test card wants one."""
    reason = card_entry.card_of(call, charge["payment_method"]).dispute
    if reason is None:
        return
    dispute: Json = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount_captured"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": call.now + _ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10" if reason == "fraudulent" else "30",
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": charge["payment_method_details"]["card"]["brand"],
                "case_type": "chargeback",
                "network_reason_code": "10" if reason == "fraudulent" else "30",
            },
            "type": "card",
        },
        "reason": reason,
        "status": _OPEN,
    }
    entry = charging.enter(call, "adjustment", dispute, -dispute["amount"], _FEE)
    dispute["balance_transactions"] = [call.tx.load("balance_transaction", entry)]
    call.tx.insert(dispute)
    charge["disputed"] = True
    call.tx.save(charge)
    events.emit(call, "charge.dispute.created", dispute)
    events.emit(call, "charge.dispute.funds_withdrawn", dispute)


def _retrieve(call: Call) -> Json:
    return call.subject("dispute")


def _update(call: Call) -> Json:
    dispute = _open(call)
    evidence: dict[str, Any] = call.get("evidence") or {}
    changed(dispute, call.params, ())
    dispute["evidence"].update(evidence)
    if evidence:
        dispute["evidence_details"]["has_evidence"] = True
    # Stripe's words for a test to end it (https://docs.stripe.com/testing#evidence).
    answer = dispute["evidence"].get("uncategorized_text")
    submits = evidence and call.get("submit", True)
    if submits:
        dispute["evidence_details"]["submission_count"] += 1
        dispute["status"] = "under_review"
    events.emit(call, "charge.dispute.updated", dispute)
    if submits and answer == "winning_evidence":
        return _win(call, dispute)
    if submits and answer == "losing_evidence":
        return _lose(call, dispute)
    return call.tx.save(dispute)


def _close(call: Call) -> Json:
    return _lose(call, _open(call))


def _open(call: Call) -> Json:
    dispute = call.subject("dispute")
    if dispute["status"] in ("won", "lost"):
        raise ApiError(400, f"Dispute {dispute['id']} is already closed.", executed=True)
    return dispute


def _lose(call: Call, dispute: Json) -> Json:
    dispute["status"] = "lost"
    events.emit(call, "charge.dispute.closed", dispute)
    return call.tx.save(dispute)


def _win(call: Call, dispute: Json) -> Json:
    dispute["status"] = "won"
    entry = charging.enter(call, "adjustment", dispute, dispute["amount"])
    dispute["balance_transactions"].append(call.tx.load("balance_transaction", entry))
    charge = call.tx.load("charge", dispute["charge"])
    charge["disputed"] = False
    call.tx.save(charge)
    events.emit(call, "charge.dispute.closed", dispute)
    events.emit(call, "charge.dispute.funds_reinstated", dispute)
    return call.tx.save(dispute)


def _list(call: Call) -> Json:
    filters = {name: call.get(name) for name in ("charge", "payment_intent") if call.get(name)}
    return listing.page(call, "dispute", "/v1/disputes", filters)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/v1/disputes",
        _list,
        {**listing.LIST, "charge": text(), "payment_intent": text()},
    ),
    Endpoint("GET", "/v1/disputes/{}", _retrieve, listing.EXPAND),
    Endpoint(
        "POST",
        "/v1/disputes/{}",
        _update,
        {**listing.EXPAND, "evidence": opaque, "metadata": mapping, "submit": boolean},
    ),
    Endpoint("POST", "/v1/disputes/{}/close", _close, listing.EXPAND),
)
