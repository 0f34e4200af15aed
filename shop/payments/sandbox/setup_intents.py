"""SetupIntents: a card kept to be charged later (https://docs.stripe.com/api/setup_intents)."""

from shop.payments.sandbox import attachment, card_entry, cards, events, intents, listing
from shop.payments.sandbox.calls import Call, Endpoint, changed, new_id
from shop.payments.sandbox.errors import ApiError, Json, wrong_state
from shop.payments.sandbox.fields import array, boolean, mapping, one_of, opaque, text

_KIND = "setup_intent"
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def _create(call: Call) -> Json:
    intent: Json = {
        "id": new_id("seti"),
        "object": _KIND,
        "application": None,
        "attach_to_self": None,
        **intents.ways_to_pay(call.params),
        "cancellation_reason": None,
        "client_secret": "",
        "created": call.now,
        "customer": None,
        "description": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": call.get("usage") or "off_session",
    }
    intent["client_secret"] = new_id(f"{intent['id']}_secret", 25)
    if call.get("customer"):
        intent["customer"] = attachment.living(call, call.get("customer"))["id"]
    changed(intent, call.params, ("description",))
    method = intents.chosen_method(call, intent)
    if method:
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
    address = intents.return_address(call, intent, needed=bool(call.get("confirm")))
    call.tx.insert(intent, {"return_url": address})
    events.emit(call, "setup_intent.created", intent)
    if call.get("confirm"):
        _confirm(call, intent, method)
    return intent


def _retrieve(call: Call) -> Json:
    return intents.shown(call, intents.opened(call, _KIND))


def _update(call: Call) -> Json:
    intent = intents.opened(call, _KIND)
    if intent["status"] not in _OPEN:
        raise _unexpected(intent, "update")
    if call.get("customer"):
        intent["customer"] = attachment.living(call, call.get("customer"))["id"]
    changed(intent, call.params, ("description", "payment_method_types"))
    method = intents.chosen_method(call, intent)
    if method:
        intent["payment_method"] = method["id"]
        if intent["status"] == "requires_payment_method":
            intent["status"] = "requires_confirmation"
    return call.tx.save(intent)


def confirm(call: Call) -> Json:
    """Confirm the intent of the path with a payment method, for either key."""
    intent = intents.opened(call, _KIND)
    if intent["status"] not in _OPEN:
        raise _unexpected(intents.shown(call, intent), "confirm")
    method = intents.chosen_method(call, intent)
    return intents.shown(call, _confirm(call, intent, method))


def _confirm(call: Call, intent: Json, method: Json | None) -> Json:
    if method is None:
        raise wrong_state(
            _KIND,
            "You cannot confirm this SetupIntent because it's missing a payment method. Update "
            "the SetupIntent with a payment method and then confirm it again.",
            setup_intent=intents.shown(call, intent),
        )
    address = intents.return_address(call, intent, needed=True)
    intent["last_setup_error"] = None
    intent["latest_attempt"] = new_id("setatt")
    if card_entry.card_of(call, method["id"]).authentication != "none":
        intents.ask_for_authentication(call, intent, method, address)
        call.tx.save(intent)
        events.emit(call, "setup_intent.requires_action", intent)
        return intent
    error = _finish(call, intent, method)
    if error:
        raise error
    return intent


def authenticated(call: Call, intent: Json, *, success: bool) -> None:
    """Go on after 3-D Secure, whose customer has no answer to be given an error in."""
    method = call.tx.load("payment_method", intent["payment_method"])
    if success:
        _finish(call, intent, method)
    else:
        _fail(call, intent, method, intents.not_authenticated(kind=_KIND))


def _finish(call: Call, intent: Json, method: Json) -> ApiError | None:
    """Ask the bank; give its refusal, which the intent then carries too."""
    decline = card_entry.card_of(call, method["id"]).setup
    if decline:
        return _fail(call, intent, method, cards.declined(decline))
    intent["payment_method"] = method["id"]
    intent["status"] = "succeeded"
    intent["next_action"] = None
    if method["card"]["checks"]["cvc_check"]:
        method["card"]["checks"]["cvc_check"] = "pass"
        call.tx.save(method)
    if intent["usage"] == "off_session":
        attachment.mark(call, method["id"], set_up=True)
    if intent["customer"]:
        attachment.attach(call, method, intent["customer"])
    call.tx.save(intent)
    events.emit(call, "setup_intent.succeeded", intent)
    return None


def _fail(call: Call, intent: Json, method: Json, error: ApiError) -> ApiError:
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["next_action"] = None
    intent["last_setup_error"] = intents.error_on(intent, error, method)
    call.tx.save(intent)
    events.emit(call, "setup_intent.setup_failed", intent)
    error.error.update(payment_method=method, setup_intent=intents.shown(call, intent))
    return error


def _cancel(call: Call) -> Json:
    intent = intents.opened(call, _KIND)
    if intent["status"] not in _OPEN:
        raise _unexpected(intent, "cancel")
    intent["status"] = "canceled"
    intent["next_action"] = None
    intent["cancellation_reason"] = call.get("cancellation_reason")
    call.tx.save(intent)
    events.emit(call, "setup_intent.canceled", intent)
    return intent


def _list(call: Call) -> Json:
    filters = {name: call.get(name) for name in ("customer", "payment_method") if call.get(name)}
    return listing.page(call, _KIND, "/v1/setup_intents", filters)


def _unexpected(intent: Json, verb: str) -> ApiError:
    if verb == "confirm" and intent["status"] == "succeeded":
        message = "You cannot confirm this SetupIntent because it has already succeeded."
    else:
        message = (
            f"You cannot {verb} this SetupIntent because it has a status of {intent['status']}. "
            f"Only a SetupIntent with one of the following statuses may be {verb}ed: "
            f"{', '.join(_OPEN)}."
        )
    return wrong_state(_KIND, message, setup_intent=intent)


_UPDATE = {
    **listing.EXPAND,
    "customer": text(),
    "description": text(),
    "metadata": mapping,
    "payment_method": text(),
    "payment_method_data": intents.WAYS_TO_PAY["payment_method_data"],
    "payment_method_types": array(one_of("card")),
    "payment_method_options": opaque,
}
_CONFIRM = {
    **listing.EXPAND,
    "client_secret": text(),
    "mandate_data": opaque,
    "payment_method": text(),
    "payment_method_data": intents.WAYS_TO_PAY["payment_method_data"],
    "payment_method_options": opaque,
    "return_url": text(),
    "use_stripe_sdk": boolean,
}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/setup_intents",
        _create,
        {
            **_UPDATE,
            **intents.WAYS_TO_PAY,
            "confirm": boolean,
            "mandate_data": opaque,
            "usage": one_of("off_session", "on_session"),
        },
    ),
    Endpoint(
        "GET",
        "/v1/setup_intents",
        _list,
        {**listing.LIST, "customer": text(), "payment_method": text()},
    ),
    Endpoint(
        "GET",
        "/v1/setup_intents/{}",
        _retrieve,
        {**listing.EXPAND, "client_secret": text()},
        publishable=True,
    ),
    Endpoint("POST", "/v1/setup_intents/{}", _update, _UPDATE),
    Endpoint("POST", "/v1/setup_intents/{}/confirm", confirm, _CONFIRM, publishable=True),
    Endpoint(
        "POST",
        "/v1/setup_intents/{}/cancel",
        _cancel,
        {
            **listing.EXPAND,
            "cancellation_reason": one_of("abandoned", "duplicate", "requested_by_customer"),
        },
    ),
)
