"""Picking along the shelves: each unit is scanned, and the answer is the tote it goes into."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.postgres.inserts import insert_rows
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.foundation.postgres.updates import update_row
from trials.fulfilment.errors import (
    AlreadyPickedError,
    BatchOverError,
    NotInBatchError,
    TrialGoneError,
)
from trials.fulfilment.models import (
    Pick,
    PickBatch,
    PickTote,
    UnitNotFound,
)
from trials.fulfilment.queries.batches import count_open, count_short, pick_lines
from trials.fulfilment.services.batching import finish_if_done
from trials.fulfilment.states import BatchState
from trials.home_trials.errors import UnknownBarcodeError
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.queries import item_of_unit
from trials.home_trials.services.replacing import check_to_be_shown, goes_when_let_go
from trials.home_trials.states import TrialState
from trials.units.barcodes import normalised
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit
from trials.units.queries import unit_by_barcode
from trials.units.services.moving import move_unit
from trials.units.services.reserving import reserve_units


@dataclass(frozen=True)
class Picked:
    """A unit that was scanned, and how far the batch is.

    Attributes:
        tote: into which it goes.
        item: the frame it is, with its unit.
        left: how many units are still to be fetched.
    """

    tote: PickTote
    item: TrialItem
    left: int


def pick_unit(*, batch_id: int, barcode: str, by: User) -> Picked:
    """Note that a unit was taken from its shelf into its tote.

    The batch is picked with the last of its units; of one that went on short of a unit, what takes
    its place is picked later.

    Args:
        batch_id: which batch.
        barcode: as the scanner read it.
        by: who picks.

    Raises:
        BatchOverError: the batch is picked or cancelled.
        UnknownBarcodeError: no unit has this barcode.
        NotInBatchError: the unit is for no tote of this batch.
        TrialGoneError: its trial was called off.
        AlreadyPickedError: it lies in its tote already.
        UnitNotFitError: it was graded D after it was reserved.
    """
    with transaction.atomic():
        batch = _open_batch(batch_id)
        tote, item = _found(batch, barcode)
        check_to_be_shown(item.unit)
        if item.picked_at:
            raise AlreadyPickedError(
                _("%(barcode)s is picked already. It lies in tote %(tote)s.")
                % {"barcode": item.unit.barcode, "tote": tote.position},
                tote=tote.position,
            )
        picks = _PICKED.rows(tote=tote.pk, unit=item.unit_id)
        if not picks:
            insert_rows([Pick(tote=tote, unit=item.unit, by=by)])
        for pick in picks:
            # It was picked for this box before, left it, and takes its place again.
            pick.at, pick.by = timezone.now(), by
            update_row(pick, ["at", "by"])
        item.picked_at, item.not_found_at = timezone.now(), None
        update_row(item, ["picked_at", "not_found_at"])
        for missed in _MISSED.rows(tote=tote.pk, unit=item.unit_id):
            missed.found_at = timezone.now()
            update_row(missed, ["found_at"])
        return Picked(tote, item, finish_if_done(batch, by))


def report_not_found(*, batch_id: int, barcode: str, by: User) -> UnitNotFound:
    """Say that a unit is not on its shelf: another of the same variant takes its place.

    The missing one is lost from then on, until somebody comes upon it; graded D, it was put aside
    and goes to repair. Where no other is free, the trial keeps it and is short of it: the batch
    goes on without, and the trial waits. Said once more, be the batch picked by then, it takes
    another that is free meanwhile.

    Args:
        batch_id: which batch.
        barcode: of the unit that is missing, as the pick list has it.
        by: who looked.

    Returns:
        What was noted; ``replaced_by`` is the unit to fetch instead, if there is one.

    Raises:
        BatchOverError: the batch is picked or cancelled.
        UnknownBarcodeError: no unit has this barcode.
        NotInBatchError: the unit is for no tote of this batch.
        TrialGoneError: its trial was called off.
        AlreadyPickedError: it was picked, so it was there.
    """
    with transaction.atomic():
        batch = _open_batch(batch_id)
        tote, item = _found(batch, barcode)
        missing = item.unit
        if item.packed_at or item.picked_at:
            raise AlreadyPickedError(
                _("%(barcode)s was picked. It lies in tote %(tote)s.")
                % {"barcode": missing.barcode, "tote": tote.position},
                tote=tote.position,
            )
        missing = lock_row(TrialUnit, missing.pk)
        other = _another(item, by)
        note = _noted(tote, item, other, by)
        if other is not None:
            goes, why = goes_when_let_go(missing, missing=True)
            move_unit(unit=missing, to_state=goes, by=by, reason=why, trial=tote.trial)
            note.unit = missing
            item.unit, item.not_found_at = other, None
            item.save(update_fields=["unit", "not_found_at"])
        else:
            item.not_found_at = note.at
            item.save(update_fields=["not_found_at"])
        finish_if_done(batch, by)
        return note


def _noted(tote: PickTote, item: TrialItem, other: TrialUnit | None, by: User) -> UnitNotFound:
    """Write down that an item's unit is missing, and which one takes its place."""
    note, first = UnitNotFound.objects.get_or_create(
        tote=tote, unit=item.unit, defaults={"item": item, "by": by, "replaced_by": other}
    )
    if not first:
        if note.found_at is not None:
            # It had turned up since, and is missed anew.
            note.at, note.by, note.found_at = timezone.now(), by, None
        note.replaced_by = other
        note.save(update_fields=["at", "by", "found_at", "replaced_by"])
    if other is not None:
        # One that this very tote missed before has turned up.
        UnitNotFound.objects.filter(tote=tote, unit=other).update(
            found_at=timezone.now(), replaced_by=None
        )
    return note


