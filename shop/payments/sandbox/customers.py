"""Customers (https://docs.stripe.com/api/customers)."""

from typing import Any

from shop.payments.sandbox import attachment, card_entry, events, listing
from shop.payments.sandbox.calls import Call, Endpoint, changed, new_id
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import ADDRESS, SHIPPING, array, group, mapping, opaque, text

_COPIED = (
    "address",
    "description",
    "email",
    "name",
    "phone",
    "preferred_locales",
    "shipping",
    "test_clock",
)


def _create(call: Call) -> Json:
    body: Json = {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": call.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": None,
        "invoice_prefix": new_id("", 8)[1:].upper(),
        "invoice_settings": _invoice_settings({}),
        "livemode": False,
        "metadata": {},
        "name": None,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    changed(body, call.params, _COPIED)
    wanted = call.get("payment_method")
    if wanted:
        attachment.attach(call, card_entry.resolve(call, wanted), body["id"])
    _set_default(call, body)
    call.tx.insert(body)
    events.emit(call, "customer.created", body)
    return body


def _invoice_settings(params: Json) -> Json:
    return {
        "custom_fields": None,
        "default_payment_method": params.get("default_payment_method"),
        "footer": None,
        "rendering_options": None,
    }


def _set_default(call: Call, body: Json) -> None:
    settings: dict[str, Any] | None = call.get("invoice_settings")
    if settings is None:
        return
    chosen = settings.get("default_payment_method")
    if chosen:
        method = call.fetch("payment_method", chosen, "invoice_settings[default_payment_method]")
        attachment.require_owner(method, body["id"])
    body["invoice_settings"] = _invoice_settings(settings)


def _retrieve(call: Call) -> Json:
    return call.subject("customer")


def _update(call: Call) -> Json:
    body = attachment.living(call, call.ids[0], "id", 404)
    before = dict(body)
    changed(body, call.params, _COPIED)
    _set_default(call, body)
    if body != before:
        events.emit(call, "customer.updated", body)
    return call.tx.save(body)


def _delete(call: Call) -> Json:
    body = attachment.living(call, call.ids[0], "id", 404)
    for method in attachment.of_customer(call, body["id"]):
        attachment.detach(call, method)
    events.emit(call, "customer.deleted", body)
    return call.tx.save({"id": body["id"], "object": "customer", "deleted": True})


def _list(call: Call) -> Json:
    filters = {"email": call.get("email")} if call.get("email") else {}
    filters["livemode"] = 0
    return listing.page(call, "customer", "/v1/customers", filters)


def _list_methods(call: Call) -> Json:
    owner = attachment.living(call, call.ids[0], "id", 404)["id"]
    url = f"/v1/customers/{owner}/payment_methods"
    return listing.page(call, "payment_method", url, {"customer": owner})


def _retrieve_method(call: Call) -> Json:
    owner = call.subject("customer")["id"]
    method = call.fetch("payment_method", call.ids[1], "payment_method", 404)
    attachment.require_owner(method, owner)
    return method


_FIELDS = {
    **listing.EXPAND,
    "address": ADDRESS,
    "description": text(),
    "email": text(512),
    "invoice_settings": group({"default_payment_method": text()}),
    "metadata": mapping,
    "name": text(),
    "phone": text(),
    "preferred_locales": array(text()),
    "shipping": SHIPPING,
    "tax_exempt": opaque,
}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/customers",
        _create,
        {**_FIELDS, "payment_method": text(), "test_clock": text()},
    ),
    Endpoint("GET", "/v1/customers", _list, {**listing.LIST, "email": text()}),
    Endpoint("GET", "/v1/customers/{}", _retrieve, listing.EXPAND),
    Endpoint("POST", "/v1/customers/{}", _update, _FIELDS),
    Endpoint("DELETE", "/v1/customers/{}", _delete),
    Endpoint(
        "GET",
        "/v1/customers/{}/payment_methods",
        _list_methods,
        {**listing.LIST, "type": text()},
    ),
    Endpoint("GET", "/v1/customers/{}/payment_methods/{}", _retrieve_method, listing.EXPAND),
)
