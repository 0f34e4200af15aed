"""Another unit for a box in place of one that turned out not to be shown."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from trials.home_trials.errors import NothingToReplaceError, UnitNotFitError
from trials.home_trials.models import Trial, TrialItem, TrialTransition
from trials.home_trials.states import MOVES, NOT_LEFT, TrialState
from trials.units.errors import NothingFreeError
from trials.units.models import Grade, TrialUnit
from trials.units.services.moving import move_unit
from trials.units.services.reserving import reserve_units
from trials.units.states import UnitState

NOT_TO_BE_SHOWN = gettext_noop("Graded D while it was kept for a box.")
NOT_ON_ITS_SHELF = gettext_noop("Not on its shelf when it was to be picked.")
OPENED = gettext_noop("Opened again: a unit in it was graded D, and another takes its place.")


def check_to_be_shown(unit: TrialUnit) -> None:
    """Make sure that a unit may go out to a customer.

    Args:
        unit: with its variant and frame.

    Raises:
        UnitNotFitError: it is graded D; the message says where another takes its place.
    """
    if unit.grade == Grade.D:
        raise UnitNotFitError(
            _(
                "%(barcode)s, %(frame)s, is graded D and not to be shown. Put it aside, open its"
                " page under “Units” and press “Take another unit”."
            )
            % {"barcode": unit.barcode, "frame": unit.variant}
        )


def check_box_to_be_shown(trial: Trial) -> None:
    """Make sure that all of a closed box may go out to a customer.

    Args:
        trial: locked by the caller.

    Raises:
        UnitNotFitError: a unit in it was graded D since; the message says what to do.
    """
    worn = _WORN.first(trials=[trial.pk])
    if worn is not None:
        raise UnitNotFitError(
            _(
                "%(barcode)s, %(frame)s, in the box of %(number)s was graded D after it was closed."
                " Put the box aside. On the unit’s page under “Units”, press “Open the box and take"
                " another unit” or grade it anew; or call the box off."
            )
            % {
                "barcode": worn.unit.barcode,
                "frame": worn.unit.variant,
                "number": trial.number,
            }
        )


def worn_items_of(trial_ids: Iterable[uuid.UUID]) -> QuerySet[TrialItem]:
    """Return what in the boxes of some trials is graded D, in one query."""
    return _worn().filter(trial__in=list(trial_ids))


def _worn() -> QuerySet[TrialItem]:
    return TrialItem.objects.filter(holds_unit=True, unit__grade=Grade.D).order_by("trial", "pk")


_WORN = PreparedQuery(
    lambda: (
        _worn()
        .filter(AnyOf(F("trial_id"), Slot("trials")))
        .select_related("unit__variant__frame")[:1]
    )
)


def goes_when_let_go(unit: TrialUnit, *, missing: bool = False) -> tuple[UnitState, str]:
    """Return where a reserved unit goes that was not taken from its shelf, and why.

    It stays there, is lost where nobody found it there, or goes to repair: who graded it D has had
    it in hand, so it is not lost.

    Args:
        unit: locked by the caller.
        missing: whether somebody looked for it in vain.

    Returns:
        The state, and the shop's own reason for it; none where it is free again.
    """
    if unit.grade == Grade.D:
        return UnitState.REPAIR, NOT_TO_BE_SHOWN
    return (UnitState.LOST, NOT_ON_ITS_SHELF) if missing else (UnitState.AVAILABLE, "")


def item_that_holds(unit: TrialUnit) -> TrialItem | None:
    """Return what of a trial a unit is kept for, with the trial."""
    held = TrialItem.objects.filter(unit=unit, holds_unit=True)
    return held.select_related("trial").first()


def is_replaceable(item: TrialItem) -> bool:
    """Tell whether another unit can go out in place of an item's: its box has not left.

    Args:
        item: with its trial.
    """
    return item.trial.state in NOT_LEFT


def replace_unit(*, unit_id: int, by: User) -> TrialItem:
    """Reserve another unit of the same variant for a box whose unit was graded D meanwhile.

    That one goes to repair, out of the box where it was packed; the other is to be fetched. A
    closed box is opened for it: what else was packed stays in it, and its labels stay good.

    Args:
        unit_id: the one graded D.
        by: who of staff says so.

    Returns:
        The item, with the unit that takes its place.

    Raises:
        NothingToReplaceError: it is not graded D, or in no box that is still here.
        NothingFreeError: no other is free; all stays as it is.
    """
    with transaction.atomic():
        held = TrialItem.objects.filter(unit=unit_id, holds_unit=True).select_related("trial")
        trial_id = held.values_list("trial_id", flat=True).first()
        trial = lock_row(Trial, trial_id, related=("user",)) if trial_id else None
        unit = lock_row(TrialUnit, unit_id, related=("variant__frame",))
        # Read again under the lock: the frame may have been swapped meanwhile.
        item = held.filter(trial=trial).first() if trial else None
        if trial is None or item is None or not is_replaceable(item) or unit.grade != Grade.D:
            raise NothingToReplaceError(
                _("%(barcode)s is not graded D in a box that is still here: it stays.")
                % {"barcode": unit.barcode}
            )
        other = _another(unit, trial, by)
        if trial.state == TrialState.PACKED:
            move(
                trial,
                TrialState.APPROVED,
                moves=MOVES,
                history=TrialTransition,
                by=by,
                reason=OPENED,
            )
        if unit.state == UnitState.PACKED:
            _move(unit, UnitState.INSPECTION, trial, by)
        _move(unit, UnitState.REPAIR, trial, by)
        item.unit_id, item.picked_at, item.packed_at = other, None, None
        # Where its batch was short of it, it is no more.
        item.not_found_at = None
        item.save(update_fields=["unit", "picked_at", "packed_at", "not_found_at"])
        return TrialItem.objects.select_related("unit", "variant__frame", "trial").get(pk=item.pk)


def _another(unit: TrialUnit, trial: Trial, by: User) -> int:
    try:
        units = reserve_units(
            variant_ids=[unit.variant_id], trial_id=trial.pk, by=by, customer=trial.user
        )
    except NothingFreeError as error:
        raise NothingFreeError(
            _("No other trial pair of %(frame)s is free. Wait for one, or call the box off.")
            % {"frame": unit.variant},
            variants=[unit.variant_id],
        ) from error
    return units[unit.variant_id]


def _move(unit: TrialUnit, to_state: UnitState, trial: Trial, by: User) -> None:
    move_unit(unit=unit, to_state=to_state, by=by, reason=NOT_TO_BE_SHOWN, trial=trial)
