"""A day's work at the shop: approve, pick, pack, hand over, check in, look after debts."""

import uuid
from datetime import timedelta
from functools import partial

from sharing.simulation import carriers, customers
from sharing.simulation.world import World
from trials.fulfilment.errors import ManifestClosedError
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries.batches import pick_lines
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import add_parcel, close_manifest, open_manifest
from trials.fulfilment.services.picking import pick_unit, report_not_found
from trials.fulfilment.urgency import waiting_for_picking
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import approve_trial, cancel_trial, decline_trial
from trials.home_trials.states import TrialState
from trials.reports.missed_boxes import tell_never_came
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.damages import accept_proposal, waive_proposal
from trials.returns.services.letting_go import waive_charge, write_off_charge
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_empty_box
from trials.returns.states import ProposalState
from trials.shipping.carriers import BUILT_IN
from trials.shipping.models import Leg, Shipment
from trials.shipping.queries import parcels_to_look_after
from trials.shipping.services.labels import create_labels
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import put_away, put_back_on_shelf
from trials.units.states import UnitState

BOXES_A_BATCH = 20
# After so long nobody expects a debt to be paid any more.
GIVEN_UP_AFTER = timedelta(days=60)
# Beyond the days after which the shop itself asks somebody to look.
SILENT_FOR = timedelta(days=7)
REPAIRED_AFTER = timedelta(days=5)
WORK_BEGINS = timedelta(hours=7)


def work_a_day(world: World) -> None:
    """Work through everything that waits, and come back tomorrow."""
    world.diary.meet()
    _decide(world)
    _pick_and_pack(world)
    _check_in(world)
    _put_back(world)
    _repair(world)
    _look_after_parcels(world)
    _decide_damage(world)
    _look_after_debts(world)
    world.diary.meet()
    days = (world.diary.now - world.begin).days + 1
    world.diary.at(world.begin + timedelta(days=days) + WORK_BEGINS, work_a_day, world)


def _decide(world: World) -> None:
    waiting = Trial.objects.filter(state=TrialState.REQUESTED).order_by("requested_at", "pk")
    for trial_id in filter(world.is_mine, list(waiting.values_list("pk", flat=True))):
        if world.happens(world.plan.declines):
            declined = world.attempt(
                partial(decline_trial, trial_id=trial_id, by=world.ops, reason="Not this time")
            )
            world.counts["trials declined"] += declined is not None
        else:
            world.attempt(partial(approve_trial, trial_id=trial_id, by=world.ops))


def _pick_and_pack(world: World) -> None:
    while waiting_for_picking().exists():
        batch = world.attempt(partial(make_batch, count=BOXES_A_BATCH, by=world.ops))
        if batch is None:
            # The last ones went to a colleague just now.
            return
        _pick(world, batch)
        for tote in batch.totes.select_related("trial").order_by("position"):
            if _pack(world, tote.trial) and not _called_off(world, tote.trial):
                parcel, _back = create_labels(trial_id=tote.trial_id, by=world.ops)
                _give_to_carrier(world, parcel)
                carriers.bring(
                    world, tote.trial_id, arrived=customers.try_on, missed=answer_for_missing_box
                )
                world.counts["boxes sent"] += 1
        manifest = open_manifest(carrier=BUILT_IN, by=world.ops)
        world.attempt(partial(close_manifest, manifest_id=manifest.pk, by=world.ops))


def _give_to_carrier(world: World, parcel: Shipment) -> None:
    """Put a parcel on the manifest of the day, or on the next, if a colleague just closed it."""
    while True:
        manifest = open_manifest(carrier=BUILT_IN, by=world.ops)
        try:
            add_parcel(manifest_id=manifest.pk, scanned=parcel.tracking_number, by=world.ops)
        except ManifestClosedError:
            continue
        return


def _pick(world: World, batch: PickBatch) -> None:
    for line in pick_lines(batch):
        barcode = line.barcode
        if world.happens(world.plan.not_on_shelf):
            report_not_found(batch_id=batch.pk, barcode=barcode, by=world.ops)
            world.counts["units not on their shelf"] += 1
    for line in pick_lines(batch):
        if line.open:
            pick_unit(batch_id=batch.pk, barcode=line.barcode, by=world.ops)


def _pack(world: World, trial: Trial) -> bool:
    barcodes = list(trial.items.filter(holds_unit=True).values_list("unit__barcode", flat=True))
    for barcode in barcodes:
        if world.happens(world.plan.scans_wrong):
            wrong = _any_unit(world)
            world.attempt(partial(pack_unit, trial_id=trial.pk, barcode=wrong, by=world.ops))
        world.attempt(partial(pack_unit, trial_id=trial.pk, barcode=barcode, by=world.ops))
    return world.attempt(lambda: finish_packing(trial_id=trial.pk, by=world.ops)) is not None