def _open_batch(batch_id: int) -> PickBatch:
    batch = lock_row(PickBatch, batch_id)
    # One that went on short of a unit takes it, or what came in its place.
    late = batch.state == BatchState.PICKED and (count_open(batch) or count_short(batch))
    if batch.state != BatchState.PICKING and not late:
        raise BatchOverError(
            _("Batch %(batch)s is “%(state)s”. Choose one that is being picked.")
            % {"batch": batch, "state": batch.get_state_display()},
            state=batch.state,
        )
    return batch


def _found(batch: PickBatch, barcode: str) -> tuple[PickTote, TrialItem]:
    """Return the tote and the item a unit is for, its trial locked."""
    code = normalised(barcode)
    unit = unit_by_barcode(code)
    if unit is None:
        raise UnknownBarcodeError(
            _("No unit has the barcode %(barcode)s. Scan it again.") % {"barcode": code[:40]}
        )
    # Who holds it now comes before a trial that was called off and had it before.
    tote = _TOTE.first(batch=batch.pk, unit=unit.pk)
    if tote is None:
        raise _not_here(batch, unit)
    tote.trial = lock_row(Trial, tote.trial_id)
    if tote.trial.state != TrialState.APPROVED:
        raise TrialGoneError(
            _("Trial %(number)s is “%(state)s”. Leave %(barcode)s on its shelf.")
            % {
                "number": tote.trial.number,
                "state": tote.trial.get_state_display(),
                "barcode": unit.barcode,
            },
            state=tote.trial.state,
        )
    # Read again under the lock: the frame may have been swapped meanwhile.
    item = item_of_unit(trial=tote.trial, unit=unit)
    if item is None or not item.holds_unit:
        raise _not_here(batch, unit)
    return tote, item


_PICKED = PreparedQuery(lambda: Pick.objects.filter(tote_id=Slot("tote"), unit_id=Slot("unit")))
_MISSED = PreparedQuery(
    lambda: UnitNotFound.objects.filter(tote_id=Slot("tote"), unit_id=Slot("unit"), found_at=None)
)
_TOTE = PreparedQuery(
    lambda: PickTote.objects.filter(
        batch_id=Slot("batch"), trial__items__unit_id=Slot("unit")
    ).order_by("-trial__items__holds_unit")[:1]
)


def _not_here(batch: PickBatch, unit: TrialUnit) -> NotInBatchError:
    words = {"barcode": unit.barcode, "frame": unit.variant}
    wanted = [
        line for line in pick_lines(batch) if line.open and line.variant_id == unit.variant_id
    ]
    if wanted:
        return NotInBatchError(
            _("%(barcode)s is the right frame, but another piece. This batch takes %(wanted)s.")
            % {**words, "wanted": wanted[0].barcode},
            wanted=wanted[0].barcode,
        )
    return NotInBatchError(
        _("%(barcode)s, %(frame)s, is not part of this batch. Leave it on its shelf.") % words
    )


def _another(item: TrialItem, by: User) -> TrialUnit | None:
    try:
        # A savepoint of its own: that none is free must not undo what is noted.
        with transaction.atomic():
            units = reserve_units(
                variant_ids=[item.variant_id],
                trial_id=item.trial_id,
                by=by,
                customer=item.trial.user,
            )
    except NothingFreeError:
        return None
    return TrialUnit.objects.get(pk=units[item.variant_id])
