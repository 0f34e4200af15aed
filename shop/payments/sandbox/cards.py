"""Stripe's documented test cards (https://docs.stripe.com/testing) and how each behaves.

Only the name of a card is ever stored. Its number is known here and nowhere else.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

from shop.payments.sandbox.errors import ApiError, card_error

Authentication = Literal["none", "on_session", "unless_set_up", "always"]

_DECLINED = "Your card was declined."
# code, decline code and message of https://docs.stripe.com/error-codes and /declines/codes
DECLINES: dict[str, tuple[str, str | None, str]] = {
    "generic": ("card_declined", "generic_decline", _DECLINED),
    "insufficient": ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "lost": ("card_declined", "lost_card", _DECLINED),
    "stolen": ("card_declined", "stolen_card", _DECLINED),
    "velocity": ("card_declined", "card_velocity_exceeded", _DECLINED),
    "fraudulent": ("card_declined", "fraudulent", _DECLINED),
    "expired": ("expired_card", "expired_card", "Your card has expired."),
    "cvc": ("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
    "processing": (
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "authentication": (
        "authentication_required",
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}


@dataclass(frozen=True)
class TestCard:
    """A test card: the names Stripe gives its payment method, and what happens to it.

    `setup` and `charge` name a decline; `authentication` says when 3-D Secure is asked for.
    """

    number: str
    names: tuple[str, ...]
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    authentication: Authentication = "none"
    setup: str | None = None
    charge: str | None = None
    dispute: str | None = None
    refund: Literal["succeeded", "pending", "failed"] = "succeeded"

    @property
    def name(self) -> str:
        """What the state file knows it by."""
        return self.names[0]

    @property
    def fingerprint(self) -> str:
        """The same for every payment method made of this card."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:16]


CARDS: tuple[TestCard, ...] = (
    TestCard("4242424242424242", ("pm_card_visa",)),
    TestCard("4000056655665556", ("pm_card_visa_debit",), funding="debit"),
    TestCard("5555555555554444", ("pm_card_mastercard",), "mastercard"),
    TestCard("2223003122003222", ("pm_card_mastercard_2series",), "mastercard"),
    TestCard("5200828282828210", ("pm_card_mastercard_debit",), "mastercard", "debit"),
    TestCard("378282246310005", ("pm_card_amex", "pm_card_amex_threeDSecureNotSupported"), "amex"),
    TestCard("6011111111111117", ("pm_card_discover",), "discover"),
    TestCard("3056930009020004", ("pm_card_diners",), "diners"),
    TestCard("3566002020360505", ("pm_card_jcb",), "jcb"),
    TestCard("4000002760000016", ("pm_card_de",), country="DE"),
    TestCard("4000000400000008", ("pm_card_at",), country="AT"),
    TestCard("4000007560000009", ("pm_card_ch",), country="CH"),
    TestCard("4000008260000000", ("pm_card_gb",), country="GB"),
    TestCard("4000000000000077", ("pm_card_bypassPending",)),
    TestCard(
        "4000000000000002",
        ("pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"),
        setup="generic",
        charge="generic",
    ),
    TestCard(
        "4000000000009995",
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_chargeDeclinedInsufficientFunds"),
        setup="insufficient",
        charge="insufficient",
    ),
    TestCard(
        "4000000000009987",
        ("pm_card_visa_chargeDeclinedLostCard", "pm_card_chargeDeclinedLostCard"),
        setup="lost",
        charge="lost",
    ),
    TestCard(
        "4000000000009979",
        ("pm_card_visa_chargeDeclinedStolenCard", "pm_card_chargeDeclinedStolenCard"),
        setup="stolen",
        charge="stolen",
    ),
    TestCard(
        "4000000000000069",
        ("pm_card_chargeDeclinedExpiredCard",),
        setup="expired",
        charge="expired",
    ),
    TestCard(
        "4000000000000127",
        ("pm_card_chargeDeclinedIncorrectCvc",),
        setup="cvc",
        charge="cvc",
    ),
    TestCard(
        "4000000000000119",
        ("pm_card_chargeDeclinedProcessingError",),
        setup="processing",
        charge="processing",
    ),
    TestCard(
        "4000000000006975",
        ("pm_card_visa_chargeDeclinedVelocityLimitExceeded",),
        setup="velocity",
        charge="velocity",
    ),
    TestCard(
        "4100000000000019",
        ("pm_card_radarBlock", "pm_card_chargeDeclinedFraudulent"),
        charge="fraudulent",
    ),
    TestCard("4000000000000341", ("pm_card_chargeCustomerFail",), charge="generic"),
    TestCard(
        "4000002500003155",
        ("pm_card_authenticationRequiredOnSetup",),
        authentication="unless_set_up",
    ),
    TestCard("4000002760003184", ("pm_card_authenticationRequired",), authentication="always"),
    TestCard(
        "4000003800000446",
        ("pm_card_authenticationRequiredSetupForOffSession",),
        authentication="on_session",
    ),
    TestCard(
        "4000008260003178",
        ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",),
        authentication="on_session",
        charge="insufficient",
    ),
    TestCard(
        "4000000000003220",
        ("pm_card_threeDSecure2Required",),
        authentication="unless_set_up",
    ),
    TestCard("4000000000003063", ("pm_card_threeDSecureRequired",), authentication="unless_set_up"),
    TestCard(
        "4000008400001629",
        ("pm_card_threeDSecureRequiredChargeDeclined",),
        authentication="unless_set_up",
        setup="generic",
        charge="generic",
    ),
    TestCard("4000000000003055", ("pm_card_threeDSecureOptional",)),
    TestCard(
        "4000000000000259",
        ("pm_card_createDispute",),
        dispute="fraudulent",
    ),
    TestCard(
        "4000000000002685",
        ("pm_card_createDisputeProductNotReceived",),
        dispute="product_not_received",
    ),
    TestCard("4000000000007726", ("pm_card_pendingRefund",), refund="pending"),
    TestCard("4000000000005126", ("pm_card_refundFail",), refund="failed"),
)
_BY_NAME = {name: card for card in CARDS for name in card.names}
_BY_NUMBER = {card.number: card for card in CARDS}


def named(name: str) -> TestCard | None:
    """The card behind a documented payment method id such as `pm_card_visa`."""
    return _BY_NAME.get(name)


def numbered(number: str) -> TestCard | None:
    """The card of a number, digits only."""
    return _BY_NUMBER.get(number)


def recognise(number: str) -> TestCard:
    """The test card of a typed number.

    Raises `ApiError` 402: `incorrect_number` when the check digit is wrong, and Stripe's refusal of
    live cards in test mode for every other number.
    """
    digits = number.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19 and _luhn(digits)):
        raise card_error("Your card number is incorrect.", "incorrect_number", param="number")
    card = numbered(digits)
    if card is None:
        raise card_error(
            "Your card was declined. Your request was in test mode, but used a non test (live) "
            "card. For a list of valid test cards, visit: https://stripe.com/docs/testing.",
            "card_declined",
            decline_code="test_mode_live_card",
        )
    return card


def declined(decline: str, **details: object) -> ApiError:
    """The 402 of a decline named in `DECLINES`."""
    code, decline_code, message = DECLINES[decline]
    param = {"incorrect_cvc": "cvc", "expired_card": "exp_month"}.get(code)
    return card_error(message, code, decline_code=decline_code, param=param, **details)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        weighted = int(digit) * (2 if place % 2 else 1)
        total += weighted - 9 if weighted > 9 else weighted
    return total % 10 == 0
