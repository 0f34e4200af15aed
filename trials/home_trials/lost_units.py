"""A unit that was taken for lost and lies on a table after all."""

from django.utils.translation import gettext as _

from trials.home_trials.errors import UnitLostError
from trials.home_trials.models import TrialItem
from trials.home_trials.states import ItemOutcome
from trials.units.models import TrialUnit


def taken_for_lost(unit: TrialUnit) -> UnitLostError:
    """Return the refusal of a lost unit that was scanned: where it is taken back in.

    What was lost with a parcel comes back to the trial it was lost of. What was not on its shelf is
    nobody's, and only a count brings it back into the books.

    Args:
        unit: a lost one, with its variant and frame.
    """
    words = {"barcode": unit.barcode, "frame": unit.variant}
    lost = TrialItem.objects.filter(unit=unit, outcome=ItemOutcome.LOST)
    number = lost.order_by("-settled_at").values_list("trial__number", flat=True).first()
    if number is not None:
        return UnitLostError(
            _("%(barcode)s, %(frame)s, was taken for lost. Check it in for trial %(number)s.")
            % {**words, "number": number}
        )
    return UnitLostError(
        _(
            "%(barcode)s, %(frame)s, was taken for lost. Put it on its shelf and count that, under"
            " “Units”, “Count”. In the count’s report choose “To inspection”: by that it is taken"
            " back in."
        )
        % words
    )
