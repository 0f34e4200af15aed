"""Where a box on its way to its customer is. A higher room knows the parcels, and tells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from trials.home_trials.models import Trial


@dataclass(frozen=True)
class OutboundParcel:
    """The parcel in which a box goes to its customer, in words for her.

    Attributes:
        carrier: whom it goes with, and how; empty where the shop's own courier brings it.
        number: its tracking number.
        url: the carrier's page about it; empty where the carrier has none.
        state: what the carrier last said, for programs; empty where it has said nothing yet.
        state_words: the same in words, translated where they are read.
        heard: the carrier's own words, such as where it is; empty where it used none.
        heard_of: when that happened.
    """

    carrier: str
    number: str
    url: str
    state: str = ""
    state_words: "str | Promise" = ""
    heard: str = ""
    heard_of: datetime | None = None


Find = Callable[[Trial], OutboundParcel | None]
_finders: dict[str, Find] = {}


def register_parcels(name: str, *, outbound: Find) -> None:
    """Register, when its app is ready, who knows the parcels of trials.

    Args:
        name: the room.
        outbound: returns the parcel of a trial on its way out; nothing where it has no label.
    """
    _finders[name] = outbound


def outbound_parcel(trial: Trial) -> OutboundParcel | None:
    """Return the parcel in which a trial's box left for its customer: one query.

    Returns:
        Nothing while the box has not left: what has a label may still be called off.
    """
    if trial.shipped_at is None:
        return None
    found = (find(trial) for find in _finders.values())
    return next((parcel for parcel in found if parcel is not None), None)
