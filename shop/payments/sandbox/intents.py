"""What SetupIntents and PaymentIntents have in common."""

import hmac
from typing import Any

from shop.payments.sandbox import attachment, card_entry, errors, returns
from shop.payments.sandbox.calls import Call, new_id
from shop.payments.sandbox.cards import TestCard
from shop.payments.sandbox.errors import ApiError, Json
from shop.payments.sandbox.fields import Spec, array, boolean, group, one_of, text

NAMES = {"payment_intent": "PaymentIntent", "setup_intent": "SetupIntent"}
# What the browser's key is shown; the rest is between the merchant and Stripe.
_PUBLIC = frozenset(
    [
        "id",
        "object",
        "amount",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "capture_method",
        "client_secret",
        "confirmation_method",
        "created",
        "currency",
        "description",
        "last_payment_error",
        "last_setup_error",
        "livemode",
        "next_action",
        "payment_method",
        "payment_method_types",
        "processing",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "status",
        "usage",
    ]
)
WAYS_TO_PAY: Spec = {
    "payment_method": text(),
    "payment_method_data": card_entry.PAYMENT_METHOD_DATA,
    "payment_method_types": array(one_of("card")),
    "automatic_payment_methods": group(
        {"enabled": boolean, "allow_redirects": one_of("always", "never")}, ("enabled",)
    ),
    "return_url": text(),
    "use_stripe_sdk": boolean,
}


def opened(call: Call, kind: str) -> Json:
    """The intent of the path. With the browser's key, its `client_secret` must be right.

    Raises 404 `resource_missing`, or 400 for the secret.
    """
    intent = call.subject(kind)
    secret = call.get("client_secret")
    if call.publishable and secret is None:
        raise errors.missing("client_secret")
    if secret is not None and not hmac.compare_digest(
        secret.encode(), intent["client_secret"].encode()
    ):
        raise errors.invalid(
            "The client_secret provided does not match the client_secret associated with this "
            f"{NAMES[kind]}.",
            "client_secret",
            f"{kind}_invalid_parameter",
        )
    return intent


def shown(call: Call, intent: Json) -> Json:
    """The intent as this call's key may see it."""
    if not call.publishable:
        return intent
    return {name: value for name, value in intent.items() if name in _PUBLIC}


def ways_to_pay(params: Json) -> Json:
    """`payment_method_types` and `automatic_payment_methods` of a new intent.

    Without either, Stripe turns the automatic ones on (since version 2023-08-16).
    """
    automatic: dict[str, Any] | None = params.get("automatic_payment_methods")
    types = params.get("payment_method_types")
    if automatic and automatic["enabled"] and types:
        raise errors.invalid(
            "You may only specify one of these parameters: automatic_payment_methods, "
            "payment_method_types."
        )
    if automatic is None and not types:
        automatic = {"enabled": True}
    if automatic:
        automatic = {
            "allow_redirects": automatic.get("allow_redirects") or "always",
            "enabled": automatic["enabled"],
        }
    return {
        "automatic_payment_methods": automatic,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": types or ["card"],
    }


def chosen_method(call: Call, intent: Json) -> Json | None:
    """The payment method that this call names, types, or left from before; None without one.

    Raises 400 when it cannot be used with this intent, 402 when it was mistyped.
    """
    if call.get("payment_method") and call.get("payment_method_data"):
        raise errors.invalid(
            "You may only specify one of these parameters: payment_method, payment_method_data."
        )
    if call.get("payment_method_data"):
        return card_entry.of_data(call, call.get("payment_method_data"))
    method_id = call.get("payment_method") or intent["payment_method"]
    if method_id is None:
        return None
    method = card_entry.resolve(call, method_id)
    attachment.require_usable(call, method, intent["customer"], NAMES[intent["object"]])
    return method


def return_address(call: Call, intent: Json, *, needed: bool) -> str | None:
    """The checked `return_url` of this call, or the one given before.

    Raises 400 when there is none although redirects are allowed and the merchant confirms.
    """
    given = returns.checked(call.get("return_url"), call.return_hosts)
    address = given or call.tx.private(intent["id"]).get("return_url")
    automatic = intent["automatic_payment_methods"] or {}
    redirects = automatic.get("enabled") and automatic.get("allow_redirects") == "always"
    if needed and redirects and address is None and not call.publishable:
        raise errors.invalid(
            f"This {NAMES[intent['object']]} is configured to accept payment methods enabled in "
            "your Dashboard. Because some of these payment methods might redirect your customer "
            "off of your page, you must provide a `return_url`. If you don't want to accept "
            "redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` "
            "and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup "
            "Intents and Payment Intents.",
            "return_url",
        )
    return str(address) if address else None


def ask_for_authentication(call: Call, intent: Json, method: Json, address: str | None) -> None:
    """Put the intent into `requires_action`, with the address of the 3-D Secure page."""
    attempt = new_id("payatt")
    call.tx.save_private(
        intent["id"],
        {**call.tx.private(intent["id"]), "attempt": attempt, "return_url": address},
    )
    page = f"{call.base_url}/3ds/{intent['id']}?attempt={attempt}"
    intent["status"] = "requires_action"
    intent["payment_method"] = method["id"]
    if address:
        intent["next_action"] = {
            "redirect_to_url": {"return_url": address, "url": page},
            "type": "redirect_to_url",
        }
    else:
        intent["next_action"] = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": page},
        }


def needs_authentication(card: TestCard, *, off_session: bool, set_up: bool) -> bool:
    """Whether the card's bank asks for 3-D Secure (https://docs.stripe.com/testing)."""
    match card.authentication:
        case "always":
            return True
        case "on_session":
            return not off_session
        case "unless_set_up":
            return not (off_session and set_up)
    return False


def not_authenticated(**details: Any) -> ApiError:
    """The error of a failed 3-D Secure authentication."""
    kind = details.pop("kind")
    return ApiError(
        402,
        "We are unable to authenticate your payment method. Please choose a different payment "
        "method and try again.",
        kind="invalid_request_error",
        code=f"{kind}_authentication_failure",
        executed=True,
        **details,
    )


def error_on(intent: Json, error: ApiError, method: Json, **details: Any) -> Json:
    """`last_setup_error` or `last_payment_error`: the error, with the method it is about."""
    kept = {name: value for name, value in error.error.items() if name != intent["object"]}
    return {**kept, **details, "payment_method": method}
