"""Things of the trials floor. Trials are made by the services that make them in the shop."""

from datetime import datetime, timedelta
from typing import Any

import factory
import time_machine
from django.utils import timezone
from factory.django import DjangoModelFactory

from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.factories.shop import (
    AddressFactory,
    SavedCardFactory,
    StaffFactory,
    UserFactory,
    VariantFactory,
)
from trials.fulfilment.models import Manifest, PickBatch
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import add_parcel, close_manifest, open_manifest
from trials.home_trials.models import Box, BoxItem, Trial
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import approve_trial, place_trial
from trials.programme.models import Programme, ProgrammeVersion
from trials.shipping.models import Shipment, ShipmentState
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking
from trials.units.models import TrialUnit, UnitCount, UnitMovement
from trials.units.services.accepting import Accepted, accept_all, foresee
from trials.units.services.making import create_units
from trials.units.states import UnitState


class ProgrammeFactory(DjangoModelFactory[Programme]):
    """The one programme of the tests."""

    class Meta:
        model = Programme
        django_get_or_create = ("slug",)

    slug = "home"
    name = "At home"


class ProgrammeVersionFactory(DjangoModelFactory[ProgrammeVersion]):
    """Five frames, five days, three of grace; the same row however often it is asked for."""

    class Meta:
        model = ProgrammeVersion
        django_get_or_create = ("programme", "number")

    programme = factory.SubFactory(ProgrammeFactory)
    number = 1
    valid_from = factory.LazyFunction(lambda: timezone.now() - timedelta(days=400))


class TrialUnitFactory(DjangoModelFactory[TrialUnit]):
    """A unit on its shelf, with the movement that put it there."""

    class Meta:
        model = TrialUnit

    variant = factory.SubFactory(VariantFactory)

    @classmethod
    def _create(cls, model_class: type[TrialUnit], *args: Any, **kwargs: Any) -> TrialUnit:
        variant = kwargs.pop("variant")
        (unit,) = create_units(variant_id=variant.pk, count=1, location=kwargs.pop("location", ""))
        for name, value in kwargs.items():
            setattr(unit, name, value)
        unit.save()
        if "state" in kwargs:
            # Movements are only ever added; this one may skip states on the way.
            UnitMovement.objects.create(
                subject=unit, from_state=UnitState.AVAILABLE, to_state=unit.state
            )
        return unit


class BoxFactory(DjangoModelFactory[Box]):
    """A customer's empty box."""

    class Meta:
        model = Box

    user = factory.SubFactory(UserFactory)


def filled_box(*, user: User, variants: list[Variant] | None = None, frames: int = 2) -> Box:
    """Return the box of ``user`` with these variants, or new ones of which a unit is free."""
    box = Box.objects.get_or_create(user=user)[0]
    for variant in variants or [TrialUnitFactory().variant for _each in range(frames)]:
        BoxItem.objects.create(box=box, variant=variant)
    return box


def requested_trial(
    *, user: User | None = None, variants: list[Variant] | None = None, frames: int = 2
) -> Trial:
    """Return a placed trial; each variant given must have a free unit."""
    ProgrammeVersionFactory()
    user = user or UserFactory()
    box = filled_box(user=user, variants=variants, frames=frames)
    return place_trial(
        user=user,
        box_id=box.pk,
        address_id=AddressFactory(user=user).pk,
        card_id=SavedCardFactory(user=user).pk,
    )


def accepted_all(count: UnitCount, *, by: User) -> Accepted:
    """Accept whatever a finished count found, as somebody who has looked at it."""
    seen = foresee(UnitCount.objects.get(pk=count.pk), by=by)
    return accept_all(count_id=count.pk, by=by, expected=seen.expected, lost=seen.lost)


def approved_trial(*, by: User | None = None, **kwargs: Any) -> Trial:
    """Return a trial that waits to be packed."""
    trial = requested_trial(**kwargs)
    return approve_trial(trial_id=trial.pk, by=by or StaffFactory())


def batch_of_one(by: User | None = None) -> PickBatch:
    """Return a batch of one trial that was approved for it."""
    by = by or StaffFactory()
    approved_trial(by=by)
    return make_batch(count=1, by=by)


def packed_trial(*, by: User | None = None, **kwargs: Any) -> Trial:
    """Return a trial whose box is closed."""
    by = by or StaffFactory()
    trial = approved_trial(by=by, **kwargs)
    for barcode in trial.items.values_list("unit__barcode", flat=True):
        pack_unit(trial_id=trial.pk, barcode=barcode, by=by)
    return finish_packing(trial_id=trial.pk, by=by)


def handed_over(by: User | None = None) -> Manifest:
    """Return a manifest of one parcel that the carrier has fetched."""
    by = by or StaffFactory()
    outbound, _back = create_labels(trial_id=packed_trial(by=by).pk, by=by)
    manifest = open_manifest(carrier=outbound.carrier, by=by)
    add_parcel(manifest_id=manifest.pk, scanned=outbound.tracking_number, by=by)
    return close_manifest(manifest_id=manifest.pk, by=by)


def undelivered(by: User | None = None) -> Shipment:
    """Return a parcel that its carrier could not deliver."""
    by = by or StaffFactory()
    trial = packed_trial(by=by)
    outbound, _back = create_labels(trial_id=trial.pk, by=by)
    return record_tracking(
        tracking_number=outbound.tracking_number,
        carrier_event_id="undelivered",
        status=ShipmentState.FAILED,
        occurred_at=timezone.now(),
    )


def shipped_trial(*, by: User | None = None, **kwargs: Any) -> Trial:
    """Return a trial on its way to the customer."""
    by = by or StaffFactory()
    return mark_shipped(trial_id=packed_trial(by=by, **kwargs).pk, by=by)


def delivered_trial(*, at: datetime | None = None, by: User | None = None, **kwargs: Any) -> Trial:
    """Return a trial at home since ``at``, of which the shop learned then; now if not given."""
    trial, at = shipped_trial(by=by, **kwargs), at or timezone.now()
    with time_machine.travel(at):
        return mark_delivered(trial_id=trial.pk, at=at)
