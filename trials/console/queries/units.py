"""Units as lists and as one page show them."""

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from trials.console.errors import UnitMissingError
from trials.home_trials.models import TrialItem
from trials.units.barcodes import normalised
from trials.units.models import TrialUnit


def units_matching(*, state: str, words: str) -> QuerySet[TrialUnit]:
    """Return units with ``trial_number``, the trial that holds each.

    Args:
        state: a unit's state, or empty for all.
        words: a barcode, a shelf, a SKU or a part of a frame's name; empty for all.
    """
    holding = TrialItem.objects.filter(unit=OuterRef("pk"), holds_unit=True)
    units = TrialUnit.objects.select_related("variant__frame").annotate(
        trial_number=Subquery(holding.values("trial__number")[:1])
    )
    if state:
        units = units.filter(state=state)
    if words:
        units = units.filter(
            Q(barcode__startswith=normalised(words))
            | Q(location__iexact=words)
            | Q(variant__sku__icontains=words)
            | Q(variant__frame__name__icontains=words)
        )
    return units.order_by("variant__frame__name", "variant_id", "pk")


def staff_unit(barcode: str) -> TrialUnit:
    """Return one unit with its movements and inspections, in three queries.

    Raises:
        UnitMissingError: there is none of that barcode.
    """
    unit = (
        units_matching(state="", words="")
        .filter(barcode=normalised(barcode))
        .prefetch_related(
            "movements__actor",
            "inspections__inspected_by",
            "inspections__item__trial",
        )
        .first()
    )
    if unit is None:
        raise UnitMissingError(
            _("No unit has the barcode %(barcode)s.") % {"barcode": normalised(barcode)[:40]}
        )
    return unit
