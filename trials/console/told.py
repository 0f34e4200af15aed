"""What customers said of their frames, in the words of the console."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from trials.reports.queries import reports_of


def told_of_frames(trial_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return what was told of each frame of some trials and not taken back, by its item.

    One query. What was told of a box as a whole is left out.
    """
    told: dict[uuid.UUID, list[str]] = defaultdict(list)
    for report in reports_of(trial_ids).exclude(item=None):
        words = {"told": report.get_kind_display(), "words": report.words}
        said = _("Customer: %(told)s, “%(words)s”") if report.words else _("Customer: %(told)s")
        if report.item_id is not None:
            told[report.item_id].append(said % words)
    return told
