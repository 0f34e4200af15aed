"""What of a customer's own lay in her box when it came back. A higher room knows, and tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trials.home_trials.models import Trial


@dataclass(frozen=True)
class FoundThing:
    """A thing that is not the shop's.

    Attributes:
        words: what it is, as whoever found it wrote; empty where nothing was written.
        found_at: when the box was opened.
        sent_at: since when it is on its way to her; nothing while it waits at the shop.
    """

    words: str
    found_at: datetime
    sent_at: datetime | None


Find = Callable[[Trial], list[FoundThing]]
_finders: dict[str, Find] = {}


def register_found_things(name: str, *, found: Find) -> None:
    """Register, when its app is ready, who opens boxes that come back.

    Args:
        name: the room.
        found: returns what is not the shop's of a trial's box, in the order it was found.
    """
    _finders[name] = found


def found_things(trial: Trial) -> list[FoundThing]:
    """Return what of a customer's own lay in her box: one query, none of a box that never left."""
    if trial.shipped_at is None:
        return []
    return [thing for find in _finders.values() for thing in find(trial)]
