"""Who of those in line could take a unit now, as higher rooms know it.

There is more than one way to take it: by a box of its own, or into a box that nobody packs yet.
Each room knows its way; who can go none of them is passed over.
"""

from collections.abc import Callable, Sequence

Check = Callable[[Sequence[int]], set[int]]
_checks: dict[str, Check] = {}


def register_turn_check(name: str, check: Check) -> None:
    """Register, when its app is ready, one way to take what is held, and who cannot go it now.

    Args:
        name: the room whose way it is.
        check: takes customers by their keys and returns those who cannot take a frame so now.
    """
    _checks[name] = check


def not_their_turn(user_ids: Sequence[int]) -> set[int]:
    """Return which of these customers are passed over for now; they keep their places in line.

    Args:
        user_ids: the customers.
    """
    if not _checks:
        return set()
    left = set(user_ids)
    for check in _checks.values():
        if left:
            # Who can go one way is not asked for another: mostly the first is the only question.
            left &= check(sorted(left))
    return left
