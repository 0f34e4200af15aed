"""How much waits where, and what happened today."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, CharField, Count, Min, Q, Value, When

from trials.console.queries.trials import FILTERS
from trials.fulfilment.urgency import Due, boxes_to_ship
from trials.home_trials.models import Trial, TrialTransition
from trials.returns.models import TrialCharge

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

    No trial is in two queues: each is counted once, from an index of the open ones.

    Args:
        now: an aware time; what is overdue is judged by it.
    """
    cases = (When(each(now), then=Value(name)) for name, each in FILTERS.items())
    sorted_out = Case(*cases, default=Value(""), output_field=CharField())
    rows = (
        Trial.objects.filter(closed_at=None)
        .order_by()
        .values(queue=sorted_out)
        .annotate(
            count=Count("*"),
            requested_at=Min("requested_at"),
            shipped_at=Min("shipped_at"),
            due_at=Min("due_at"),
        )
    )
    found: dict[str, Any] = {row["queue"]: row for row in rows}
    owed = TrialCharge.objects.filter(state=TrialCharge.State.OWED).aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    waiting = {
        name: Queue(found[name]["count"], found[name].get(SINCE.get(name, "")))
        if name in found
        else Queue(0)
        for name in FILTERS
    }
    return {**waiting, "owed": Queue(owed["count"], owed["oldest"])}


def late_to_ship(now: datetime) -> dict[str, Queue]:
    """Return how many boxes should have left, and since when the first of them: one query.

    Args:
        now: an aware time.
    """
    found = boxes_to_ship(Due.LATE, now=now).order_by()
    row = found.aggregate(count=Count("pk"), oldest=Min("leaves_by"))
    return {"late": Queue(row["count"], row["oldest"])}


def moves_today(now: datetime) -> dict[str, int]:
    """Return how many trials came into each state since midnight in the shop's zone."""
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, tzinfo=zone)
    rows = (
        TrialTransition.objects.filter(at__gte=midnight)
        .order_by()
        .values_list("to_state")
        .annotate(count=Count("pk", filter=Q(at__lte=now)))
    )
    return dict(rows)
