"""Why a card was refused, in the reader's language: Stripe tells it in English."""

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
