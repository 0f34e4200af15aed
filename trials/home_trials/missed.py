"""What a customer cannot do with a box that she says never came."""

from django.utils.translation import gettext as _

from trials.home_trials.errors import BoxMissedError
from trials.home_trials.models import Trial


def check_has_come(trial: Trial) -> None:
    """Make sure that a customer does not say that her box never came.

    That ends when she says that it has come, when she is answered that it has, and when it is on
    its way back, for then it has been with her.

    Args:
        trial: hers.

    Raises:
        BoxMissedError: she says so, and is not answered yet.
    """
    if trial.is_missed:
        raise BoxMissedError(
            _("You told us that your box never came. If it has come, tell us that first.")
        )
