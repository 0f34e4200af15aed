"""Carriers: who takes parcels, prints their numbers and tells where they are."""

import hashlib
import hmac
import secrets
import time
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

from trials.shipping.models import Shipment
from trials.units.barcodes import check_digit

BUILT_IN = "built-in"
SIGNATURE_HEADER = "X-Carrier-Signature"
SIGNATURE_AGE_SECONDS = 300


class Carrier(Protocol):
    """What the shop asks of a carrier."""

    code: str

    def make_label(self, shipment: Shipment) -> str:
        """Announce a parcel and return its tracking number; may ask over the network.

        Args:
            shipment: not saved yet; its id names this very parcel, so that a repeat is known.
        """

    def verify_webhook(self, request: HttpRequest) -> bool:
        """Tell whether a message was sent by the carrier, and just now."""


class BuiltInCarrier:
    """The shop's own: its numbers are ``LP``, twelve digits and a check digit."""

    code = BUILT_IN

    def make_label(self, shipment: Shipment) -> str:
        """Return a random number that no parcel has."""
        number = _random_number()
        while Shipment.objects.filter(tracking_number=number).exists():
            number = _random_number()
        return number

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


def _random_number() -> str:
    digits = f"{secrets.randbelow(10**12):012d}"
    return f"LP{digits}{check_digit(digits)}"


def signature(*, secret: str, sent_at: int, body: bytes) -> str:
    """Return how the built-in carrier signs ``body`` sent at ``sent_at`` (Unix seconds)."""
    signed = str(sent_at).encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


CARRIERS: dict[str, Carrier] = {BUILT_IN: BuiltInCarrier()}
