"""Which trials are picked together, and when that is over."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from trials.fulfilment.errors import BatchSizeError, NothingToPickError
from trials.fulfilment.models import PickBatch, PickBatchTransition, PickTote
from trials.fulfilment.queries.batches import count_open
from trials.fulfilment.states import BATCH_MOVES, BatchState
from trials.fulfilment.urgency import Due, waiting_for_picking
from trials.home_trials.models import Trial, TrialItem

MOST_BOXES = 60
ENDED_ELSEWHERE = gettext_noop("At the table the last unit was packed, or the last box called off.")


def make_batch(*, count: int, by: User, due: str = "") -> PickBatch:
    """Put the next approved trials into a batch, the most urgent first, each into its own tote.

    Trials that somebody else is just putting into a batch are passed over.

    Args:
        count: how many at most, 1 to 60: what a trolley holds.
        by: who picks.
        due: one of ``Due``, for boxes of that urgency alone; all for anything else.

    Returns:
        The batch; with fewer totes where fewer trials wait.

    Raises:
        BatchSizeError: the count is out of range.
        NothingToPickError: no approved trial waits.
    """
    if not 1 <= count <= MOST_BOXES:
        raise BatchSizeError(
            _("A batch holds 1 to %(most)s boxes.") % {"most": MOST_BOXES}, most=MOST_BOXES
        )
    with transaction.atomic():
        trials = _next_trials(count, due)
        if not trials:
            if due in Due.values:
                raise NothingToPickError(
                    _("No box waits to be picked that is: %(due)s. Make a batch of all.")
                    % {"due": Due(due).label}
                )
            raise NothingToPickError(
                _("No approved trial waits to be picked. Approve requested trials first.")
            )
        batch = PickBatch.objects.create(created_by=by)
        PickBatchTransition.objects.create(
            subject=batch, from_state="", to_state=batch.state, actor=by, at=batch.created_at
        )
        PickTote.objects.bulk_create(
            PickTote(batch=batch, trial=trial, position=position)
            for position, trial in enumerate(trials, start=1)
        )
        # All of it may lie in boxes already, packed straight from the shelves.
        finish_if_done(batch, by)
        return batch


def cancel_batch(*, batch_id: int, by: User, reason: str = "") -> PickBatch:
    """Give a batch up; its trials may go into another. What lies in totes goes back.

    Raises:
        IllegalMoveError: it is picked or cancelled already.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        batch = lock_row(PickBatch, batch_id)
        move(
            batch,
            BatchState.CANCELLED,
            moves=BATCH_MOVES,
            history=PickBatchTransition,
            by=by,
            reason=reason,
            fields={"closed_at": timezone.now()},
        )
        batch.totes.update(released=True)
        # Put back by whoever gives it up, it is on its shelf for the next batch.
        trials = batch.totes.values("trial")
        TrialItem.objects.filter(trial__in=trials, picked_at__isnull=False).update(picked_at=None)
        return batch


def finish_batch_of(*, trial_id: uuid.UUID) -> None:
    """End a trial's batch where nothing of it is to be fetched any more, as the last pick does.

    What settles a line elsewhere, packing or calling off, holds the trial, below which no batch
    is locked: so this is a transaction of its own, after theirs. Of none that is being picked, it
    does nothing.

    Args:
        trial_id: of which a unit was packed unpicked, or which was called off.
    """
    with transaction.atomic():
        open_ones = PickBatch.objects.filter(state=BatchState.PICKING, totes__trial=trial_id)
        batch_id = open_ones.values_list("pk", flat=True).first()
        if batch_id is not None:
            finish_if_done(lock_row(PickBatch, batch_id), None, reason=ENDED_ELSEWHERE)


def finish_if_done(batch: PickBatch, by: User | None, *, reason: str = "") -> int:
    """End a batch that is being picked once nothing of it is to be fetched.

    Args:
        batch: locked by the caller.
        by: whose act may have been the last; nobody where it was not one at the shelves.
        reason: why, where it was not.

    Returns:
        How many units are still to be fetched.
    """
    left = count_open(batch)
    if left == 0 and batch.state == BatchState.PICKING:
        move(
            batch,
            BatchState.PICKED,
            moves=BATCH_MOVES,
            history=PickBatchTransition,
            by=by,
            reason=reason,
            fields={"closed_at": timezone.now()},
        )
    return left


def _next_trials(count: int, due: str) -> list[Trial]:
    found: list[Trial] = []
    now = timezone.now()
    while len(found) < count:
        waiting = waiting_for_picking(due, now=now).exclude(pk__in=[trial.pk for trial in found])
        rows = list(waiting.select_for_update(skip_locked=True, of=("self",))[: count - len(found)])
        if not rows:
            break
        # The lock was waited for by nobody, but another batch may have been committed between the
        # statement's snapshot and the lock: a new statement sees its totes.
        taken = PickTote.objects.filter(trial__in=rows, released=False)
        elsewhere = set(taken.values_list("trial_id", flat=True))
        found += [trial for trial in rows if trial.pk not in elsewhere]
    return found
