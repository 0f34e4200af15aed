"""The shop's own carrier: for a courier of one's own, and where no other is set up."""

import hashlib
import hmac
import secrets
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from trials.shipping.carriers.interface import Label, Word
from trials.shipping.models import RefundState, Shipment
from trials.shipping.serializers import TrackingWebhookInput
from trials.units.barcodes import check_digit

BUILT_IN = "built-in"
SIGNATURE_HEADER = "X-Carrier-Signature"
SIGNATURE_AGE_SECONDS = 300


class BuiltInCarrier:
    """The shop's own: its numbers are ``LP``, twelve digits and a check digit."""

    code = BUILT_IN
    tells = False

    def make_label(self, shipment: Shipment) -> Label:
        """Return a random number that no parcel has."""
        number = _random_number()
        while Shipment.objects.filter(tracking_number=number).exists():
            number = _random_number()
        return Label(tracking_number=number)

    def label_pages(self, shipment: Shipment) -> bytes | None:
        """Return nothing: the shop draws its own."""
        return None

    def refund_label(self, shipment: Shipment) -> RefundState:
        """Say that there is nothing to give back: its labels cost nothing."""
        return RefundState.NOT_DUE

    def ask_refund(self, shipment: Shipment) -> RefundState:
        """Say that there is nothing to give back."""
        return RefundState.NOT_DUE

    def refunds_told(self, data: Any) -> list[str]:
        """Return nothing: its messages tell of no refund."""
        return []

    def ask(self, shipment: Shipment) -> list[Word]:
        """Return nothing: it knows no more than it reported."""
        return []

    def verify_webhook(self, request: HttpRequest) -> bool:
        """Check ``X-Carrier-Signature: t=<Unix seconds>,v1=<hexadecimal>``.

        The signature is HMAC-SHA256 over ``<t>.<body>`` with ``CARRIER_WEBHOOK_SECRET``; without
        a secret nothing is believed.
        """
        secret: str = settings.CARRIER_WEBHOOK_SECRET
        parts = dict(
            part.strip().partition("=")[::2]
            for part in request.headers.get(SIGNATURE_HEADER, "").split(",")
        )
        sent_at = parts.get("t", "")
        if not secret or not sent_at.isdecimal():
            return False
        if abs(time.time() - int(sent_at)) > SIGNATURE_AGE_SECONDS:
            return False
        expected = signature(secret=secret, sent_at=int(sent_at), body=request.body)
        return hmac.compare_digest(expected, parts.get("v1", ""))

    def read_webhook(self, data: Any) -> list[Word]:
        """Return the one thing a message tells.

        Raises:
            rest_framework.exceptions.ValidationError: it is not what this carrier sends.
        """
        sent = TrackingWebhookInput(data=data)
        sent.is_valid(raise_exception=True)
        return [Word(**{"description": "", **sent.validated_data})]


def _random_number() -> str:
    digits = f"{secrets.randbelow(10**12):012d}"
    return f"LP{digits}{check_digit(digits)}"


def signature(*, secret: str, sent_at: int, body: bytes) -> str:
    """Return how the built-in carrier signs ``body`` sent at ``sent_at`` (Unix seconds)."""
    signed = str(sent_at).encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
