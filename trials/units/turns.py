"""Who of those in line could take a unit now, as higher rooms know it."""

from collections.abc import Callable, Sequence

Check = Callable[[Sequence[int]], set[int]]
_checks: dict[str, Check] = {}


def register_turn_check(name: str, check: Check) -> None:
    """Register, when its app is ready, who knows that somebody could not use what is held for her.

    Args:
        name: the room.
        check: takes customers by their keys and returns those who cannot take a frame now.
    """
    _checks[name] = check


def not_their_turn(user_ids: Sequence[int]) -> set[int]:
    """Return which of these customers are passed over for now; they keep their places in line.

    Args:
        user_ids: the customers.
    """
    if not user_ids:
        return set()
    return {user for check in _checks.values() for user in check(user_ids)}
