"""When a unit of a variant that is all out should be back: a date, or honestly none."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from shop.customers.models import User
from trials.home_trials.models import TrialItem, TrialTransition
from trials.home_trials.states import NOT_LEFT, TrialState
from trials.units.models import TrialUnit, Turnaround, UnitMovement
from trials.units.queries import available_counts, waiting_counts
from trials.units.states import UnitState

DAY = timedelta(days=1)
# Of a unit that lies longer on the table than this, nobody knows what will become of it.
LONGEST_INSPECTION = timedelta(days=7)


@dataclass(frozen=True)
class Availability:
    """Whether a variant can be tried now, or when.

    Attributes:
        free: how many units are free for whoever asks.
        waiting: how many customers wait for it.
        expected_at: when a unit should be there for the next who joins the line: probably not
            before. Nothing where one is free, and where nothing is known.
    """

    free: int
    waiting: int
    expected_at: datetime | None


def availabilities(
    variant_ids: Iterable[int], *, now: datetime, user: User | None = None
) -> dict[int, Availability]:
    """Return how it stands with each variant, in five queries whatever their number.

    Args:
        variant_ids: which variants.
        now: an aware time.
        user: who asks: what is held for her is free for her.
    """
    wanted = list(variant_ids)
    free, waiting = available_counts(wanted, user=user), waiting_counts(wanted)
    out = [each for each in wanted if not free[each]]
    expected = _expected_returns(out, now) if out else {}
    return {
        each: Availability(free[each], waiting[each], _nth(expected.get(each, []), waiting[each]))
        for each in wanted
    }


def _nth(dates: list[datetime], before: int) -> datetime | None:
    return dates[before] if before < len(dates) else None


def _expected_returns(variant_ids: list[int], now: datetime) -> dict[int, list[datetime]]:
    """Return when the units of each variant that are under way should be back, soonest first."""
    way_back = Turnaround.latest()
    found: dict[int, list[datetime]] = defaultdict(list)
    for row in _held_by_trials(variant_ids):
        at = _back_from_trial(row, now, way_back)
        if at is not None:
            found[row["variant_id"]].append(at)
    since = UnitMovement.objects.filter(subject=OuterRef("pk")).order_by("-pk").values("at")[:1]
    inspected = TrialUnit.objects.filter(variant_id__in=variant_ids, state=UnitState.INSPECTION)
    rows = inspected.annotate(since=Subquery(since)).values_list("variant_id", "since")
    for variant_id, began in rows:
        if began + LONGEST_INSPECTION > now:
            found[variant_id].append(now + DAY)
    return {variant_id: sorted(dates) for variant_id, dates in found.items()}


def _held_by_trials(variant_ids: list[int]) -> list[dict[str, Any]]:
    turned = TrialTransition.objects.filter(
        subject=OuterRef("trial_id"), to_state=TrialState.RETURNING
    )
    held = TrialItem.objects.filter(variant_id__in=variant_ids, holds_unit=True)
    returning_at = Subquery(turned.order_by("-pk").values("at")[:1])
    dates = (f"trial__{name}" for name in ("state", "shipped_at", "due_at", "charge_at"))
    rules = (f"trial__programme_version__{name}" for name in ("shipping_days", "days_at_home"))
    rows = held.annotate(returning_at=returning_at)
    return list(rows.values("variant_id", "returning_at", *dates, *rules))


def _back_from_trial(
    row: dict[str, Any], now: datetime, measured: timedelta | None
) -> datetime | None:
    post = DAY * row["trial__programme_version__shipping_days"]
    home = DAY * row["trial__programme_version__days_at_home"]
    # Until enough came back to be measured: the days in the post, and one on the table.
    way_back = measured or post + DAY
    state = row["trial__state"]
    if state in NOT_LEFT:
        return now + post + home + way_back
    if state == TrialState.SHIPPED:
        return max(row["trial__shipped_at"] + post, now) + home + way_back
    if state == TrialState.DELIVERED and row["trial__charge_at"] > now:
        return max(row["trial__due_at"], now) + way_back
    turned = row["returning_at"]
    if state == TrialState.RETURNING and turned is not None and turned + 2 * way_back > now:
        return max(turned + way_back, now + DAY)
    # Overdue beyond grace, lost in the post, missing from a box: nobody knows.
    return None
