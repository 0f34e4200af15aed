"""Whether a customer said that her box is on its way back. A higher room hears her, and tells."""

from collections.abc import Callable

from trials.home_trials.models import Trial

Check = Callable[[Trial], bool]
_checks: dict[str, Check] = {}


def register_sent_back(name: str, *, said_sent: Check) -> None:
    """Register, when its app is ready, who knows what customers say of their boxes.

    Args:
        name: the room.
        said_sent: whether its customer says that she has sent a trial's box back.
    """
    _checks[name] = said_sent


def is_said_sent(trial: Trial) -> bool:
    """Tell whether a trial's customer says that her box is on its way back."""
    return any(check(trial) for check in _checks.values())
