"""What a customer said of a frame, in the words of the console."""

from django.utils.translation import gettext as _

from trials.home_trials.models import TrialItem
from trials.reports.models import CustomerReport


def told_of(item: TrialItem) -> list[str]:
    """Return what was told of a frame and not taken back, the oldest first.

    Args:
        item: of a trial as ``staff_trial`` returns it.
    """
    told: list[CustomerReport] = getattr(item, "told", [])
    return [
        (_("Customer: %(told)s, “%(words)s”") if each.words else _("Customer: %(told)s"))
        % {"told": each.get_kind_display(), "words": each.words}
        for each in told
    ]
