"""Rows of trials as the database takes them, without the journey that leads to them."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory, VariantFactory
from tests.factories.trials import ProgrammeVersionFactory
from trials.claims.models import Claim
from trials.fulfilment.models import PickBatch, PickTote
from trials.home_trials.models import Trial, TrialItem
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding, Inspection
from trials.shipping.models import Leg, Shipment
from trials.units.models import CountedUnit, TrialUnit, UnitCount, WaitlistEntry
from trials.units.states import UnitState

_numbers = count(1)


def trial(**fields: Any) -> Trial:
    """Return a requested trial of no frames."""
    user = UserFactory()
    return Trial.objects.create(
        number=f"T{next(_numbers)}",
        user=user,
        programme_version=ProgrammeVersionFactory(),
        address=AddressFactory(user=user),
        card=SavedCardFactory(user=user),
        **fields,
    )


def unit(**fields: Any) -> TrialUnit:
    """Return a unit on the shelf, of a variant of its own."""
    return TrialUnit.objects.create(
        barcode=f"B{next(_numbers)}", variant=VariantFactory(), location="A1", **fields
    )


def item(**fields: Any) -> TrialItem:
    """Return the frame of a trial of its own."""
    one = unit()
    return TrialItem.objects.create(
        **{"trial": trial(), "variant": one.variant, "unit": one, "price": 145, **fields}
    )


def wait() -> WaitlistEntry:
    """Return somebody's place in the line for a variant."""
    return WaitlistEntry.objects.create(variant=VariantFactory(), user=UserFactory())


def count_of_shelf() -> UnitCount:
    """Return the open count of a shelf."""
    return UnitCount.objects.create(location="A1")


def count_of_variant() -> UnitCount:
    """Return the open count of a variant."""
    return UnitCount.objects.create(variant=VariantFactory())


def missing_unit() -> CountedUnit:
    """Return a unit that a count did not find, nothing decided."""
    return CountedUnit.objects.create(
        count=count_of_shelf(),
        unit=unit(),
        expected=True,
        believed_state=UnitState.AVAILABLE,
        finding=CountedUnit.Finding.MISSING,
    )


def parcel(leg: str = Leg.OUTBOUND, **fields: Any) -> Shipment:
    """Return a labelled parcel of a trial of its own."""
    return Shipment.objects.create(
        trial=trial(), leg=leg, carrier="hand", tracking_number=f"P{next(_numbers)}", **fields
    )


def way_back() -> Shipment:
    """Return a labelled parcel for the way back."""
    return parcel(Leg.RETURN)


def claim() -> Claim:
    """Return an open claim for a parcel."""
    return Claim.objects.create(
        shipment=way_back(),
        carrier="hand",
        amount=145,
        due_on=date.today() + timedelta(days=30),  # noqa: DTZ011
    )


def tote() -> PickTote:
    """Return the first tote of a batch."""
    return PickTote.objects.create(batch=PickBatch.objects.create(), trial=trial(), position=1)


def charge() -> TrialCharge:
    """Return what is owed for a frame that did not come back."""
    one = item()
    return TrialCharge.objects.create(
        trial=one.trial, item=one, purpose=TrialCharge.Purpose.UNRETURNED, amount=145
    )


def late_charge() -> TrialCharge:
    """Return what is owed for a box sent back late."""
    return TrialCharge.objects.create(trial=trial(), purpose=TrialCharge.Purpose.LATE, amount=10)


def proposal() -> ChargeProposal:
    """Return what is proposed for a damaged frame."""
    one = item()
    inspection = Inspection.objects.create(
        item=one, unit=one.unit, finding=Finding.DAMAGED, grade="D"
    )
    return ChargeProposal.objects.create(inspection=inspection, by_terms=70, amount=70)


def days(number: float) -> Any:
    """Return what gives the time that many days from now."""
    return lambda: timezone.now() + timedelta(days=number)
