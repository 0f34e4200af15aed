"""PaymentIntents (https://docs.stripe.com/api/payment_intents)."""

from shop.payments.sandbox import attachment, events, intents, listing, payments
from shop.payments.sandbox.calls import Call, Endpoint, changed, new_id
from shop.payments.sandbox.errors import Json, invalid, wrong_state
from shop.payments.sandbox.fields import (
    SHIPPING,
    array,
    boolean,
    currency,
    integer,
    mapping,
    one_of,
    opaque,
    text,
)

# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
_LEAST = {"gbp": 30, "dkk": 250, "nok": 300, "sek": 300, "huf": 17500, "czk": 1500, "pln": 200}
_LEAST_ELSE = 50
_MOST = 99_999_999
_COPIED = (
    "description",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


def _check_amount(amount: int, money: str) -> None:
    if amount < _LEAST.get(money, _LEAST_ELSE):
        raise invalid(
            f"Amount must be at least {_LEAST.get(money, _LEAST_ELSE)} {money}",
            "amount",
            "amount_too_small",
        )
    if amount > _MOST:
        raise invalid(f"Amount must be no more than {_MOST} {money}", "amount", "amount_too_large")


def _create(call: Call) -> Json:
    _check_amount(call.get("amount"), call.get("currency"))
    if call.get("off_session") and not call.get("confirm"):
        raise invalid("off_session can only be passed when `confirm=true`.", "off_session")
    intent: Json = {
        "id": new_id("pi"),
        "object": payments.KIND,
        "amount": call.get("amount"),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        **intents.ways_to_pay(call.params),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": call.get("capture_method") or "automatic_async",
        "client_secret": "",
        "confirmation_method": call.get("confirmation_method") or "automatic",
        "created": call.now,
        "currency": call.get("currency"),
        "customer": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    intent["client_secret"] = new_id(f"{intent['id']}_secret", 25)
    if call.get("customer"):
        intent["customer"] = attachment.living(call, call.get("customer"))["id"]
    changed(intent, call.params, _COPIED)
    method = intents.chosen_method(call, intent)
    if method:
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
    if call.get("confirm"):
        address = intents.return_address(call, intent, needed=not call.get("off_session"))
        call.tx.insert(intent, {"return_url": address})
    else:
        if call.get("return_url"):
            raise invalid("return_url can only be passed when `confirm=true`.", "return_url")
        call.tx.insert(intent)
    events.emit(call, "payment_intent.created", intent)
    if call.get("confirm"):
        payments.confirm(call, intent, method)
    return intent


def _retrieve(call: Call) -> Json:
    return intents.shown(call, intents.opened(call, payments.KIND))


def _update(call: Call) -> Json:
    intent = intents.opened(call, payments.KIND)
    status = intent["status"]
    if ("amount" in call.params or "currency" in call.params) and status not in payments.OPEN:
        raise wrong_state(
            payments.KIND,
            f"This PaymentIntent's amount could not be updated because it has a status of {status}."
            " You may only update the amount of a PaymentIntent with one of the following "
            f"statuses: {', '.join(payments.OPEN)}.",
            payment_intent=intent,
        )
    changed(intent, call.params, (*_COPIED, "amount", "currency", "payment_method_types"))
    _check_amount(intent["amount"], intent["currency"])
    if call.get("customer"):
        intent["customer"] = attachment.living(call, call.get("customer"))["id"]
    if call.get("payment_method") or call.get("payment_method_data"):
        if status not in payments.OPEN:
            raise payments.unexpected(intent, "update", payments.OPEN)
        method = intents.chosen_method(call, intent)
        if method:
            intent["payment_method"] = method["id"]
        intent["next_action"] = None
        intent["status"] = "requires_confirmation"
    return call.tx.save(intent)


def confirm(call: Call) -> Json:
    """Confirm the intent of the path with a payment method, for either key."""
    intent = intents.opened(call, payments.KIND)
    if intent["status"] not in payments.OPEN:
        raise payments.unexpected(intents.shown(call, intent), "confirm", payments.OPEN)
    method = intents.chosen_method(call, intent)
    return intents.shown(call, payments.confirm(call, intent, method))


def _capture(call: Call) -> Json:
    intent = intents.opened(call, payments.KIND)
    changed(intent, call.params, ())
    return payments.capture(call, intent)


def _cancel(call: Call) -> Json:
    return payments.cancel(
        call, intents.opened(call, payments.KIND), call.get("cancellation_reason")
    )


def _list(call: Call) -> Json:
    filters = {"customer": call.get("customer")} if call.get("customer") else {}
    return listing.page(call, payments.KIND, "/v1/payment_intents", filters)


_FIELDS = {
    **listing.EXPAND,
    "amount": integer(0),
    "currency": currency,
    "customer": text(),
    "description": text(1000),
    "metadata": mapping,
    "payment_method": text(),
    "payment_method_data": intents.WAYS_TO_PAY["payment_method_data"],
    "payment_method_options": opaque,
    "payment_method_types": array(one_of("card")),
    "receipt_email": text(512),
    "setup_future_usage": one_of("off_session", "on_session"),
    "shipping": SHIPPING,
    "statement_descriptor": text(22),
    "statement_descriptor_suffix": text(22),
    "transfer_group": text(),
    "capture_method": one_of("automatic", "automatic_async", "manual"),
}
_CONFIRM = {
    **listing.EXPAND,
    "client_secret": text(),
    "error_on_requires_action": boolean,
    "mandate_data": opaque,
    "off_session": boolean,
    "payment_method": text(),
    "payment_method_data": intents.WAYS_TO_PAY["payment_method_data"],
    "payment_method_options": opaque,
    "receipt_email": text(512),
    "return_url": text(),
    "setup_future_usage": one_of("off_session", "on_session"),
    "shipping": SHIPPING,
    "use_stripe_sdk": boolean,
}
_REASONS = one_of("abandoned", "duplicate", "fraudulent", "requested_by_customer")
ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/payment_intents",
        _create,
        {
            **_FIELDS,
            **intents.WAYS_TO_PAY,
            "confirm": boolean,
            "confirmation_method": one_of("automatic", "manual"),
            "error_on_requires_action": boolean,
            "mandate_data": opaque,
            "off_session": boolean,
        },
        ("amount", "currency"),
    ),
    Endpoint("GET", "/v1/payment_intents", _list, {**listing.LIST, "customer": text()}),
    Endpoint(
        "GET",
        "/v1/payment_intents/{}",
        _retrieve,
        {**listing.EXPAND, "client_secret": text()},
        publishable=True,
    ),
    Endpoint("POST", "/v1/payment_intents/{}", _update, _FIELDS),
    Endpoint("POST", "/v1/payment_intents/{}/confirm", confirm, _CONFIRM, publishable=True),
    Endpoint(
        "POST",
        "/v1/payment_intents/{}/capture",
        _capture,
        {
            **listing.EXPAND,
            "amount_to_capture": integer(1),
            "final_capture": boolean,
            "metadata": mapping,
            "statement_descriptor": text(22),
            "statement_descriptor_suffix": text(22),
        },
    ),
    Endpoint(
        "POST",
        "/v1/payment_intents/{}/cancel",
        _cancel,
        {**listing.EXPAND, "cancellation_reason": _REASONS},
    ),
)
