"""How much waits where, and what happened today."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Count, Min, Q, QuerySet, Value

from shop.foundation.postgres.queries import PreparedCount, PreparedValues, Slot
from trials.console.queries.trials import FILTERS
from trials.fulfilment.urgency import Due, boxes_to_ship
from trials.home_trials.models import Trial, TrialTransition
from trials.returns.models.charges import TrialCharge

# Since when a trial has waited in its queue.
SINCE = {
    "requested": "requested_at",
    "unpaid": "requested_at",
    "approved": "requested_at",
    "packed": "requested_at",
    "shipped": "shipped_at",
    "overdue": "due_at",
    "returning": "due_at",
    "received": "due_at",
    "settling": "due_at",
}


@dataclass(frozen=True)
class Queue:
    """How many trials wait, and since when the first of them."""

    count: int
    oldest: datetime | None = None


def queues(now: datetime) -> dict[str, Queue]:
    """Return every queue by the name of its filter, and ``owed``: two queries.

    No trial is in two queues; each is counted from an index of the open ones.

    Args:
        now: an aware time; what is overdue is judged by it.
    """
    found = {name: (count, oldest) for name, count, oldest in _QUEUES.rows(now=now)}
    waiting = {
        name: Queue(found[name][0], found[name][1] if name in SINCE else None) for name in FILTERS
    }
    return {**waiting, "owed": Queue(*_OWED.row())}


def _queues() -> QuerySet[Trial, Any]:
    """Write a query a queue, all asked at once: an index has each of them side by side."""
    first, *others = (_queue(name) for name in FILTERS)
    return first.union(*others, all=True)


def _queue(name: str) -> QuerySet[Trial, Any]:
    # Of nothing but what the index holds: a count of keys would read every row.
    waiting = Trial.objects.filter(FILTERS[name](Slot("now")), closed_at=None).order_by()
    named = waiting.annotate(queue=Value(name, output_field=CharField())).values("queue")
    counted = named.annotate(count=Count("*"), oldest=Min(SINCE.get(name, "requested_at")))
    return counted.values_list("queue", "count", "oldest")


_QUEUES = PreparedValues(_queues)
_OWED = PreparedCount(
    lambda: TrialCharge.objects.filter(state=TrialCharge.State.OWED), "created_at"
)


def late_to_ship(now: datetime) -> dict[str, Queue]:
    """Return how many boxes should have left, and since when the first of them: one query.

    Args:
        now: an aware time.
    """
    return {"late": Queue(*_LATE.row(now=now))}


_LATE = PreparedCount(lambda: boxes_to_ship(Due.LATE, now=Slot("now")), "leaves_by")


def moves_today(now: datetime) -> dict[str, int]:
    """Return how many trials came into each state since midnight in the shop's zone."""
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, tzinfo=zone)
    return {str(state): count for state, count in _MOVES.rows(midnight=midnight, now=now)}


def _moves() -> QuerySet[TrialTransition, Any]:
    moves = TrialTransition.objects.filter(at__gte=Slot("midnight")).order_by()
    until = Q(at__lte=Slot("now"))
    return moves.values_list("to_state").annotate(count=Count("pk", filter=until))


_MOVES = PreparedValues(_moves)
