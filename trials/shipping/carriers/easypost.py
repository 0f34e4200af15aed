"""EasyPost, by its own client: a hundred carriers behind one account.

A parcel is created there under our shipment's id as its ``reference``, which EasyPost takes in
place of its own id (https://docs.easypost.com/docs/shipments). So whatever became of an answer
that was lost, the next attempt finds what was bought and never buys twice.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import easypost
import requests
import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from djmoney.money import Money
from easypost import errors as answers
from easypost.util import validate_webhook
from rest_framework.exceptions import ValidationError

from trials.shipping.carriers.interface import Label, Word
from trials.shipping.errors import CarrierRefusedError, CarrierUnreachableError
from trials.shipping.models import Leg, RefundState, Shipment, ShipmentState

logger = structlog.get_logger(__name__)
T = TypeVar("T")
EASYPOST = "easypost"
CM_PER_INCH = Decimal("2.54")
GRAMS_PER_OUNCE = Decimal("28.349523125")
MOST_LABEL_BYTES = 5 * 1024 * 1024
LONGEST_PAGE = 500
# https://docs.easypost.com/docs/trackers; "unknown" tells nothing.
STATES = {
    "pre_transit": ShipmentState.LABELLED,
    "in_transit": ShipmentState.IN_TRANSIT,
    "out_for_delivery": ShipmentState.IN_TRANSIT,
    "available_for_pickup": ShipmentState.IN_TRANSIT,
    "delivered": ShipmentState.DELIVERED,
    "return_to_sender": ShipmentState.SENT_BACK,
    "failure": ShipmentState.FAILED,
    "error": ShipmentState.FAILED,
    "cancelled": ShipmentState.FAILED,
}
REFUNDS = {
    "submitted": RefundState.ASKED,
    "refunded": RefundState.REFUNDED,
    "rejected": RefundState.REJECTED,
    "not_applicable": RefundState.NOT_DUE,
}
# Answers that say nothing of the request itself. No answer at all is among them.
PASSING = (
    answers.TimeoutError,
    answers.HttpError,
    answers.JsonError,
    answers.RateLimitError,
    answers.InternalServerError,
    answers.ServiceUnavailableError,
    answers.GatewayTimeoutError,
    answers.UnknownApiError,
)


class EasyPostCarrier:
    """Parcels that go with whichever carrier EasyPost offers: the cheapest, or a named service."""

    code = EASYPOST
    tells = True

    def make_label(self, shipment: Shipment) -> Label:
        """Buy a label, or return the one that was bought for this parcel before."""
        found = self._by_reference(shipment)
        if found is None:
            made: Any = _call(lambda client: client.shipment.create(**_announcement(shipment)))
            found = self._buy(shipment, made, made.rates)
        elif not _is_bought(found):
            # What was offered at the attempt before may have been nothing, or be no more.
            again: Any = _call(lambda client: client.shipment.regenerate_rates(found.id))
            found = self._buy(shipment, found, again.rates)
        rate, postage_label = found.selected_rate, found.postage_label
        return Label(
            tracking_number=found.tracking_code,
            reference=found.id,
            service=f"{rate.carrier} {rate.service}"[:60],
            postage=Money(Decimal(str(rate.rate)), rate.currency),
            url=postage_label.label_pdf_url or postage_label.label_url,
            tracking_url=_tracking_page(found),
        )

    def label_pages(self, shipment: Shipment) -> bytes | None:
        """Fetch the label's PDF from where EasyPost keeps it."""
        _outside_transactions()
        address, base = urlsplit(shipment.label_url), urlsplit(settings.EASYPOST_API_BASE)
        if address.scheme != "https" and address.netloc != base.netloc:
            raise CarrierUnreachableError(_("The label cannot be fetched: its address is wrong."))
        try:
            answer = requests.get(shipment.label_url, timeout=settings.EASYPOST_TIMEOUT_SECONDS)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise CarrierUnreachableError(
                _("The label cannot be fetched from EasyPost just now. Print it again.")
            ) from error
        if not answer.content.startswith(b"%PDF") or len(answer.content) > MOST_LABEL_BYTES:
            raise CarrierUnreachableError(_("What EasyPost keeps as the label is no PDF."))
        return answer.content

    def refund_label(self, shipment: Shipment) -> RefundState:
        """Ask for the postage of a label that no carrier scanned."""
        try:
            found = _call(lambda client: client.shipment.refund(shipment.carrier_reference))
        except CarrierRefusedError:
            return RefundState.REJECTED
        return REFUNDS.get(found.refund_status or "", RefundState.ASKED)

    def ask_refund(self, shipment: Shipment) -> RefundState:
        """Return how a refund stands: a carrier decides it weeks after it was asked for."""
        found = _call(lambda client: client.shipment.retrieve(shipment.carrier_reference))
        return REFUNDS.get(found.get("refund_status") or "", RefundState.ASKED)

    def refunds_told(self, data: Any) -> list[str]:
        """Return the number that an event about a ``Refund`` is about.

        https://docs.easypost.com/docs/refunds
        """
        result = data.get("result") if isinstance(data, dict) else None
        if not isinstance(result, dict) or result.get("object") != "Refund":
            return []
        number = result.get("tracking_code")
        return [number] if isinstance(number, str) else []

    def ask(self, shipment: Shipment) -> list[Word]:
        """Return what EasyPost's tracker of the parcel holds."""
        found = _call(lambda client: client.shipment.retrieve(shipment.carrier_reference))
        tracker = found.get("tracker")
        return _words(tracker.to_dict()) if tracker else []

    def verify_webhook(self, request: HttpRequest) -> bool:
        """Check ``X-Hmac-Signature: hmac-sha256-hex=<hexadecimal>`` by the client's own function.

        It is HMAC-SHA256 over the body with ``EASYPOST_WEBHOOK_SECRET``, without which nothing is
        believed. It holds no time: a message sent again is known by what it tells.
        """
        secret: str = settings.EASYPOST_WEBHOOK_SECRET
        header = request.headers.get("X-Hmac-Signature", "")
        if not secret or not header.isascii():
            return False
        try:
            validate_webhook(request.body, {"X-Hmac-Signature": header}, secret)
        except answers.SignatureVerificationError:
            return False
        except ValueError:
            # Signed, and no JSON: the parser says so.
            return True
        return True

    def read_webhook(self, data: Any) -> list[Word]:
        """Return what an event tells of a tracker; other events tell nothing."""
        if not isinstance(data, dict) or data.get("object") != "Event":
            raise ValidationError({"object": [_("An event of EasyPost is expected.")]})
        result = data.get("result")
        if not isinstance(result, dict) or result.get("object") != "Tracker":
            return []
        try:
            return _words(result)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValidationError({"result": [_("This is no tracker of EasyPost.")]}) from error

    def _by_reference(self, shipment: Shipment) -> Any:
        try:
            return _call(lambda client: client.shipment.retrieve(str(shipment.pk)), missing=True)
        except answers.NotFoundError:
            return None

    def _buy(self, shipment: Shipment, announced: Any, rates: list[Any]) -> Any:
        rate = _chosen(rates, announced)
        try:
            return _call(lambda client: client.shipment.buy(announced.id, rate={"id": rate.id}))
        except (CarrierUnreachableError, CarrierRefusedError):
            # The answer may be lost while the label is bought, or somebody bought it before.
            found = self._by_reference(shipment)
            if found is None or not _is_bought(found):
                raise
            return found


