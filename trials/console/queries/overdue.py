"""What is overdue, owed or lost: a judgement on dates, read in pages by age or by amount.

A trial is overdue while it is out and its days at home are over. A page is read from an index by
the row before it (keyset), so that the thousandth page takes what the first does.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from trials.console.queries.overdue_details import attach_attempts, attach_details
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import arrived_parcels, coming_back, longest_wait
from trials.returns.services.closing import AFTER_THE_CUSTOMER


def _here() -> Q:
    return Q(Exists(arrived_parcels().filter(trial=OuterRef("pk"))))


def _arrived() -> Q:
    # Which trials these are is asked first: they are few, and PostgreSQL expects them among those
    # that are due, of which it would look at all.
    trials = {trial for (trial,) in _AT_THE_DOOR.rows()}
    return Q(AnyOf(F("pk"), list(trials)), state__in=[TrialState.RETURNING, TrialState.RECEIVED])


_AT_THE_DOOR = PreparedValues(lambda: arrived_parcels().order_by().values_list("trial_id"))


def _waited(now: datetime) -> Q:
    return Q(charge_at__lt=Value(now) - longest_wait())


def _open() -> Q:
    """Find what lacks a frame or owes money; a box that is back whole and paid for is no matter."""
    owed = TrialCharge.objects.filter(trial=OuterRef("pk"), state=TrialCharge.State.OWED)
    return Q(state__in=AFTER_THE_CUSTOMER) & (Q(away_value__gt=0) | Q(Exists(owed)))


# Trials by what is the matter with them; each adds to "its days at home are over". Each says which
# states it means, and says so once: said twice, PostgreSQL expects a hundredth of what there is.
TRIALS: dict[str, Callable[[datetime], Q]] = {
    "all": lambda _now: _open(),
    "overdue": lambda _now: Q(state=TrialState.DELIVERED),
    "under_way": lambda now: coming_back() & ~_waited(now) & ~_here(),
    "lost": lambda now: coming_back() & _waited(now) & ~_here(),
    "arrived": lambda _now: _arrived(),
    "missing": lambda _now: Q(state=TrialState.RECEIVED, away_value__gt=0) & ~coming_back(),
}
# Charges by what is open about them.
CHARGES: dict[str, Q] = {
    "unpaid": Q(state=TrialCharge.State.OWED),
    "to_decide": Q(to_decide=True),
}
KINDS = (*TRIALS, *CHARGES)
SORTS = ("age", "amount")


@dataclass(frozen=True)
class Order:
    """By which column a list goes, and how a place in it is written."""

    column: str
    descending: bool
    read: Callable[[str], Any]


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) >= 10**11:
        raise ValueError(text)
    return amount


TRIAL_ORDERS = {
    "age": Order("due_at", False, datetime.fromisoformat),
    "amount": Order("away_value", True, _amount),
}
CHARGE_ORDERS = {
    "age": Order("created_at", False, datetime.fromisoformat),
    "amount": Order("amount", True, _amount),
}


@dataclass(frozen=True)
class OverduePage:
    """Some rows, and the place after which the next ones stand; empty at the end."""

    rows: Sequence[Trial | TrialCharge]
    after: str


def overdue_page(*, kind: str, sort: str, after: str, now: datetime, size: int) -> OverduePage:
    """Return a page of the queue, in a fixed number of statements.

    Args:
        kind: one of ``KINDS``; trials for those of ``TRIALS``, charges for those of ``CHARGES``.
        sort: ``age``, the oldest first, or ``amount``, the largest first: what the frames that
            are away cost, or what is owed.
        after: the place where the page before ended; the first page for what is no place.
        now: an aware time.
        size: how many rows at most.
    """
    order = (CHARGE_ORDERS if kind in CHARGES else TRIAL_ORDERS)[sort]
    rows = _after(_matching(kind, now), order, after)
    found = list(rows.values_list("pk", order.column)[: size + 1])
    page = _whole(kind, [key for key, _value in found[:size]])
    if kind in CHARGES:
        attach_attempts(page)
    attach_details([row.trial for row in page] if kind in CHARGES else page)
    place = _place(*found[size - 1]) if len(found) > size else ""
    return OverduePage(page, place)


def _matching(kind: str, now: datetime) -> QuerySet[Any]:
    """Find the rows of their own table alone: their customers are read of those of a page."""
    if kind in CHARGES:
        return TrialCharge.objects.filter(CHARGES[kind])
    return Trial.objects.filter(TRIALS[kind](now), due_at__lt=now)


def _whole(kind: str, keys: list[uuid.UUID]) -> list[Any]:
    rows: PreparedQuery[Any] = _CHARGES if kind in CHARGES else _TRIALS
    read = {row.pk: row for row in rows.rows(keys=keys)} if keys else {}
    return [read[key] for key in keys if key in read]


_TRIALS = PreparedQuery(
    lambda: (
        Trial.objects.filter(AnyOf(F("pk"), Slot("keys")))
        .select_related("user", "programme_version")
        .order_by()
    )
)
_CHARGES = PreparedQuery(
    lambda: (
        TrialCharge.objects.filter(AnyOf(F("pk"), Slot("keys")))
        .select_related(
            "item__variant__frame", "item__unit", "trial__user", "trial__programme_version"
        )
        .order_by()
    )
)


def _after(rows: QuerySet[Any], order: Order, after: str) -> QuerySet[Any]:
    by = f"-{order.column}" if order.descending else order.column
    sorted_rows = rows.order_by(by, "pk")
    value, _tilde, key = after.partition("~")
    try:
        at, pk = order.read(value), uuid.UUID(key)
    except (ValueError, InvalidOperation):
        return sorted_rows
    if isinstance(at, datetime) and at.tzinfo is None:
        return sorted_rows
    further = "lt" if order.descending else "gt"
    return sorted_rows.filter(
        Q(**{f"{order.column}__{further}": at}) | Q(**{order.column: at, "pk__gt": pk}),
        # Said once more in a way that an index can begin at.
        **{f"{order.column}__{further}e": at},
    )


def _place(key: uuid.UUID, value: datetime | Decimal) -> str:
    written = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"{written}~{key}"
