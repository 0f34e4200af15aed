"""What goes with whom: manifests and the parcels that wait for them; each in fixed queries."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from trials.fulfilment.errors import ManifestMissingError
from trials.fulfilment.models import (
    Manifest,
    ManifestParcel,
)
from trials.fulfilment.states import ManifestState
from trials.home_trials.states import TrialState
from trials.shipping.models import Leg, Shipment


def manifests() -> QuerySet[Manifest]:
    """Return manifests, latest first, with ``count`` of their parcels that were not left out."""
    # Counted row by row of the page: a join would count every parcel that ever went.
    parcels = ManifestParcel.objects.filter(manifest=OuterRef("pk"), left_out=False).order_by()
    counted = parcels.values("manifest").annotate(n=Count("pk")).values("n")
    count = Coalesce(Subquery(counted), 0)
    return Manifest.objects.select_related("created_by").annotate(count=count).order_by("-pk")


MANIFESTS = PreparedQuery(lambda: manifests().filter(AnyOf(F("pk"), Slot("keys"))))


def manifest_by_id(manifest_id: int) -> Manifest:
    """Return one manifest with its count.

    Raises:
        ManifestMissingError: there is none of that number.
    """
    manifest = manifests().filter(pk=manifest_id).first()
    if manifest is None:
        raise ManifestMissingError(_("There is no manifest %(number)s.") % {"number": manifest_id})
    return manifest


def manifest_parcels(manifest: Manifest) -> QuerySet[ManifestParcel]:
    """Return what is on a manifest in the order of scanning, with all its paper shows."""
    return manifest.parcels.select_related("shipment__trial__address").order_by("added_at", "pk")


# Some of them, by their keys, with what a list shows.
ON_MANIFEST = PreparedQuery(
    lambda: ManifestParcel.objects.filter(AnyOf(F("pk"), Slot("keys"))).select_related(
        "shipment__trial"
    )
)


def parcels_to_hand_over(carrier: str) -> QuerySet[Shipment]:
    """Return the packed outbound parcels of a carrier that are on no manifest, oldest first.

    What one left out is on none.
    """
    return (
        Shipment.objects.filter(
            carrier=carrier,
            leg=Leg.OUTBOUND,
            trial__state=TrialState.PACKED,
        )
        .filter(~Exists(_on_a_manifest()))
        .select_related("trial__user")
        .order_by("created_at", "pk")
    )


def _on_a_manifest() -> QuerySet[ManifestParcel]:
    """Return where a parcel is on a manifest that did not leave it out."""
    return ManifestParcel.objects.filter(shipment=OuterRef("pk"), left_out=False)


def first_to_hand_over(carrier: str, most: int) -> tuple[list[Shipment], int]:
    """Return the first parcels that ``parcels_to_hand_over`` has, and how many it has.

    All are read by their keys alone, once: a count and a list would each find them anew.
    """
    keys = list(parcels_to_hand_over(carrier).select_related(None).values_list("pk", flat=True))
    first = {each.pk: each for each in _PARCELS.rows(keys=keys[:most])} if keys else {}
    return [first[key] for key in keys[:most] if key in first], len(keys)


_PARCELS = PreparedQuery(
    lambda: Shipment.objects.filter(AnyOf(F("pk"), Slot("keys"))).select_related("trial")
)


def count_to_hand_over() -> dict[str, int]:
    """Return how many packed parcels are on no manifest, by the carrier they wait for."""
    return dict(_TO_HAND_OVER.rows())


def _to_hand_over() -> QuerySet[Shipment, Any]:
    waiting = Shipment.objects.filter(
        ~Exists(_on_a_manifest()), leg=Leg.OUTBOUND, trial__state=TrialState.PACKED
    )
    return waiting.order_by().values_list("carrier").annotate(n=Count("pk"))


_TO_HAND_OVER = PreparedValues(_to_hand_over)


def is_followed(manifest: Manifest) -> bool:
    """Tell whether its carrier has a later manifest."""
    return Manifest.objects.filter(carrier=manifest.carrier, pk__gt=manifest.pk).exists()


def carriers_to_hand_over() -> list[str]:
    """Return the carriers that packed parcels wait for, or that have an open manifest, sorted."""
    begun = Manifest.objects.filter(state=ManifestState.OPEN)
    return sorted({*count_to_hand_over(), *begun.order_by().values_list("carrier", flat=True)})


def handed_over_since(moment: datetime) -> int:
    """Return how many parcels were handed over on manifests since ``moment``."""
    return ManifestParcel.objects.filter(manifest__closed_at__gte=moment, left_out=False).count()