def _called_off(world: World, trial: Trial) -> bool:
    """Call a packed box off now and then, as staff do whose customer has written to them."""
    if not world.happens(world.plan.called_off_packed):
        return False
    cancel = partial(cancel_trial, trial_id=trial.pk, by=world.ops, reason="She asked us to")
    done = world.attempt(cancel) is not None
    world.counts["packed boxes called off"] += done
    return done


def _put_back(world: World) -> None:
    """Put on the shelf what was taken from it for boxes that were called off."""
    waiting = TrialUnit.objects.filter(state=UnitState.INSPECTION).order_by("pk")
    for unit_id, barcode in list(waiting.values_list("pk", "barcode")):
        if not world.is_mine(unit_id):
            continue
        done = world.attempt(partial(put_away, barcode=barcode, by=world.ops))
        world.counts["units put back"] += done is not None


def _check_in(world: World) -> None:
    arrived, world.parcels[:] = list(world.parcels), []
    for number, barcodes in arrived:
        trial = Trial.objects.get(number=number)
        for barcode in barcodes:
            if world.happens(world.plan.scans_wrong):
                _take_in(world, trial, _any_unit(world))
            _take_in(world, trial, barcode)
        if barcodes:
            world.attempt(partial(finish_check_in, trial_id=trial.pk, by=world.ops))
        else:
            back = trial.shipments.filter(leg=Leg.RETURN).order_by("nth")
            label = back.values_list("tracking_number", flat=True)[0]
            world.attempt(partial(note_empty_box, trial_id=trial.pk, by=world.ops, label=label))
        world.counts["boxes back"] += 1


def _take_in(world: World, trial: Trial, barcode: str) -> None:
    finding, grade = Finding.GOOD, world.chance.choice([Grade.A, Grade.B])
    if world.happens(world.plan.damaged):
        finding, grade = Finding.DAMAGED, Grade.D
    elif world.happens(world.plan.to_repair):
        finding, grade = Finding.REPAIR, Grade.D
    made = world.attempt(
        lambda: check_in_unit(
            trial_id=trial.pk, barcode=barcode, finding=finding, grade=grade, by=world.manager
        )
    )
    world.counts[f"units back: {finding.value}"] += made is not None


def _repair(world: World) -> None:
    """Put on the shelf what came out of the workshop."""
    long_ago = world.diary.now - REPAIRED_AFTER
    broken = TrialUnit.objects.filter(state=UnitState.REPAIR).exclude(movements__at__gt=long_ago)
    for unit_id in filter(world.is_mine, list(broken.order_by("pk").values_list("pk", flat=True))):
        world.attempt(partial(put_back_on_shelf, unit_id=unit_id, grade=Grade.B, by=world.ops))


def _look_after_parcels(world: World) -> None:
    """Give up what the carrier has been silent about, or could not deliver, for too long."""
    for parcel in list(parcels_to_look_after(world.diary.now - SILENT_FOR)):
        if not world.is_mine(parcel.pk):
            continue
        lost = partial(lose_parcel, tracking_number=parcel.tracking_number, by=world.manager)
        world.counts["parcels given up"] += world.attempt(lost) is not None


def _decide_damage(world: World) -> None:
    proposed = ChargeProposal.objects.filter(state=ProposalState.PROPOSED)
    for proposal_id in filter(world.is_mine, list(proposed.values_list("pk", flat=True))):
        if world.happens(world.plan.damage_thought_over):
            continue
        if world.happens(world.plan.damage_waived):
            decide = partial(waive_proposal, reason="A light scratch")
        else:
            decide = partial(accept_proposal)
        world.attempt(partial(decide, proposal_id=proposal_id, by=world.manager))


def _look_after_debts(world: World) -> None:
    old = TrialCharge.objects.filter(
        state=TrialCharge.State.OWED, created_at__lt=world.diary.now - GIVEN_UP_AFTER
    )
    owed = old.order_by("created_at").values_list("pk", flat=True)
    for charge_id in filter(world.is_mine, list(owed)):
        let_go = waive_charge if world.happens(0.2) else write_off_charge
        done = world.attempt(
            partial(let_go, charge_id=charge_id, by=world.manager, reason="Not paid in two months")
        )
        world.counts["debts given up"] += done is not None


def answer_for_missing_box(world: World, trial_id: uuid.UUID) -> None:
    """A customer says that her box never came: it is given up, whatever the shop took it for."""
    trial = Trial.objects.get(pk=trial_id)
    if trial.state not in (TrialState.SHIPPED, TrialState.DELIVERED):
        return
    world.counts["customers who missed their box"] += 1
    parcel = Shipment.objects.get(trial=trial, leg=Leg.OUTBOUND)
    world.attempt(partial(tell_never_came, user=trial.user, number=trial.number))
    lost = partial(lose_parcel, tracking_number=parcel.tracking_number, by=world.manager)
    world.counts["parcels given up"] += world.attempt(lost) is not None


def _any_unit(world: World) -> str:
    return world.chance.choice(world.barcodes)
