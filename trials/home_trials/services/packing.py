"""Packing a box at the table: each unit is scanned, and anything unexpected is said aloud."""

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.outbox import news, publish
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.foundation.postgres.updates import update_row
from trials.home_trials.errors import (
    AlreadyPackedError,
    NotAllPackedError,
    NotPackableError,
    UnknownBarcodeError,
    WrongUnitError,
)
from trials.home_trials.lost_units import taken_for_lost
from trials.home_trials.models import Trial, TrialItem, TrialTransition
from trials.home_trials.queries import item_of_unit
from trials.home_trials.services.replacing import check_to_be_shown
from trials.home_trials.states import MOVES, TrialState
from trials.units.barcodes import normalised
from trials.units.models import Grade, TrialUnit
from trials.units.queries import unit_by_barcode
from trials.units.services.moving import move_unit
from trials.units.states import UnitState

# A unit came to the table without being picked: its pick batch fetches it no more.
PACKED_UNPICKED = "trials.packed_unpicked"
news(PACKED_UNPICKED)


def pack_unit(*, trial_id: uuid.UUID, barcode: str, by: User) -> TrialItem:
    """Put the unit that was scanned into a trial's box.

    Args:
        trial_id: the approved trial on the table.
        barcode: as the scanner read it.
        by: who packs.

    Returns:
        The item it is, with its variant and unit.

    Raises:
        NotPackableError: the trial is not approved, or packed already.
        UnknownBarcodeError: no unit has this barcode.
        WrongUnitError: the unit is not one of this box.
        UnitLostError: it was taken for lost.
        AlreadyPackedError: it was scanned into this box before.
        UnitNotFitError: it was graded D after it was reserved.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        if trial.state != TrialState.APPROVED:
            raise NotPackableError(
                _("Trial %(number)s is “%(state)s”. Only approved trials are packed.")
                % {"number": trial.number, "state": trial.get_state_display()},
                state=trial.state,
            )
        unit = unit_by_barcode(normalised(barcode))
        if unit is None:
            raise UnknownBarcodeError(
                _("No unit has the barcode %(barcode)s. Scan it again.")
                % {"barcode": normalised(barcode)[:40]}
            )
        item = item_of_unit(trial=trial, unit=unit)
        if item is None or not item.holds_unit:
            items = trial.items.select_related("variant__frame", "unit").filter(holds_unit=True)
            raise _wrong_unit(unit, list(items))
        if item.packed_at is not None:
            raise AlreadyPackedError(
                _("%(barcode)s, %(frame)s, is in the box already. Scan the next one.")
                % {"barcode": unit.barcode, "frame": item.variant}
            )
        unit = lock_row(TrialUnit, unit.pk, related=("variant__frame",))
        check_to_be_shown(unit)
        move_unit(unit=unit, to_state=UnitState.PACKED, by=by, trial=trial)
        # Noted as missing, it has turned up.
        item.packed_at, item.not_found_at = timezone.now(), None
        update_row(item, ["packed_at", "not_found_at"])
        if item.picked_at is None:
            publish(PACKED_UNPICKED, {"trial": str(trial.pk)})
        return item


def finish_packing(*, trial_id: uuid.UUID, by: User) -> Trial:
    """Close the box: every unit of it has been scanned.

    Raises:
        NotAllPackedError: one has not; it names the frames.
        UnitNotFitError: one was graded D after it was scanned.
        IllegalMoveError: the trial is not approved.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        amiss = _AMISS.rows(trial=trial.pk)
        missing = [item for item in amiss if item.packed_at is None]
        if names := [f"{item.variant} ({item.unit.barcode})" for item in missing]:
            raise NotAllPackedError(
                _("Not in the box yet: %(frames)s. Scan them first.") % {"frames": "; ".join(names)}
            )
        for item in amiss:
            check_to_be_shown(item.unit)
        move(trial, TrialState.PACKED, moves=MOVES, history=TrialTransition, by=by)
        return trial


# What has not been scanned, and what is not to be shown after all.
_AMISS = PreparedQuery(
    lambda: TrialItem.objects.select_related("variant__frame", "unit__variant__frame").filter(
        Q(packed_at=None) | Q(unit__grade=Grade.D), trial_id=Slot("trial")
    )
)


def _wrong_unit(unit: TrialUnit, items: list[TrialItem]) -> WrongUnitError:
    if unit.state == UnitState.LOST:
        return taken_for_lost(unit)
    words = {"barcode": unit.barcode, "frame": unit.variant}
    instead = next((item for item in items if item.variant_id == unit.variant_id), None)
    if instead is not None:
        return WrongUnitError(
            _("%(barcode)s is the right frame, but another piece. This box takes %(wanted)s.")
            % {**words, "wanted": instead.unit.barcode},
            wanted=instead.unit.barcode,
        )
    other = (
        TrialItem.objects.filter(unit=unit, holds_unit=True)
        .values_list("trial__number", flat=True)
        .first()
    )
    if other is not None:
        return WrongUnitError(
            _("%(barcode)s, %(frame)s, belongs to trial %(other)s. Put it aside.")
            % {**words, "other": other},
            found_in=other,
        )
    return WrongUnitError(
        _("%(barcode)s, %(frame)s, is not part of this box. Put it back on its shelf.") % words
    )
