"""Saying yes to several trials at once."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.errors import LorgnetteError
from trials.home_trials.errors import TrialMissingError
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import approve_trial


def approve_trials(*, numbers: Sequence[str], by: User) -> dict[str, LorgnetteError | None]:
    """Let several requested trials be packed, each for itself: one refused keeps no other back.

    Args:
        numbers: of the trials; one named twice is decided once.
        by: who decided.

    Returns:
        By number, in the order given, why it was refused; nothing for what is approved by this.
    """
    known = dict(Trial.objects.filter(number__in=numbers).values_list("number", "pk"))
    outcome: dict[str, LorgnetteError | None] = {}
    for number in dict.fromkeys(numbers):
        try:
            if number not in known:
                raise TrialMissingError(_("There is no trial %(number)s.") % {"number": number})
            approve_trial(trial_id=known[number], by=by)
        except LorgnetteError as error:
            outcome[number] = error
        else:
            outcome[number] = None
    return outcome
