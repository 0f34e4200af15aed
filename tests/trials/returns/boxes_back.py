"""Boxes that came back in every way, and the terms they were tried under."""

from typing import Any

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.shop import StaffFactory
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial
from trials.home_trials.models import Trial, TrialItem
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding, Inspection
from trials.returns.services.checking_in import check_in_unit
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking
from trials.units.models import Grade


def terms(**rules: Any) -> None:
    """Set the terms of trials placed from now on in this test."""
    version = ProgrammeVersionFactory()
    for name, value in rules.items():
        setattr(version, name, value)
    version.save()


def item_of(trial: Trial, place: int = 0) -> TrialItem:
    """Return a frame of a trial, with its unit."""
    return list(trial.items.select_related("unit", "variant__frame").order_by("pk"))[place]


def checked_in(
    item: TrialItem, finding: Finding = Finding.GOOD, *, note: str = "", by: User | None = None
) -> Inspection:
    """Check a frame in as it was found."""
    grade = Grade.B if finding == Finding.GOOD else Grade.D
    return check_in_unit(
        trial_id=item.trial_id,
        barcode=item.unit.barcode,
        finding=finding,
        grade=grade,
        note=note,
        by=by or StaffFactory(),
    )


def proposal_for_damage(**kwargs: Any) -> ChargeProposal:
    """Return what is proposed for the first frame of a new trial, damaged by half its price."""
    terms(damaged_percent=50)
    trial = delivered_trial(**kwargs)
    inspection = checked_in(item_of(trial), Finding.DAMAGED, note="Temple broken off")
    return ChargeProposal.objects.get(inspection=inspection)


def parcels(trial: Trial) -> dict[str, Shipment]:
    """Return the parcels of a trial by their way, labelled if they were not."""
    create_labels(trial_id=trial.pk, by=StaffFactory())
    return {each.leg: each for each in trial.shipments.all()}


def scanned(trial: Trial, leg: Leg, status: ShipmentState = ShipmentState.IN_TRANSIT) -> Shipment:
    """Have the carrier scan a parcel of a trial now."""
    shipment = parcels(trial)[leg]
    return record_tracking(
        tracking_number=shipment.tracking_number,
        carrier_event_id=f"{leg}-{status}",
        status=status,
        occurred_at=shipment.created_at,
    )


def broken_laws() -> list[str]:
    """Return the invariants that rows of this test break."""
    return [law.name for law in all_invariants() if breaches(law)]
