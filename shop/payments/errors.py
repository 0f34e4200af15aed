"""What can go wrong with money, in words for the person it happens to."""

from shop.foundation.errors import ConflictError, GatewayError, InvalidError, MissingError


class CardMissingError(MissingError):
    """There is no such card, or not of this person."""

    code = "card_not_found"


class CardInUseError(ConflictError):
    """The card stands for frames that are out."""

    code = "card_in_use"


class CardRefusedError(ConflictError):
    """The bank, or the card's owner before the bank, said no."""

    code = "card_refused"


class PaymentMissingError(MissingError):
    """There is no such payment, or not of this person."""

    code = "payment_not_found"


class PaymentClosedError(ConflictError):
    """The payment is settled or cancelled."""

    code = "payment_closed"


class RefundRefusedError(InvalidError):
    """More than was paid, or nothing, is to be given back."""

    code = "refund_refused"


class CreditShortError(ConflictError):
    """The customer's credit is less than she meant to use."""

    code = "credit_short"


class StripeUnreachableError(GatewayError):
    """Stripe did not answer; nothing was decided, and asking again is safe."""

    code = "payment_provider_unreachable"


class WebhookRefusedError(InvalidError):
    """A webhook that is forged, stale or no event at all."""

    status = 400
    code = "webhook_refused"
