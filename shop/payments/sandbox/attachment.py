"""Whose a payment method is: attached to a customer, detached, or used up without one."""

import json

from shop.payments.sandbox import card_entry, cards, errors, events
from shop.payments.sandbox.calls import Call
from shop.payments.sandbox.errors import Json


def living(call: Call, customer_id: str, param: str = "customer", status: int = 400) -> Json:
    """The customer of that id, unless deleted. Raises `resource_missing`."""
    body = call.fetch("customer", customer_id, param, status)
    if body.get("deleted"):
        raise errors.not_found("customer", customer_id, param, status)
    return body


def mark(call: Call, method_id: str, **marks: bool) -> None:
    """Note `set_up` or `used_up` beside a payment method."""
    call.tx.save_private(method_id, {**call.tx.private(method_id), **marks})


def require_owner(method: Json, customer_id: str) -> None:
    """Raises 400 unless the payment method is attached to the customer."""
    if method["customer"] != customer_id:
        raise errors.invalid(
            f"The customer does not have a payment method with the ID {method['id']}. The payment "
            "method must be attached to the customer.",
            "payment_method",
            "resource_missing",
        )


def require_usable(call: Call, method: Json, customer_id: str | None, intent: str) -> None:
    """Raises 400 when the method is another customer's, or used up without one."""
    owner = method["customer"]
    if owner and owner != customer_id:
        raise errors.invalid(
            f"The provided PaymentMethod ({method['id']}) belongs to the Customer {owner}. Please "
            f"include the Customer in the `customer` parameter on the {intent}."
            if customer_id is None
            else f"The provided PaymentMethod ({method['id']}) belongs to another Customer.",
            "payment_method",
        )
    if not owner and call.tx.private(method["id"])["used_up"]:
        raise _used_up()


def _used_up() -> errors.ApiError:
    return errors.invalid(
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
        "attachment, shared with a connected account without Customer attachment, or was detached "
        "from a Customer. It may not be used again. To use a PaymentMethod multiple times, you "
        "must attach it to a Customer first.",
        "payment_method",
    )


def attach(call: Call, method: Json, customer_id: str) -> Json:
    """Attach a payment method to a customer; a repeat does nothing.

    Raises 400 when it is another customer's or used up, 402 when its bank refuses.
    """
    if method["customer"] == customer_id:
        return method
    if method["customer"]:
        raise errors.invalid(
            "The payment method you provided has already been attached to a customer.",
            "payment_method",
            "payment_method_unexpected_state",
        )
    if call.tx.private(method["id"])["used_up"]:
        raise _used_up()
    decline = card_entry.card_of(call, method["id"]).setup
    if decline:
        raise cards.declined(decline)
    method["customer"] = customer_id
    if method["card"]["checks"]["cvc_check"]:
        method["card"]["checks"]["cvc_check"] = "pass"
    call.tx.save(method)
    events.emit(call, "payment_method.attached", method)
    return method


def detach(call: Call, method: Json) -> Json:
    """Detach a payment method from its customer, for good."""
    owner, method["customer"] = method["customer"], None
    mark(call, method["id"], used_up=True, set_up=False)
    call.tx.save(method)
    customer = call.tx.load("customer", owner)
    settings = customer.get("invoice_settings") or {}
    if settings.get("default_payment_method") == method["id"]:
        settings["default_payment_method"] = None
        call.tx.save(customer)
    events.emit(call, "payment_method.detached", method)
    return method


def of_customer(call: Call, customer_id: str) -> list[Json]:
    """Every payment method attached to a customer."""
    rows = call.tx.sql(
        "SELECT body FROM objects WHERE kind = 'payment_method' "
        "AND json_extract(body, '$.customer') = ? ORDER BY seq",
        customer_id,
    ).fetchall()
    return [json.loads(row[0]) for row in rows]