@lru_cache(maxsize=4)
def _client(key: str, base: str, timeout: int) -> easypost.EasyPostClient:
    return easypost.EasyPostClient(key, api_base=f"{base}/v2", timeout=timeout)


def _call(act: Callable[[easypost.EasyPostClient], T], *, missing: bool = False) -> T:
    """Call EasyPost.

    Args:
        act: what to ask.
        missing: that there is no such thing is the caller's to understand.

    Raises:
        CarrierUnreachableError: no answer, or one that says EasyPost itself failed.
        CarrierRefusedError: an answer that says no.
        easypost.errors.NotFoundError: with ``missing``.
        transaction.TransactionManagementError: inside a transaction.
    """
    _outside_transactions()
    key: str = settings.EASYPOST_API_KEY
    if not key:
        raise CarrierRefusedError(_("EasyPost is not set up: EASYPOST_API_KEY is empty."))
    client = _client(key, settings.EASYPOST_API_BASE, settings.EASYPOST_TIMEOUT_SECONDS)
    try:
        return act(client)
    except answers.NotFoundError as error:
        if missing:
            raise
        raise CarrierRefusedError(_refusal(error)) from error
    except PASSING as error:
        logger.warning("easypost_unreachable", error=type(error).__name__)
        raise CarrierUnreachableError(
            _("EasyPost did not answer. Nothing is lost: try again in a moment.")
        ) from error
    except answers.ApiError as error:
        logger.warning("easypost_refused", error=type(error).__name__, code=error.code)
        raise CarrierRefusedError(_refusal(error)) from error


def _outside_transactions() -> None:
    if transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("EasyPost is never called in a transaction")


