"""What holds are for. A room that wants amounts held registers its purpose here."""

from collections.abc import Callable
from dataclasses import dataclass

from shop.holds.models import Hold
from shop.payments.models import SavedCard


@dataclass(frozen=True)
class HoldPurpose:
    """What a room says of its holds, and hears of them in the settling transaction.

    Attributes:
        is_needed: whether it is still to be held; it is released where not.
        card: on which card it is held anew: she may have chosen another meanwhile.
        on_authorised: called once, when the bank holds it.
        on_refused: called once, when the bank did not.
        on_due: called once, before it is renewed: its owner is to be told.
        on_lapsed: called once, when it ended before anybody took or released it.
    """

    is_needed: Callable[[Hold], bool]
    card: Callable[[Hold], SavedCard]
    on_authorised: Callable[[Hold], None]
    on_refused: Callable[[Hold], None]
    on_due: Callable[[Hold], None]
    on_lapsed: Callable[[Hold], None]


_purposes: dict[str, HoldPurpose] = {}


def register_hold_purpose(name: str, purpose: HoldPurpose) -> None:
    """Register a purpose when its app is ready; see ``HoldPurpose``."""
    _purposes[name] = purpose


def purpose_of(hold: Hold) -> HoldPurpose:
    """Return what a hold is for.

    Raises:
        KeyError: nobody registered it.
    """
    return _purposes[hold.purpose]
