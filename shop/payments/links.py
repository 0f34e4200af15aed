"""Links by which whoever owes something pays it without logging in.

A link names one payment and is signed: nobody can make one, and who holds it sees what is owed for
and may pay it, with a card of her own typed in. It ends with the payment.
"""

import hashlib
import hmac
import uuid

from django.conf import settings
from django.urls import reverse

from shop.payments.models import Payment

DIGITS = 32


def payment_link(payment: Payment) -> str:
    """Return the path of the page by which a payment is paid."""
    return reverse("payments:payment_by_link", args=[payment_token(payment.pk)])


def payment_token(payment_id: uuid.UUID) -> str:
    """Return what stands in a payment's link: its id and a signature."""
    return payment_id.hex + _signature(payment_id.hex)


def read_payment_token(token: str) -> uuid.UUID | None:
    """Return the payment a token names; nothing if the shop did not make it."""
    named, signature = token[:DIGITS], token[DIGITS:]
    if not hmac.compare_digest(signature.encode(), _signature(named).encode()):
        return None
    return uuid.UUID(hex=named)


def _signature(named: str) -> str:
    key = hashlib.sha256(f"{settings.ADDRESS_KEY}:payments:link".encode()).digest()
    return hmac.new(key, named.encode(), hashlib.sha256).hexdigest()[:DIGITS]
