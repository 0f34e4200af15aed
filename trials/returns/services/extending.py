"""More days at home by the hand of staff, while nothing is charged for what is missing."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from trials.at_home.errors import CannotExtendError
from trials.at_home.models import Extension
from trials.at_home.services.extending import extend_trial_by_staff
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.states import PAID

# A card is asked for it, or has paid: more days would promise what is not so.
CHARGED = frozenset({TrialCharge.State.OWED, *PAID})


def is_charged(trial: Trial) -> bool:
    """Tell whether anything that did not come back of a trial is charged, from its charges."""
    return any(
        charge.purpose == TrialCharge.Purpose.UNRETURNED and charge.state in CHARGED
        for charge in trial.charges.all()
    )


def extend_uncharged(*, trial_id: uuid.UUID, days: int, by: User, reason: str = "") -> Extension:
    """Extend a trial at home by some days, unless frames of it are charged already.

    Args:
        trial_id: which.
        days: 1 to 60.
        by: who of staff.
        reason: why, for colleagues.

    Raises:
        CannotExtendError: the box is not at home, the number of days is none, or a frame that did
            not come back is charged.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        if is_charged(trial):
            raise CannotExtendError(
                _(
                    "Frames of trial %(number)s are charged already, so more days would promise"
                    " what is not so. Waive what is owed first."
                )
                % {"number": trial.number}
            )
        return extend_trial_by_staff(trial_id=trial_id, days=days, by=by, reason=reason)
