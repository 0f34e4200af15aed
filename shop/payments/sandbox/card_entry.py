"""Payment methods made of a typed card or of one of Stripe's documented ids.

The number and the security code are read and dropped: what is kept is the test card's name, in
the private part, beside whether the method was set up for off-session use (`set_up`) and whether
it was used without a customer and is worth nothing more (`used_up`).
"""

import time
from typing import Any

from shop.payments.sandbox import cards, errors
from shop.payments.sandbox.calls import Call, new_id
from shop.payments.sandbox.cards import TestCard
from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.fields import (
    BILLING_DETAILS,
    Field,
    Spec,
    group,
    integer,
    mapping,
    one_of,
    opaque,
    text,
)

_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
_CARD = group(
    {
        "number": text(60),
        "exp_month": integer(),
        "exp_year": integer(),
        "cvc": text(10),
        "networks": opaque,
        "token": text(),
    }
)
# The parameters that describe a card.
CARD_DATA: Spec = {
    "type": one_of("card"),
    "card": _CARD,
    "billing_details": BILLING_DETAILS,
    "allow_redisplay": one_of("always", "limited", "unspecified"),
    "metadata": mapping,
}
# The parameter `payment_method_data` of the intents.
PAYMENT_METHOD_DATA: Field = group(CARD_DATA, ("type",))


def resolve(call: Call, method_id: str, param: str = "payment_method") -> Json:
    """The payment method of that id; a documented id such as `pm_card_visa` makes a new one.

    Raises 400 `resource_missing`.
    """
    card = cards.named(method_id)
    if card is not None:
        return _make(call, card, 12, time.gmtime(call.now).tm_year + 8, None, {})
    return call.fetch("payment_method", method_id, param)


def of_data(call: Call, data: Json, param: str = "payment_method_data") -> Json:
    """A new payment method of what a customer typed.

    Raises 400 for what is missing, 402 `card_error` for what is wrong on the card.
    """
    typed: dict[str, Any] = data.get("card") or {}
    for name in ("number", "exp_month", "exp_year"):
        if typed.get(name) is None:
            raise errors.missing(f"{param}[card][{name}]" if param else f"card[{name}]")
    card = cards.recognise(typed["number"])
    month, year = typed["exp_month"], typed["exp_year"]
    year += 2000 if year < 100 else 0
    today = time.gmtime(call.now)
    if not 1 <= month <= 12:
        raise errors.card_error(
            "Your card's expiration month is invalid.", "invalid_expiry_month", param="exp_month"
        )
    if not today.tm_year <= year <= today.tm_year + 50:
        raise errors.card_error(
            "Your card's expiration year is invalid.", "invalid_expiry_year", param="exp_year"
        )
    if year == today.tm_year and month < today.tm_mon:
        raise errors.card_error(
            "Your card's expiration month is invalid.", "invalid_expiry_month", param="exp_month"
        )
    cvc = typed.get("cvc")
    if cvc is not None and not (cvc.isascii() and cvc.isdigit() and len(cvc) in (3, 4)):
        raise errors.card_error("Your card's security code is invalid.", "invalid_cvc", param="cvc")
    return _make(call, card, month, year, "unchecked" if cvc else None, data)


def _make(
    call: Call, card: TestCard, month: int, year: int, cvc_check: str | None, data: Json
) -> Json:
    details = data.get("billing_details") or {}
    body: Json = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": data.get("allow_redisplay") or "unspecified",
        "billing_details": {
            "address": {**_NO_ADDRESS, **(details.get("address") or {})},
            "email": details.get("email"),
            "name": details.get("name"),
            "phone": details.get("phone"),
            "tax_id": details.get("tax_id"),
        },
        "card": {
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": cvc_check,
            },
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": card.fingerprint,
            "funding": card.funding,
            "generated_from": None,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": card.brand != "amex"},
            "wallet": None,
        },
        "created": call.now,
        "customer": None,
        "livemode": False,
        "metadata": data.get("metadata") or {},
        "type": "card",
    }
    return call.tx.insert(body, {"card": card.name, "set_up": False, "used_up": False})


def card_of(call: Call, method_id: str) -> TestCard:
    """The test card that a payment method was made of."""
    card = cards.named(call.tx.private(method_id)["card"])
    if card is None:
        raise LookupError(f"payment method {method_id} was made of a card no longer known")
    return card
