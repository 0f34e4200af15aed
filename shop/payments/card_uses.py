"""What saved cards stand for. A room that relies on one being there says so here."""

from collections.abc import Callable

from shop.payments.models import SavedCard

Check = Callable[[SavedCard], bool]
_checks: dict[str, Check] = {}


def register_card_use(name: str, *, stands_for_something: Check) -> None:
    """Register, when its app is ready, a room's word on whether a card may go.

    Args:
        name: the room's use of cards.
        stands_for_something: called with the card's row locked; true keeps it.
    """
    _checks[name] = stands_for_something


def is_in_use(card: SavedCard) -> bool:
    """Tell whether some room still relies on a card."""
    return any(check(card) for check in _checks.values())
