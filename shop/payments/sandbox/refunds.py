"""Refunds (https://docs.stripe.com/api/refunds): captured money given back, never above it."""

from shop.payments.sandbox import card_entry, charging, events, jobs, listing
from shop.payments.sandbox.calls import Call, Endpoint, changed
from shop.payments.sandbox.errors import ApiError, Json, invalid, wrong_state
from shop.payments.sandbox.fields import integer, mapping, one_of, text

# How long the test cards with a slow refund take, in seconds.
_LATER = 10


def _create(call: Call) -> Json:
    charge = _charge_of(call)
    if charge["disputed"]:
        raise _refused(f"Charge {charge['id']} has been disputed.", "charge_disputed")
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise _refused(
            f"Charge {charge['id']} has already been refunded.", "charge_already_refunded"
        )
    amount: int = call.get("amount", left)
    if amount > left:
        raise _refused(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).",
            None,
            "amount",
        )
    fate = card_entry.card_of(call, charge["payment_method"]).refund
    refund = charging.refund_body(call, charge, amount, call.get("reason"))
    changed(refund, call.params, ())
    refund["balance_transaction"] = charging.enter(call, "refund", refund, -amount)
    if fate == "pending":
        refund["status"] = "pending"
        jobs.schedule(call.tx, call.now + _LATER, "refund_succeeds", refund["id"])
    elif fate == "failed":
        jobs.schedule(call.tx, call.now + _LATER, "refund_fails", refund["id"])
    call.tx.insert(refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.tx.save(charge)
    events.emit(call, "refund.created", refund)
    events.emit(call, "charge.refunded", charge)
    return refund


def _charge_of(call: Call) -> Json:
    """The captured charge that is to be refunded.

    Raises 400: which one is not said, there is none, or no money was taken.
    """
    charge_id, intent_id = call.get("charge"), call.get("payment_intent")
    if not charge_id and not intent_id:
        raise invalid("One of the following params should be provided: charge, payment_intent.")
    if intent_id:
        intent = call.fetch("payment_intent", intent_id, "payment_intent")
        if intent["status"] == "requires_capture":
            raise wrong_state(
                "payment_intent",
                f"This PaymentIntent ({intent_id}) could not be refunded because it has a status "
                "of requires_capture. Cancel it to release the hold.",
                payment_intent=intent,
            )
        if intent["status"] != "succeeded":
            raise _refused(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                None,
                "payment_intent",
            )
        if charge_id and charge_id != intent["latest_charge"]:
            raise invalid("The charge does not belong to the PaymentIntent.", "charge")
        charge_id = intent["latest_charge"]
    charge = call.fetch("charge", charge_id, "charge")
    if not charge["captured"]:
        raise _refused(
            f"Charge {charge_id} took no money. Cancel its PaymentIntent to release a hold.",
            None,
            "charge",
        )
    return charge


def _refused(message: str, code: str | None, param: str | None = None) -> ApiError:
    return ApiError(400, message, code=code, param=param, executed=True)


def settle(call: Call, refund_id: str, *, success: bool) -> None:
    """A slow refund arrives, or comes back from the bank and is the merchant's again."""
    refund = call.tx.load("refund", refund_id)
    if refund["status"] == "canceled":
        return
    if success:
        refund["status"] = "succeeded"
        call.tx.save(refund)
        events.emit(call, "refund.updated", refund)
        return
    _undo(call, refund, "failed")
    refund["failure_reason"] = "unknown"
    call.tx.save(refund)
    events.emit(call, "refund.failed", refund)


def _undo(call: Call, refund: Json, status: str) -> None:
    refund["status"] = status
    refund["failure_balance_transaction"] = charging.enter(
        call, "refund_failure", refund, refund["amount"]
    )
    charge = call.tx.load("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    call.tx.save(charge)


def _retrieve(call: Call) -> Json:
    return call.subject("refund")


def _update(call: Call) -> Json:
    refund = changed(call.subject("refund"), call.params, ())
    call.tx.save(refund)
    events.emit(call, "refund.updated", refund)
    return refund


def _list(call: Call) -> Json:
    filters = {name: call.get(name) for name in ("charge", "payment_intent") if call.get(name)}
    return listing.page(call, "refund", "/v1/refunds", filters)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/refunds",
        _create,
        {
            **listing.EXPAND,
            "amount": integer(1),
            "charge": text(),
            "metadata": mapping,
            "payment_intent": text(),
            "reason": one_of("duplicate", "fraudulent", "requested_by_customer"),
        },
    ),
    Endpoint(
        "GET",
        "/v1/refunds",
        _list,
        {**listing.LIST, "charge": text(), "payment_intent": text()},
    ),
    Endpoint("GET", "/v1/refunds/{}", _retrieve, listing.EXPAND),
    Endpoint("POST", "/v1/refunds/{}", _update, {**listing.EXPAND, "metadata": mapping}),
)
