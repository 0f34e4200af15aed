"""What a higher room has against a swap that the customer asks for, such as a rule of risk."""

from collections.abc import Callable, Sequence

from djmoney.money import Money

from trials.home_trials.models import Trial

Prices = Sequence[Money]
Check = Callable[[Trial, Prices, Prices], None]
_checks: dict[str, Check] = {}


def register_swap_check(name: str, check: Check) -> None:
    """Register, when its app is ready, who may refuse a customer's swap.

    Args:
        name: the room.
        check: takes the trial and the prices in its box before and after; raises what refuses it.
    """
    _checks[name] = check


def check_swap(trial: Trial, *, before: Prices, after: Prices) -> None:
    """Make sure that nobody has anything against a swap.

    Args:
        trial: locked by the caller.
        before: the prices of its frames.
        after: what they would be.

    Raises:
        LorgnetteError: whatever refuses it.
    """
    for check in _checks.values():
        check(trial, before, after)
