"""Carriers: they bring boxes, and tell of it late, twice, in the wrong order or not at all."""

import uuid
from datetime import datetime, timedelta

from sharing.simulation.diary import Act
from sharing.simulation.world import World
from trials.home_trials.models import Trial
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.services.tracking import record_tracking

# After so many days without her box a customer asks where it is.
SHE_WAITS_DAYS = (8, 14)


def bring(world: World, trial_id: uuid.UUID, *, arrived: Act, missed: Act) -> None:
    """Carry a box to its customer.

    Args:
        world: the stage.
        trial_id: whose.
        arrived: what she does then.
        missed: what she does when it is lost, after she has waited.
    """
    parcel = Shipment.objects.get(trial=trial_id, leg=Leg.OUTBOUND)
    days = world.chance.uniform(1, 3.5)
    if world.happens(world.plan.lost_on_its_way):
        world.counts["parcels lost on their way out"] += 1
        _say(parcel, ShipmentState.IN_TRANSIT, world.diary.now)
        wait = timedelta(days=world.chance.uniform(*SHE_WAITS_DAYS))
        world.diary.after(wait, missed, world, trial_id)
        return
    _tell(world, parcel, ShipmentState.IN_TRANSIT, timedelta(hours=6))
    if world.happens(world.plan.sent_back_to_shop):
        _send_back(world, parcel, days)
        return
    if world.happens(world.plan.returned_to_sender):
        world.counts["parcels that could not be delivered"] += 1
        _tell(world, parcel, ShipmentState.FAILED, timedelta(days=days))
    _tell(world, parcel, ShipmentState.DELIVERED, timedelta(days=days))
    world.diary.after(timedelta(days=days), arrived, world, trial_id)


def _send_back(world: World, parcel: Shipment, days: float) -> None:
    """Carry a box that could not be delivered back to the shop, with all that is in it."""
    world.counts["parcels sent back to the shop"] += 1
    _tell(world, parcel, ShipmentState.FAILED, timedelta(days=days))
    _tell(world, parcel, ShipmentState.SENT_BACK, timedelta(days=days + 2))
    held = parcel.trial.items.filter(holds_unit=True).order_by("pk")
    barcodes = list(held.values_list("unit__barcode", flat=True))
    world.diary.after(timedelta(days=days + 4), _hand_in, world, parcel.trial.number, barcodes)


def _hand_in(world: World, number: str, barcodes: list[str]) -> None:
    world.parcels.append((number, barcodes))


def bring_back(world: World, trial: Trial, barcodes: list[str], *, late_scan: bool) -> None:
    """Carry a box back to the shop.

    Args:
        world: the stage.
        trial: whose.
        barcodes: of the units that are in it.
        late_scan: it lies for some days where she left it before the carrier scans it.
    """
    parcel = Shipment.objects.filter(trial=trial, leg=Leg.RETURN).order_by("nth")[0]
    scanned = timedelta(days=world.chance.uniform(1, 3)) if late_scan else timedelta(hours=3)
    days = scanned / timedelta(days=1) + world.chance.uniform(1, 4)
    if world.happens(world.plan.lost_on_its_way):
        world.counts["parcels lost on their way back"] += 1
        _say(parcel, ShipmentState.IN_TRANSIT, world.diary.now)
        return
    _tell(world, parcel, ShipmentState.IN_TRANSIT, scanned)
    _tell(world, parcel, ShipmentState.DELIVERED, timedelta(days=days))
    world.diary.after(timedelta(days=days), _hand_in, world, trial.number, barcodes)


def _tell(world: World, parcel: Shipment, status: ShipmentState, wait: timedelta) -> None:
    """Plan a word of the carrier, with what goes wrong with words."""
    happened = world.diary.now + wait
    if world.happens(world.plan.word_missing):
        world.counts["words never told"] += 1
        return
    if world.happens(world.plan.word_late):
        world.counts["words told late"] += 1
        wait += timedelta(days=world.chance.uniform(1, 4))
    world.diary.after(wait, _say, parcel, status, happened)
    if world.happens(world.plan.word_repeated):
        world.counts["words told twice"] += 1
        world.diary.after(wait, _say, parcel, status, happened)


def _say(parcel: Shipment, status: ShipmentState, happened: datetime) -> None:
    record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id=f"{parcel.pk}:{status}",
        status=status,
        occurred_at=happened,
    )
