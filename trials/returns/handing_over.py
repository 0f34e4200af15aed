"""When a box was handed over: what the carrier told, what its customer said, in doubt for her.

Nobody is late because a box was scanned late, under way for long, or never scanned at all: a day is
counted against a customer only where it is known that the box was still with her.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils import timezone

from trials.home_trials.models import Trial, TrialTransition
from trials.home_trials.states import TrialState
from trials.reports.models import CustomerReport, ReportKind
from trials.shipping.models import Leg, Shipment, ShipmentState, TrackingEvent

UNDER_WAY = (ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED)


def way_back() -> timedelta:
    """Return how long a box is taken to have been under way of which no scan tells."""
    return timedelta(days=settings.RETURN_WAY_DAYS)


def scan_takes() -> timedelta:
    """Return how long may pass from the counter to the first scan: until it, nobody knows."""
    return timedelta(hours=settings.RETURN_SCAN_HOURS)


def word_counts_for() -> timedelta:
    """Return how long a customer's word that she sent her box back stands for a scan."""
    return timedelta(days=settings.SENT_BACK_WORD_DAYS)


def handed_over_at(trial: Trial, *, here: datetime) -> datetime:
    """Return when something of a trial left its customer's hands, at the latest.

    That is the carrier's first scan, less what it takes to come to it: of the box for what was
    found in it, of the parcel that brought it for what came after. Where the carrier told of the
    arrival only, or of nothing, the usual way is taken off in her favour. Her own word is believed
    where the box was scanned, or is here, within the days that it stands for a scan.

    Args:
        trial: whose.
        here: when what is asked about was found at the shop.
    """
    return last_handed_over_at(trial, found=[here])


def last_handed_over_at(trial: Trial, *, found: Sequence[datetime]) -> datetime:
    """Return when the last of several things of a trial left its customer's hands.

    Args:
        trial: whose.
        found: when each was found at the shop, one at least.
    """
    received = received_at(trial)
    with_box, ends = [], []
    for here in found:
        if received is not None and here > received:
            ends.append(_after_the_box(trial, received, here))
        else:
            with_box.append(here)
    if with_box:
        # Where no scan decides, what was found last does.
        ends.append(_with_the_box(trial, max(with_box)))
    return max(ends)


def _with_the_box(trial: Trial, here: datetime) -> datetime:
    scans = _first_scans(Shipment.objects.filter(trial=trial))
    known = min(scans, default=None) or _moved_at(trial, TrialState.RETURNING)
    known = known or here - way_back()
    word = said_sent_at(trial)
    if word is not None and word <= known <= word + word_counts_for():
        return word
    return known


def _after_the_box(trial: Trial, received: datetime, here: datetime) -> datetime:
    after = Shipment.objects.filter(trial=trial).exclude(checked_in_at__lte=received)
    scans = [at for at in _first_scans(after) if at <= here]
    return max(scans, default=here - way_back())


def came_in_time(trial: Trial) -> bool:
    """Tell whether what lies on the table now was handed over before the days of grace ended."""
    if trial.charge_at is None:
        return True
    return handed_over_at(trial, here=timezone.now()) <= trial.charge_at


def said_sent_at(trial: Trial) -> datetime | None:
    """Return when a customer said that she sent her box back; nothing if she did not."""
    # Few in all, and at hand where a page shows them.
    told = (
        each.told_at
        for each in trial.reports.all()
        if each.kind == ReportKind.SENT_BACK and each.withdrawn_at is None
    )
    return next(told, None)


def received_at(trial: Trial) -> datetime | None:
    """Return when a trial's box was checked in to its end."""
    return _moved_at(trial, TrialState.RECEIVED)


def said_lately(now: datetime) -> Exists:
    """Return, as a condition on trials, that her word still stands for a scan."""
    return Exists(
        CustomerReport.objects.filter(
            trial=OuterRef("pk"),
            kind=ReportKind.SENT_BACK,
            withdrawn_at=None,
            told_at__gt=now - word_counts_for(),
        )
    )


def scanned_in_time(prefix: str = "") -> Exists:
    """Return, as a condition on trials, that the carrier had what comes before the grace ended.

    By its first scan, less what it takes to come to it. Or that its customer said so by then, and
    it was scanned within the days her word stands for.

    Args:
        prefix: the way to the trial from what is filtered, such as ``charge__trial__``.
    """
    end = f"{prefix}charge_at"
    said = CustomerReport.objects.filter(
        trial=OuterRef("shipment__trial"),
        kind=ReportKind.SENT_BACK,
        withdrawn_at=None,
        told_at__lte=OuterRef(OuterRef(end)),
        told_at__gte=OuterRef("occurred_at") - word_counts_for(),
    )
    # Of what nobody has opened: the box may be here, and more on its way.
    scans = TrackingEvent.objects.filter(
        shipment__trial=OuterRef(f"{prefix}pk"),
        shipment__leg=Leg.RETURN,
        shipment__checked_in_at=None,
        status__in=UNDER_WAY,
    )
    by_then = Q(occurred_at__lte=ExpressionWrapper(OuterRef(end) + scan_takes(), DateTimeField()))
    return Exists(scans.filter(by_then | Exists(said)))


def _first_scans(parcels: QuerySet[Shipment]) -> list[datetime]:
    """Return when the carrier had each of the parcels back of which it told, at the latest."""
    told = parcels.filter(leg=Leg.RETURN, tracking__status__in=UNDER_WAY).order_by()
    rows = told.values_list("pk", "tracking__status").annotate(first=Min("tracking__occurred_at"))
    first: dict[uuid.UUID, dict[str, datetime]] = {}
    for parcel_id, status, at in rows:
        first.setdefault(parcel_id, {})[status] = at
    return [
        min(of.values()) - scan_takes()
        if ShipmentState.IN_TRANSIT in of
        else of[ShipmentState.DELIVERED] - way_back()
        for of in first.values()
    ]


def _moved_at(trial: Trial, state: TrialState) -> datetime | None:
    moves = TrialTransition.objects.filter(subject=trial, to_state=state)
    first: datetime | None = moves.aggregate(first=Min("at"))["first"]
    return first
