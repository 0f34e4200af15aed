"""What somebody has to look after though no trial stands in a queue for it."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Min, QuerySet, Value

from shop.foundation.postgres.queries import PreparedValues, Slot
from shop.payments.queries import open_disputes
from trials.console.queries.queues import Queue
from trials.home_trials.services.holding import unheld
from trials.risk.queries import open_looks
from trials.shipping.queries import astray_or_silent, silent_since

# Each with since when a row of it has waited. All are asked at once, so that every page of the
# console can count them in its menu.
_QUEUES: dict[str, tuple[Any, str]] = {
    "looks": (open_looks, "asked_at"),
    "parcels": (lambda: astray_or_silent(Slot("silent_since")), "last"),
    "unheld": (unheld, "settled_at"),
    "disputes": (open_disputes, "opened_at"),
}


def looked_after(now: datetime) -> dict[str, Queue]:
    """Return how much waits of each, and since when the first of it: one query.

    Second looks that customers asked for (``looks``), parcels that could not be delivered or of
    which nothing is heard (``parcels``), trials under way whose amount the card does not hold
    (``unheld``), and disputes that banks have still to decide (``disputes``).

    Args:
        now: an aware time; which parcels are silent is judged by it.
    """
    found = {name: Queue(count, oldest) for name, count, oldest in _ALL.rows(**_values(now))}
    return {name: found.get(name, Queue(0)) for name in _QUEUES}


def _values(now: datetime) -> dict[str, datetime]:
    return {"silent_since": silent_since(now)}


def _counted(name: str) -> QuerySet[Any, Any]:
    write, since = _QUEUES[name]
    rows = write().select_related(None).order_by()
    named = rows.annotate(queue=Value(name, output_field=CharField())).values("queue")
    counted = named.annotate(count=Count("*"), oldest=Min(since))
    return counted.values_list("queue", "count", "oldest")  # type: ignore[no-any-return]


def _all() -> QuerySet[Any, Any]:
    first, *others = (_counted(name) for name in _QUEUES)
    return first.union(*others, all=True)


_ALL = PreparedValues(_all)
