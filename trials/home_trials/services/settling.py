"""What became of each frame of a trial."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.services import staff
from shop.customers.models import User
from shop.foundation.history import IllegalMoveError
from shop.foundation.locks import lock_row
from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.updates import update_row
from trials.home_trials.errors import AlreadySettledError, NotSettledError
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.facts import record_item
from trials.home_trials.states import ItemOutcome, TrialState
from trials.units.models import TrialUnit
from trials.units.services.moving import move_unit
from trials.units.states import UnitState

EVENTS = {
    ItemOutcome.RETURNED: EventName.ITEM_RETURNED,
    ItemOutcome.KEPT: EventName.ITEM_KEPT,
    ItemOutcome.LOST: EventName.ITEM_LOST,
    ItemOutcome.DAMAGED: EventName.ITEM_DAMAGED,
}
# Where a unit that was away goes. What came back is inspected; what is kept is no unit any more.
UNIT_GOES = {
    ItemOutcome.RETURNED: UnitState.INSPECTION,
    ItemOutcome.DAMAGED: UnitState.INSPECTION,
    ItemOutcome.KEPT: UnitState.RETIRED,
    ItemOutcome.LOST: UnitState.LOST,
}
# What was given up for lost, or charged and kept, may still come back.
CAME_BACK = frozenset({ItemOutcome.RETURNED, ItemOutcome.DAMAGED})
CHANGES = {ItemOutcome.LOST: CAME_BACK, ItemOutcome.KEPT: CAME_BACK}
AWAY = frozenset({UnitState.OUT, UnitState.IN_TRANSIT_BACK})
HAS_LEFT = frozenset(
    {
        TrialState.SHIPPED,
        TrialState.DELIVERED,
        TrialState.RETURNING,
        TrialState.RECEIVED,
        TrialState.CLOSED,
    }
)

VALUE_AWAY = """
UPDATE trials_trial
SET away_value = COALESCE(
    (SELECT sum(price) FROM trials_trialitem WHERE trial_id = %(trial)s AND settled_at IS NULL), 0
)
WHERE id = %(trial)s
"""


def settle_item(
    *,
    item_id: uuid.UUID,
    outcome: ItemOutcome,
    by: User | None = None,
    reason: str = "",
    sold: bool = False,
) -> TrialItem:
    """Say what became of one frame; the trial lets go of its unit.

    A unit that is still away is moved: to inspection if it came back, else to lost or retired. One
    the caller has moved on already stays where it is. The same outcome said again changes nothing.

    Args:
        item_id: which frame of which trial.
        outcome: returned, kept, lost or damaged.
        by: who decided; nobody where the shop did.
        reason: why.
        sold: whether a frame that is kept was sold, so that its cost is one of goods.

    Raises:
        AlreadySettledError: it was settled otherwise, and did not come back after all.
        IllegalMoveError: the trial never left the shop, or ``outcome`` is ``at_home``.
    """
    with transaction.atomic():
        trial = lock_row(
            Trial, TrialItem.objects.values_list("trial_id", flat=True).get(pk=item_id)
        )
        item = TrialItem.objects.select_related("variant__frame").get(pk=item_id)
        item.trial = trial
        settle(item, outcome, by=by, reason=reason, sold=sold)
        return item


def settle(
    item: TrialItem,
    outcome: ItemOutcome,
    *,
    by: User | None = None,
    reason: str = "",
    sold: bool = False,
) -> TrialUnit:
    """Do what ``settle_item`` does, where the caller has locked the trial and read the item since.

    Args:
        item: with its trial, as locked in this transaction, and its variant.
        outcome: what became of it.
        by: who decided.
        reason: why.
        sold: whether a frame that is kept was sold.

    Returns:
        Its unit, locked.

    Raises:
        LorgnetteError: whatever ``settle_item`` refuses.
    """
    if item.outcome == outcome and item.settled_at is not None:
        return lock_row(TrialUnit, item.unit_id, related=("variant__frame",))
    trial = item.trial
    _check(trial, item, outcome)
    was_kept, now = item.outcome == ItemOutcome.KEPT, timezone.now()
    item.outcome, item.settled_at, item.holds_unit = outcome, now, False
    update_row(item, ["outcome", "settled_at", "holds_unit"])
    note_value_away(trial.pk)
    unit = lock_row(TrialUnit, item.unit_id, related=("variant__frame",))
    gone = UnitState.RETIRED if was_kept else UnitState.LOST
    found_again = unit.state == gone and outcome in CAME_BACK
    if unit.state in AWAY or found_again:
        move_unit(
            unit=unit,
            to_state=UNIT_GOES[outcome],
            by=by,
            reason=reason,
            trial=trial,
            sold=sold,
        )
    record_item(EVENTS[outcome], item, person=staff(by), at=now)
    return unit


def correct_outcome(item: TrialItem, outcome: ItemOutcome, *, by: User) -> None:
    """Say that a frame that came back is damaged after all, or is not; when it came stays.

    Args:
        item: with its variant, read since the caller locked its trial in this transaction.
        outcome: returned or damaged; what it is already changes nothing.
        by: who looked again.

    Raises:
        AlreadySettledError: it did not come back.
    """
    if not {ItemOutcome(item.outcome), outcome} <= CAME_BACK:
        raise _settled_already(item)
    if item.outcome == outcome:
        return
    item.outcome = outcome
    update_row(item, ["outcome"])
    record_item(EVENTS[outcome], item, person=staff(by), at=timezone.now())


def note_value_away(trial_id: uuid.UUID) -> None:
    """Set what the frames of a trial that are away cost together; the trial is locked."""
    with prepared_cursor() as cursor:
        cursor.execute(VALUE_AWAY, {"trial": trial_id})


def check_all_settled(trial: Trial) -> None:
    """Make sure that what became of each item is known.

    Raises:
        NotSettledError: it is not; it names the frames.
    """
    unsettled = trial.items.select_related("variant__frame").filter(settled_at=None)
    if names := [str(item.variant) for item in unsettled]:
        raise NotSettledError(
            _("Not settled yet: %(frames)s. Check them in or charge them first.")
            % {"frames": "; ".join(names)}
        )


def _check(trial: Trial, item: TrialItem, outcome: ItemOutcome) -> None:
    if trial.state not in HAS_LEFT or outcome not in EVENTS:
        raise IllegalMoveError(
            _("Trial %(number)s is “%(state)s”; its frames cannot be settled now.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
    settled = item.settled_at is not None
    if settled and outcome not in CHANGES.get(ItemOutcome(item.outcome), frozenset()):
        raise _settled_already(item)


def _settled_already(item: TrialItem) -> AlreadySettledError:
    return AlreadySettledError(
        _("%(frame)s is settled as “%(outcome)s” already.")
        % {"frame": item.variant, "outcome": item.get_outcome_display()},
        outcome=item.outcome,
    )
