"""Why a card was refused, in the reader's language: Stripe tells it in English, to the customer.

A customer reads what happened and what to do; staff, who cannot do it, read the bank's reason.
"""

from django.utils.translation import gettext_lazy as _

# By https://docs.stripe.com/error-codes; card_form.html has those the card form can meet.
_WORDS = {
    "card_declined": _("The card was declined. Please try another card."),
    "card_removed": _("This card was removed. Please take another card."),
    "expired_card": _("This card has expired. Please try another card."),
    "incorrect_cvc": _("The security code is wrong. Please look at the card again."),
    "processing_error": _("The bank could not be asked. Please try again in a little while."),
    "payment_intent_authentication_failure": _(
        "Your bank did not confirm the payment. Please try again or take another card."
    ),
    "setup_intent_authentication_failure": _(
        "Your bank did not confirm the card. Please try again or take another card."
    ),
}
_OTHERWISE = _("That did not go through. Please try another card.")


def refusal_words(code: str) -> str:
    """Return what happened and what to do.

    Args:
        code: Stripe's error code, or one that the shop noted in its place.
    """
    return str(_WORDS.get(code, _OTHERWISE))


# By https://docs.stripe.com/declines/codes and the error codes above; all else is named as it is.
_STAFFS = {
    "authentication_required": _("The bank asks for the customer’s own confirmation"),
    "payment_intent_authentication_failure": _("The customer did not confirm it with the bank"),
    "setup_intent_authentication_failure": _("The customer did not confirm it with the bank"),
    "card_removed": _("Card removed before it was asked"),
    "expired_card": _("Card expired"),
    "incorrect_cvc": _("Wrong security code"),
    "invalid_cvc": _("Wrong security code"),
    "processing_error": _("The bank could not be asked"),
    "issuer_not_available": _("The bank could not be asked"),
    "try_again_later": _("The bank could not be asked"),
    "insufficient_funds": _("Card declined: insufficient funds"),
    "card_velocity_exceeded": _("Card declined: its limit is reached"),
    "withdrawal_count_limit_exceeded": _("Card declined: its limit is reached"),
    "lost_card": _("Card declined: reported lost"),
    "stolen_card": _("Card declined: reported stolen"),
    "pickup_card": _("Card declined: reported lost or stolen"),
    "fraudulent": _("Card declined: taken for fraud"),
    "do_not_honor": _("Card declined: the bank names no reason"),
    "generic_decline": _("Card declined: the bank names no reason"),
    "card_declined": _("Card declined"),
}


def refused_because(code: str, decline: str = "") -> str:
    """Return what staff read of a refusal; nothing where there was none.

    Args:
        code: Stripe's error code, or one that the shop noted in its place.
        decline: the bank's reason, where it gave one.
    """
    reason = decline or code
    if not reason:
        return ""
    return str(_STAFFS.get(reason) or _("Card declined: %(code)s") % {"code": reason})
