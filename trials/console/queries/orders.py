"""Orders at the packing table."""

from django.db.models import Q

from shop.catalogue.models import Variant
from trials.units.models import TrialUnit


def is_a_piece(scanned: str) -> bool:
    """Tell whether a scan is of a frame, new or on trial, and so no carrier's label.

    Args:
        scanned: in capitals, without blanks.
    """
    variants = Variant.objects.filter(Q(sku__iexact=scanned) | Q(barcode=scanned))
    return TrialUnit.objects.filter(barcode=scanned).exists() or variants.exists()
