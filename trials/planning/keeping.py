"""Plans of frames as they are kept for pages: written down and read back as they were."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, overload

from django.utils import timezone

from shop.analytics.figures import Label, Rate
from shop.analytics.keeping import keep, kept
from trials.planning.forecast import Forecast
from trials.planning.queries import FramePlan, frame_plans

# In this order since it is called so.
NAME = "plans"


def keep_plans() -> bool:
    """Count the plans of all frames; returns whether that took so long that they are kept."""
    return keep(NAME, lambda until: {"frames": [asdict(each) for each in _planned(until)]})


def plans() -> tuple[datetime, Sequence[FramePlan]]:
    """Return the plans of all frames, by urgency, after the moment they stand for: kept, or now."""
    found = kept(NAME)
    if found is None:
        until = timezone.now()
        return until, _planned(until)
    until, figures = found
    return until, KeptPlans(figures["frames"])


class KeptPlans(Sequence[FramePlan]):
    """Plans of which those are made that somebody looks at: a page shows fifty of a thousand."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        """Take plans as they were written down, in their order."""
        self._rows = rows

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> FramePlan: ...

    @overload
    def __getitem__(self, at: slice) -> list[FramePlan]: ...

    def __getitem__(self, at: int | slice) -> FramePlan | list[FramePlan]:
        """Return one plan, or some, as they were."""
        if isinstance(at, slice):
            return [_read(row) for row in self._rows[at]]
        return _read(self._rows[at])


def by_urgency(plans: Iterable[FramePlan]) -> list[FramePlan]:
    """Return plans as somebody acts on them: most to buy first, then most not needed, by name."""
    return sorted(plans, key=lambda each: (-each.to_buy, -each.to_retire, each.name))


def _planned(until: datetime) -> list[FramePlan]:
    return by_urgency(frame_plans(until=until))


def _read(row: dict[str, Any]) -> FramePlan:
    rates = {
        name: Rate(**{**row[name], "label": Label(row[name]["label"])})
        for name in ("lost", "damaged")
    }
    demand = Forecast(**row["demand"]) if row["demand"] else None
    return FramePlan(**{**row, **rates, "demand": demand, "label": Label(row["label"])})
