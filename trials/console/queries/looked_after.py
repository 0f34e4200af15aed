"""What somebody has to look after though no trial stands in a queue for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Min, QuerySet, Value

from shop.foundation.postgres.queries import AnyOf, PreparedCount, PreparedValues, Slot
from shop.payments.queries import open_disputes
from trials.console.queries.queues import Queue
from trials.home_trials.services.holding import unheld
from trials.risk.queries import open_looks
from trials.shipping.queries import astray_or_silent, may_be_astray, silent_since

# No more parcels than these, the latest, are looked through to be counted.
MOST_PARCELS = 5000
# Each with since when a row of it has waited.
_QUEUES: dict[str, tuple[Any, str]] = {
    "looks": (open_looks, "asked_at"),
    "unheld": (unheld, "settled_at"),
    "disputes": (open_disputes, "opened_at"),
}
# Counted in the menu of every page: only what waits is read for it. Holds that failed stay, and
# each is looked through for ``unheld``.
_IN_MENUS = ("looks", "disputes")


def looked_after() -> dict[str, Queue]:
    """Return how much waits of each, and since when the first of it: one query.

    Second looks that customers asked for (``looks``), trials under way whose amount the card does
    not hold (``unheld``), and disputes that banks have still to decide (``disputes``).
    """
    found = {name: Queue(count, oldest) for name, count, oldest in _ALL.rows()}
    return {name: found.get(name, Queue(0)) for name in _QUEUES}


def counted_in_menus() -> dict[str, int]:
    """Return how much waits of what every page's menu counts of these: one query."""
    found = {name: count for name, count, _oldest in _MENU.rows()}
    return {name: found.get(name, 0) for name in _IN_MENUS}


def parcels_astray(now: datetime) -> Queue:
    """Return how many parcels could not be delivered, or are not heard of any more: two queries.

    By their own rows first, which an index holds, and then by the trials of these: joined at once,
    all trials there are may be read for it.

    Args:
        now: an aware time, by which it is judged which are silent.
    """
    since = silent_since(now)
    keys = [key for (key,) in _MAY_BE_ASTRAY.rows(silent_since=since)]
    return Queue(*_ASTRAY.row(silent_since=since, keys=keys)) if keys else Queue(0)


_MAY_BE_ASTRAY = PreparedValues(
    lambda: (
        may_be_astray(Slot("silent_since")).order_by("-created_at").values_list("pk")[:MOST_PARCELS]
    )
)
_ASTRAY = PreparedCount(
    lambda: astray_or_silent(Slot("silent_since")).filter(AnyOf(F("pk"), Slot("keys"))), "last"
)


def _counted(name: str) -> QuerySet[Any, Any]:
    write, since = _QUEUES[name]
    rows = write().select_related(None).order_by()
    named = rows.annotate(queue=Value(name, output_field=CharField())).values("queue")
    counted = named.annotate(count=Count("*"), oldest=Min(since))
    return counted.values_list("queue", "count", "oldest")  # type: ignore[no-any-return]


def _together(names: Iterable[str]) -> QuerySet[Any, Any]:
    first, *others = (_counted(name) for name in names)
    return first.union(*others, all=True)


_ALL = PreparedValues(lambda: _together(_QUEUES))
_MENU = PreparedValues(lambda: _together(_IN_MENUS))
