"""Parcels: what a carrier told of who took one goes."""

from typing import Any

from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from trials.shipping.models import Shipment, TrackingEvent


def export_parcels(user: Any) -> list[dict[str, Any]]:
    """Return her parcels, oldest first."""
    parcels = Shipment.objects.filter(trial__user=user).order_by("created_at", "pk")
    columns = (
        "leg",
        "carrier",
        "tracking_number",
        "tracking_url",
        "state",
        "created_at",
        "delivered_at",
        "because",
    )
    return list(parcels.values(*columns))


def erase_news(user: Any) -> int:
    """Empty the carriers' own words on her parcels, which may name who opened the door.

    And forget where her labels are, which bear her address, and pages that tell where they went.
    """
    told = TrackingEvent.objects.filter(shipment__trial__user=user)
    labels = Shipment.objects.filter(trial__user=user)
    return (
        told.exclude(description="").update(description="")
        + labels.exclude(label_url="").update(label_url="")
        + labels.exclude(tracking_url="").update(tracking_url="")
    )


register_personal_data(
    "trials.shipping",
    holds={
        "trials.TrackingEvent": ["description"],
        "trials.Shipment": ["label_url", "tracking_url"],
    },
    export=export_parcels,
    erase={Scope.ACCOUNT: erase_news},
)
not_personal("trials.TrackingEvent", "carrier_event_id", why="The carrier's number.")
not_personal(
    "trials.Shipment",
    *("carrier", "tracking_number", "carrier_reference", "service"),
    why="The carrier's number, and how it carries.",
)
keep_personal_data(
    "trials.Shipment", "labelled_by", why="Who of staff made the label, or she herself."
)
