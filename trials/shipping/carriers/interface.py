"""What the shop asks of a carrier, and what it is answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.http import HttpRequest
from djmoney.money import Money

from trials.shipping.models import RefundState, Shipment


@dataclass(frozen=True)
class Label:
    """A parcel as its carrier announced it.

    Attributes:
        tracking_number: the parcel's.
        reference: the carrier's own name of the parcel, where it has one.
        service: how it travels, such as ``DHLPaket``.
        postage: what it costs; nothing where the carrier does not say.
        url: where the label's PDF is; empty where the shop draws it itself.
        tracking_url: the carrier's page about the parcel; empty where it has none.
    """

    tracking_number: str
    reference: str = ""
    service: str = ""
    postage: Money | None = None
    url: str = ""
    tracking_url: str = ""


@dataclass(frozen=True)
class Word:
    """Something a carrier tells of a parcel.

    Attributes:
        tracking_number: which parcel.
        event_id: the same however often it is told.
        status: one of ``ShipmentState``.
        occurred_at: an aware time.
        description: the carrier's words.
    """

    tracking_number: str
    event_id: str
    status: str
    occurred_at: datetime
    description: str = ""


class Carrier(Protocol):
    """A carrier. What may ask over the network is never called inside a transaction.

    Attributes:
        code: its name in the database and in addresses.
        tells: whether it can be asked where a parcel is. A parcel of one that cannot is taken for
            delivered after the programme's days in the post.
    """

    code: str
    tells: bool

    def make_label(self, shipment: Shipment) -> Label:
        """Announce a parcel; may ask over the network.

        Args:
            shipment: not saved yet, with its trial, address and leg; its id names this very
                parcel, so that a repeat gives the first label again.

        Raises:
            CarrierRefusedError: it does not take the parcel; the message says why.
            CarrierUnreachableError: no answer, or none that decides; asking again is safe.
        """

    def label_pages(self, shipment: Shipment) -> bytes | None:
        """Return the label as PDF, or nothing where the shop draws it; may ask over the network.

        Raises:
            CarrierUnreachableError: it cannot be fetched now.
        """

    def refund_label(self, shipment: Shipment) -> RefundState:
        """Give back a label that was not used, and say how that stands; may be repeated.

        Raises:
            CarrierUnreachableError: no answer; asking again is safe.
        """

    def ask_refund(self, shipment: Shipment) -> RefundState:
        """Return how a label that was given back stands; may ask over the network.

        Raises:
            CarrierUnreachableError: no answer; asking again is safe.
            CarrierRefusedError: it knows no such parcel.
        """

    def ask(self, shipment: Shipment) -> list[Word]:
        """Return all the carrier knows of a parcel; may ask over the network.

        Raises:
            CarrierUnreachableError: no answer.
        """

    def verify_webhook(self, request: HttpRequest) -> bool:
        """Tell whether a message was sent by the carrier."""

    def refunds_told(self, data: Any) -> list[str]:
        """Return the tracking numbers whose refund a verified message tells of.

        What it says of them is not read: the carrier is asked.

        Args:
            data: the message's JSON.
        """

    def read_webhook(self, data: Any) -> list[Word]:
        """Return what a verified message tells; nothing where it is about no parcel.

        Args:
            data: the message's JSON.

        Raises:
            rest_framework.exceptions.ValidationError: it is not what the carrier sends.
        """
