"""Two people at one trial: whoever acts on what is no longer so is told what happened meanwhile."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shop.foundation.history import latest_move, told
from trials.console.errors import ChangedMeanwhileError
from trials.home_trials.models import Trial, TrialTransition


def check_seen(request: HttpRequest, trial: Trial) -> None:
    """Refuse a form whose page showed the trial in another state than it is in now.

    What a service refuses for its own reasons it refuses under its lock; this is for acts that are
    still allowed, but that nobody would do who knew.

    Args:
        request: its ``seen`` is the state the page showed; a form without it is let through.
        trial: as it is now.

    Raises:
        ChangedMeanwhileError: it was moved since, naming by whom and when.
    """
    seen = request.POST.get("seen", "")
    latest = latest_move(TrialTransition, trial) if seen not in ("", trial.state) else None
    if latest is not None:
        raise ChangedMeanwhileError(
            _(
                "Nothing was done: %(who)s made this trial “%(now)s” (%(when)s) after you opened"
                " the page. Here is where it stands."
            )
            % told(latest, trial),
            state=trial.state,
        )
