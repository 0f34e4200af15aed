"""Boxes on their way from the shelf to the carrier."""

from dataclasses import dataclass

from django.utils import timezone

from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.access.returns import missed_box
from tests.factories.trials import approved_trial, packed_trial
from trials.fulfilment.models import PickTote
from trials.fulfilment.services.batching import MOST_BOXES, make_batch
from trials.fulfilment.services.manifests import add_parcel, open_manifest
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.carriers import BUILT_IN
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking


@dataclass(frozen=True)
class Walk:
    """A box to be picked, packed and handed over.

    Attributes:
        batch, tote: where it is picked, and its tote's code.
        trial: its number.
        units: their barcodes.
    """

    batch: int
    tote: PickTote
    trial: str
    units: list[str]


def walks(variants: list[Variant], ola: User) -> list[Walk]:
    """Return two boxes of one batch, each of its own tests'."""
    trials = [approved_trial(variants=variants, by=ola) for _each in range(2)]
    batch = make_batch(count=MOST_BOXES, by=ola)
    return [
        Walk(
            batch.pk,
            batch.totes.get(trial=trial),
            trial.number,
            list(trial.items.order_by("pk").values_list("unit__barcode", flat=True)),
        )
        for trial in trials
    ]


def fulfilment_paths(variants: list[Variant], ola: User, at_home: Trial) -> dict[str, str]:
    """A batch that is picked, a manifest with a parcel, one not delivered and one missed."""
    batch = make_batch(count=1, by=ola)
    manifest = open_manifest(carrier=BUILT_IN, by=ola)
    missed_box()
    # By a label its customer may ask for another.
    create_labels(trial_id=at_home.pk, by=ola)
    for lost in (False, True):
        outbound = create_labels(trial_id=packed_trial(variants=variants, by=ola).pk, by=ola)[0]
        if lost:
            tell = {"carrier_event_id": "1", "status": "failed", "occurred_at": timezone.now()}
            record_tracking(tracking_number=outbound.tracking_number, **tell)
        else:
            add_parcel(manifest_id=manifest.pk, scanned=outbound.tracking_number, by=ola)
    called_off = packed_trial(variants=variants, by=ola)
    cancel_trial(trial_id=called_off.pk, by=ola)
    return {
        "batch": f"/console/pick/{batch.pk}/",
        "manifest": f"/console/manifests/{manifest.pk}/",
    }
