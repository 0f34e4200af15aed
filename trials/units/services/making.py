"""New units, each with a barcode of its own."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.customers.models import User
from trials.units.barcodes import new_barcode
from trials.units.errors import UnitCountError
from trials.units.models import TrialUnit, UnitMovement
from trials.units.services.promising import promise
from trials.units.shelves import shelf

MOST_AT_ONCE = 1000


def create_units(
    *, variant_id: int, count: int, location: str = "", by: User | None = None
) -> list[TrialUnit]:
    """Put new units of a variant on the shelf, the first of them for those who wait for one.

    Args:
        variant_id: what they are.
        count: how many, 1 to 1,000.
        location: the shelf, such as B2.
        by: who put them there.

    Raises:
        UnitCountError: the count is out of range.
        ShelfInvalidError: the shelf has too long a name.
        Variant.DoesNotExist: there is no such variant.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise UnitCountError(
            _("Make 1 to %(most)s units at once.") % {"most": MOST_AT_ONCE}, most=MOST_AT_ONCE
        )
    location = shelf(location)
    with transaction.atomic():
        variant = Variant.objects.get(pk=variant_id)
        units = TrialUnit.objects.bulk_create(
            TrialUnit(barcode=barcode, variant=variant, location=location)
            for barcode in _unused_barcodes(count)
        )
        UnitMovement.objects.bulk_create(
            UnitMovement(
                subject=unit, from_state="", to_state=unit.state, actor=by, location=location
            )
            for unit in units
        )
        promise(units)
        return units


def _unused_barcodes(count: int) -> list[str]:
    barcodes: set[str] = set()
    while len(barcodes) < count:
        barcodes |= {new_barcode() for _each in range(count - len(barcodes))}
        taken = TrialUnit.objects.filter(barcode__in=barcodes).values_list("barcode", flat=True)
        barcodes -= set(taken)
    return sorted(barcodes)
