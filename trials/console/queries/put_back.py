"""What lies off its shelf and is nobody's: taken out for a box that was called off, or found."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from trials.console.errors import ToPutBackError
from trials.home_trials.models import Trial
from trials.units.barcodes import normalised
from trials.units.models import TrialUnit, UnitMovement
from trials.units.states import UnitState


def units_to_put_back() -> QuerySet[TrialUnit]:
    """Return them with ``since`` and ``reason`` of their last move and ``last_trial``, its number.

    Those that have lain there longest come first. They are few, and an index holds them.
    """
    moves = UnitMovement.objects.filter(subject=OuterRef("pk"), to_state=UnitState.INSPECTION)
    last = moves.order_by("-pk")
    numbers = Trial.objects.filter(pk=OuterRef("trial_id")).values("number")
    return (
        TrialUnit.objects.filter(state=UnitState.INSPECTION)
        .select_related("variant__frame")
        .annotate(
            since=Subquery(last.values("at")[:1]),
            reason=Subquery(last.values("reason")[:1]),
            last_trial=Subquery(last.values(number=Subquery(numbers))[:1]),
        )
        .order_by("since", "pk")
    )


def check_not_to_put_back(scanned: str) -> None:
    """Refuse a unit at a table for boxes that came back: it comes out of none.

    Raises:
        ToPutBackError: the code is that of a unit which waits to be put back.
    """
    found = TrialUnit.objects.filter(barcode=normalised(scanned), state=UnitState.INSPECTION)
    if (unit := found.select_related("variant__frame").first()) is not None:
        raise ToPutBackError(
            _(
                "%(barcode)s, %(frame)s, was with no customer since it was taken from its shelf or"
                " found. Scan it under “To put back”."
            )
            % {"barcode": unit.barcode, "frame": unit.variant}
        )
