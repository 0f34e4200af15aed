"""What a customer waits for; demo frames themselves say nothing of people."""

from typing import Any

from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from trials.units.models import TurnedAway, WaitlistEntry
from trials.units.services.waiting import leave_all_lines


def export_waits(user: Any) -> list[dict[str, Any]]:
    """Return which variants she waited for, then those she asked for in vain, oldest first."""
    waits = WaitlistEntry.objects.filter(user=user).order_by("joined_at", "pk")
    columns = ("variant__sku", "state", "joined_at", "held_until", "passed_at", "ended_at")
    asked = TurnedAway.objects.filter(user=user).order_by("at", "pk").values("variant__sku", "at")
    return [*waits.values(*columns), *({**each, "state": "turned_away"} for each in asked)]


def erase_waits(user: Any) -> int:
    """Take her out of every line, so that what is held for her goes to the next, and forget it."""
    leave_all_lines(user=user)
    TurnedAway.objects.filter(user=user).delete()
    return WaitlistEntry.objects.filter(user=user).delete()[0]


register_personal_data(
    "trials.units",
    holds={"trials.WaitlistEntry": ["user"], "trials.TurnedAway": ["user"]},
    export=export_waits,
    erase={Scope.ACCOUNT: erase_waits},
)
not_personal("trials.TrialUnit", why="Barcode and shelf of a demo frame.")
not_personal("trials.UnitMovement", "location", why="The shelf of a demo frame.")
not_personal("trials.UnitCount", "location", why="The shelf that was counted.")
keep_personal_data("trials.UnitCount", "started_by", why="Who of staff counted; by number.")
keep_personal_data(
    "trials.CountedUnit",
    "seen_by",
    "decided_by",
    "note",
    why="Who of staff saw a unit, and decided what the books say of it; by number.",
)
not_personal("trials.CountedUnit", "believed_location", why="The shelf of a demo frame.")
