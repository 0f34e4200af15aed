"""Which trials are picked together."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from trials.fulfilment.errors import BatchSizeError, NothingToPickError
from trials.fulfilment.models import PickBatch, PickBatchTransition, PickTote
from trials.fulfilment.states import BATCH_MOVES, BatchState
from trials.fulfilment.urgency import Due, waiting_for_picking
from trials.home_trials.models import Trial, TrialItem

MOST_BOXES = 60


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
