"""Charges as answers: made by PaymentIntents alone, read and annotated here."""

from shop.payments.sandbox import events, listing
from shop.payments.sandbox.calls import Call, Endpoint, changed
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import SHIPPING, mapping, opaque, text


def _retrieve(call: Call) -> Json:
    return call.subject("charge")


def _update(call: Call) -> Json:
    body = changed(
        call.subject("charge"),
        call.params,
        ("description", "receipt_email", "shipping", "transfer_group"),
    )
    events.emit(call, "charge.updated", body)
    return call.tx.save(body)


def _list(call: Call) -> Json:
    filters = {name: call.get(name) for name in ("customer", "payment_intent") if call.get(name)}
    return listing.page(call, "charge", "/v1/charges", filters)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/v1/charges",
        _list,
        {**listing.LIST, "customer": text(), "payment_intent": text()},
    ),
    Endpoint("GET", "/v1/charges/{}", _retrieve, listing.EXPAND),
    Endpoint(
        "POST",
        "/v1/charges/{}",
        _update,
        {
            **listing.EXPAND,
            "description": text(),
            "fraud_details": opaque,
            "metadata": mapping,
            "receipt_email": text(),
            "shipping": SHIPPING,
            "transfer_group": text(),
        },
    ),
)
