"""Gathering parcels for a carrier, and handing them over."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.opening import get_or_open
from trials.fulfilment.errors import (
    BoxCalledOffError,
    CarrierUnknownError,
    ManifestClosedError,
    ManifestEmptyError,
    OnManifestError,
    OtherCarrierError,
    ParcelNotReadyError,
    ReturnParcelError,
)
from trials.fulfilment.models import Manifest, ManifestParcel, ManifestTransition
from trials.fulfilment.states import MANIFEST_MOVES, ManifestState
from trials.home_trials.models import Trial
from trials.home_trials.services.holding import check_held
from trials.home_trials.services.journey import mark_shipped
from trials.home_trials.services.replacing import check_box_to_be_shown, worn_items_of
from trials.home_trials.states import TrialState
from trials.shipping.carriers import CARRIERS
from trials.shipping.models import Leg
from trials.shipping.queries import shipment_by_number

# What a carrier may have scanned before the shop handed it over is on its way all the same.
HANDED_OVER = frozenset(
    {
        TrialState.SHIPPED,
        TrialState.DELIVERED,
        TrialState.RETURNING,
        TrialState.RECEIVED,
        TrialState.CLOSED,
    }
)


def open_manifest(*, carrier: str, by: User) -> Manifest:
    """Return a carrier's open manifest; a new one where it has none.

    Raises:
        CarrierUnknownError: there is no such carrier.
    """
    if carrier not in CARRIERS:
        raise CarrierUnknownError(
            _("Choose one of these carriers: %(carriers)s.") % {"carriers": ", ".join(CARRIERS)}
        )
    with transaction.atomic():
        manifest, made = get_or_open(
            Manifest, carrier=carrier, state=ManifestState.OPEN, defaults={"created_by": by}
        )
        if made:
            ManifestTransition.objects.create(
                subject=manifest, from_state="", to_state=manifest.state, actor=by
            )
        return manifest


def add_parcel(*, manifest_id: int, scanned: str, by: User) -> ManifestParcel:
    """Put a parcel that was scanned on a manifest.

    Args:
        manifest_id: an open manifest.
        scanned: the outbound label's barcode.
        by: who scans.

    Raises:
        ManifestClosedError: the manifest was handed over.
        ShipmentMissingError: no parcel has the number.
        ReturnParcelError: it is a return label.
        OtherCarrierError: another carrier takes it.
        OnManifestError: it is on this or another manifest already, and was not left out of it.
        BoxCalledOffError: its trial was called off.
        ParcelNotReadyError: its box is not packed, or gone.
        NotHeldError: its programme wants an amount held on the card, and none is.
        UnitNotFitError: a unit in it was graded D after its box was closed.
    """
    found = shipment_by_number(scanned)
    words = {"number": found.tracking_number, "trial": found.trial.number}
    with transaction.atomic():
        manifest = _open(manifest_id)
        trial = lock_row(Trial, found.trial_id, related=("programme_version",))
        if found.leg == Leg.RETURN:
            raise ReturnParcelError(
                _("%(number)s is the return label of trial %(trial)s. Scan the other one.") % words
            )
        if found.carrier != manifest.carrier:
            raise OtherCarrierError(
                _("%(number)s goes with %(carrier)s. Put it aside.")
                % {**words, "carrier": found.carrier},
                carrier=found.carrier,
            )
        # Left out of one, it goes with the next.
        on_one = ManifestParcel.objects.select_related("manifest").filter(left_out=False)
        before = on_one.filter(shipment=found).first()
        if before is not None:
            raise OnManifestError(
                _("%(number)s is on manifest %(manifest)s already.")
                % {**words, "manifest": before.manifest},
                manifest=before.manifest_id,
            )
        if trial.state == TrialState.CANCELLED:
            raise BoxCalledOffError(
                _(
                    "Trial %(trial)s was called off. Take the box back, and scan its units under"
                    " “To put back”."
                )
                % words,
                state=trial.state,
            )
        if trial.state != TrialState.PACKED:
            raise ParcelNotReadyError(
                _("Trial %(trial)s is “%(state)s”. Only packed boxes are handed over.")
                % {**words, "state": trial.get_state_display()},
                state=trial.state,
            )
        # Here and not by the van: handed over together, one would keep all others back.
        check_held(trial)
        check_box_to_be_shown(trial)
        return ManifestParcel.objects.create(manifest=manifest, shipment=found, added_by=by)


def add_parcel_of_its_carrier(*, scanned: str, by: User) -> ManifestParcel:
    """Put a parcel that was scanned on its carrier's open manifest; on a new one if it has none.

    Args:
        scanned: the outbound label's barcode.
        by: who scans.

    Raises:
        ShipmentMissingError: no parcel has the number.
        LorgnetteError: whatever ``add_parcel`` refuses; then no manifest is opened, either.
    """
    carrier = shipment_by_number(scanned).carrier
    with transaction.atomic():
        manifest = open_manifest(carrier=carrier, by=by)
        return add_parcel(manifest_id=manifest.pk, scanned=scanned, by=by)


def remove_parcel(*, manifest_id: int, tracking_number: str) -> None:
    """Take a parcel from a manifest that is still open; taken before, nothing changes.

    Raises:
        ManifestClosedError: the manifest was handed over.
        ShipmentMissingError: no parcel has the number.
    """
    found = shipment_by_number(tracking_number)
    with transaction.atomic():
        manifest = _open(manifest_id)
        manifest.parcels.filter(shipment=found).delete()


def close_manifest(*, manifest_id: int, by: User) -> Manifest:
    """Hand a manifest's parcels over: each of their trials is shipped, once.

    What was called off meanwhile, or holds a unit that was graded D since, is left out and stays
    named on the manifest. What of it can go after all goes with the next.

    Args:
        manifest_id: an open manifest; one handed over before is returned as it is.
        by: who hands over.

    Raises:
        ManifestEmptyError: nothing on it can be handed over.
    """
    with transaction.atomic():
        manifest = lock_row(Manifest, manifest_id)
        if manifest.state == ManifestState.CLOSED:
            return manifest
        parcels = list(manifest.parcels.select_related("shipment"))
        # All trials first, in the order of their keys: shipping them locks their units, too.
        locked = lock_rows(Trial, [parcel.shipment.trial_id for parcel in parcels])
        states = {trial.pk: trial.state for trial in locked}
        worn = set(worn_items_of(states).values_list("trial_id", flat=True))
        now = timezone.now()
        shipped = 0
        for parcel in parcels:
            state = states[parcel.shipment.trial_id]
            if state == TrialState.PACKED and parcel.shipment.trial_id not in worn:
                mark_shipped(trial_id=parcel.shipment.trial_id, by=by, at=now)
            elif state not in HANDED_OVER:
                parcel.left_out = True
                parcel.save(update_fields=["left_out"])
                continue
            shipped += 1
        if shipped == 0:
            raise ManifestEmptyError(
                _("No parcel on manifest %(manifest)s can be handed over. Scan parcels first.")
                % {"manifest": manifest}
            )
        move(
            manifest,
            ManifestState.CLOSED,
            moves=MANIFEST_MOVES,
            history=ManifestTransition,
            by=by,
            fields={"closed_at": now},
        )
        return manifest


def hand_over_alone(*, trial_id: uuid.UUID, by: User) -> Trial:
    """Hand one packed box to the carrier that goes with no manifest.

    Args:
        trial_id: which; one shipped before stays as it is.
        by: who hands it over.

    Raises:
        OnManifestError: its parcel waits on an open manifest, which would name what is gone.
        IllegalMoveError: it is not packed.
        NotHeldError: the programme's amount is not held on a card.
        UnitNotFitError: a unit in it was graded D after it was closed.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        waiting = ManifestParcel.objects.select_related("manifest", "shipment").filter(
            shipment__trial=trial, manifest__state=ManifestState.OPEN
        )
        if trial.state == TrialState.PACKED and (parcel := waiting.first()) is not None:
            raise OnManifestError(
                _(
                    "%(number)s waits on manifest %(manifest)s, which is still open. Hand over the"
                    " manifest, or take the parcel from it first."
                )
                % {"number": parcel.shipment.tracking_number, "manifest": parcel.manifest},
                manifest=parcel.manifest_id,
            )
        return mark_shipped(trial_id=trial_id, by=by)


def _open(manifest_id: int) -> Manifest:
    manifest = lock_row(Manifest, manifest_id)
    if manifest.state != ManifestState.OPEN:
        raise ManifestClosedError(
            _("Manifest %(manifest)s was handed over. Open a new one.") % {"manifest": manifest}
        )
    return manifest
