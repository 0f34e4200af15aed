"""Payment methods (https://docs.stripe.com/api/payment_methods), cards only."""

from typing import Any

from shop.payments.sandbox import attachment, card_entry, cards, errors, events, listing
from shop.payments.sandbox.calls import Call, Endpoint, changed
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import ADDRESS, group, integer, mapping, text


def _create(call: Call) -> Json:
    if call.get("type") is None:
        raise errors.missing("type")
    return card_entry.of_data(call, call.params, "")


def _retrieve(call: Call) -> Json:
    method_id = call.ids[0]
    if cards.named(method_id):
        return card_entry.resolve(call, method_id)
    return call.subject("payment_method")


def _update(call: Call) -> Json:
    method = call.subject("payment_method")
    if method["customer"] is None:
        raise errors.invalid(
            "You must save this PaymentMethod to a customer before you can update it."
        )
    changed(method, call.params, ("allow_redisplay",))
    details: dict[str, Any] = call.get("billing_details") or {}
    address = details.pop("address", None) or {}
    method["billing_details"].update(details)
    method["billing_details"]["address"].update(address)
    method["card"].update(call.get("card") or {})
    events.emit(call, "payment_method.updated", method)
    return call.tx.save(method)


def _attach(call: Call) -> Json:
    method = (
        card_entry.resolve(call, call.ids[0])
        if cards.named(call.ids[0])
        else call.subject("payment_method")
    )
    customer = attachment.living(call, call.get("customer"))
    return attachment.attach(call, method, customer["id"])


def _detach(call: Call) -> Json:
    method = call.subject("payment_method")
    if method["customer"] is None:
        raise errors.invalid(
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible.",
            "payment_method",
        )
    return attachment.detach(call, method)


def _list(call: Call) -> Json:
    filters = {"customer": call.get("customer")} if call.get("customer") else {}
    return listing.page(call, "payment_method", "/v1/payment_methods", filters)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/payment_methods",
        _create,
        {**listing.EXPAND, **card_entry.CARD_DATA},
        ("type",),
        publishable=True,
    ),
    Endpoint(
        "GET",
        "/v1/payment_methods",
        _list,
        {**listing.LIST, "customer": text(), "type": text()},
    ),
    Endpoint("GET", "/v1/payment_methods/{}", _retrieve, listing.EXPAND),
    Endpoint(
        "POST",
        "/v1/payment_methods/{}",
        _update,
        {
            **listing.EXPAND,
            "allow_redisplay": text(),
            "billing_details": group(
                {name: text() for name in ("email", "name", "phone")} | {"address": ADDRESS}
            ),
            "card": group({"exp_month": integer(1, 12), "exp_year": integer(2000, 2100)}),
            "metadata": mapping,
        },
    ),
    Endpoint(
        "POST",
        "/v1/payment_methods/{}/attach",
        _attach,
        {**listing.EXPAND, "customer": text()},
        ("customer",),
    ),
    Endpoint("POST", "/v1/payment_methods/{}/detach", _detach, listing.EXPAND),
)