def _refusal(error: answers.ApiError) -> str:
    if isinstance(error, answers.PaymentError):
        return _("EasyPost wants money first: %(words)s") % {"words": error.message}
    fields = [
        each["message"] if isinstance(each, dict) and each.get("message") else str(each)
        for each in error.errors or []
    ]
    words = "; ".join([error.message, *fields])
    return _("EasyPost does not take the parcel: %(words)s") % {"words": words[:300]}


def _announcement(shipment: Shipment) -> dict[str, Any]:
    """Return what EasyPost is told of a parcel; of a return it turns the addresses around."""
    address = shipment.trial.address
    length, width, height = settings.PARCEL_CM
    recipient = {
        "name": address.name,
        "street1": address.line1,
        "street2": address.line2 or None,
        "city": address.city,
        "zip": address.postal_code,
        "country": address.country,
        "phone": address.phone or None,
    }
    return {
        "reference": str(shipment.pk),
        "is_return": shipment.leg == Leg.RETURN,
        "to_address": recipient,
        "from_address": _shop_address(list(settings.SHOP_ADDRESS)),
        "parcel": {
            "length": _rounded(Decimal(length) / CM_PER_INCH),
            "width": _rounded(Decimal(width) / CM_PER_INCH),
            "height": _rounded(Decimal(height) / CM_PER_INCH),
            "weight": _rounded(Decimal(settings.PARCEL_GRAMS) / GRAMS_PER_OUNCE),
        },
        "options": {"label_format": "PDF", "print_custom_1": shipment.trial.number},
    }


def _shop_address(lines: list[str]) -> dict[str, Any]:
    """Return ``SHOP_ADDRESS``, which is name, street, perhaps more, postal code and town, country.

    Raises:
        CarrierRefusedError: it is not.
    """
    if len(lines) < 4 or " " not in lines[-2]:
        raise CarrierRefusedError(
            _("SHOP_ADDRESS must be name|street|postal code and town|country.")
        )
    postal_code, _space, city = lines[-2].partition(" ")
    return {
        "company": lines[0],
        "street1": lines[1],
        "street2": ", ".join(lines[2:-2]) or None,
        "city": city,
        "zip": postal_code,
        "country": lines[-1],
    }


def _rounded(number: Decimal) -> float:
    return float(number.quantize(Decimal("0.1")))


def _chosen(rates: list[Any], announced: Any) -> Any:
    """Return the cheapest rate, of the services named by ``EASYPOST_SERVICE`` if there are any."""
    carrier, _colon, service = settings.EASYPOST_SERVICE.rpartition(":")
    fitting = [
        rate
        for rate in rates
        if (not service or rate.service.lower() == service.lower())
        and (not carrier or rate.carrier.lower() == carrier.lower())
    ]
    if not fitting:
        told = "; ".join(each.message for each in announced.get("messages") or [])
        raise CarrierRefusedError(
            _("No service of EasyPost takes this parcel. %(words)s") % {"words": told[:300]}
        )
    return min(fitting, key=lambda rate: (Decimal(str(rate.rate)), rate.id))


def _tracking_page(found: Any) -> str:
    """Return the public page of a parcel, which customers follow: nothing but https.

    https://docs.easypost.com/docs/trackers (``public_url``)
    """
    page = str((found.get("tracker") or {}).get("public_url") or "")
    return page if page.startswith("https://") and len(page) <= LONGEST_PAGE else ""


def _is_bought(found: Any) -> bool:
    return bool(found.get("tracking_code") and found.get("postage_label"))


def _words(tracker: dict[str, Any]) -> list[Word]:
    """Return what a tracker tells. Each event repeats all that was told before it."""
    number = str(tracker["tracking_code"])
    words = []
    for detail in tracker.get("tracking_details") or []:
        status = STATES.get(detail.get("status") or "")
        if status is None:
            continue
        place = (detail.get("tracking_location") or {}).get("city") or ""
        said = detail.get("message") or ""
        facts = "\n".join([detail["datetime"], detail["status"], said, place])
        event = hashlib.sha256(facts.encode()).hexdigest()[:32]
        description = ", ".join(filter(None, [said, place]))
        words.append(Word(number, event, status, _at(detail["datetime"]), description))
    status = STATES.get(tracker.get("status") or "")
    if status is not None and status not in {word.status for word in words}:
        at = _at(tracker.get("updated_at") or tracker["created_at"])
        words.append(Word(number, f"tracker-{tracker['status']}", status, at))
    return words


def _at(told: str) -> datetime:
    """Return an aware time.

    Raises:
        ValueError: it is none.
    """
    at = parse_datetime(told)
    if at is None or at.tzinfo is None:
        raise ValueError(f"{told!r} is no time with a zone")
    return at
