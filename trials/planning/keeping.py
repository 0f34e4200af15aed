"""Plans of frames as they are kept for pages: written down and read back as they were."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from shop.analytics.figures import Label, Rate
from shop.analytics.keeping import keep, kept
from trials.planning.forecast import Forecast
from trials.planning.queries import FramePlan, frame_plans

NAME = "planning"


def keep_plans() -> bool:
    """Count the plans of all frames; returns whether that took so long that they are kept."""
    return keep(NAME, lambda until: {"frames": [asdict(each) for each in frame_plans(until=until)]})


def plans() -> tuple[datetime, list[FramePlan]]:
    """Return the plans of all frames after the moment they stand for: as kept, or of now."""
    found = kept(NAME)
    if found is None:
        until = timezone.now()
        return until, frame_plans(until=until)
    until, figures = found
    return until, [_read(each) for each in figures["frames"]]


def _read(row: dict[str, Any]) -> FramePlan:
    rates = {
        name: Rate(**{**row[name], "label": Label(row[name]["label"])})
        for name in ("lost", "damaged")
    }
    demand = Forecast(**row["demand"]) if row["demand"] else None
    return FramePlan(**{**row, **rates, "demand": demand, "label": Label(row["label"])})
