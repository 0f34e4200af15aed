"""What is free to be sold."""

from collections.abc import Iterable

from django.db.models import F

from shop.inventory.models import StockRecord


def free_stock(variant_ids: Iterable[int]) -> dict[int, int]:
    """Return how many of each variant can be sold; variants without a record are left out."""
    rows = StockRecord.objects.filter(variant_id__in=variant_ids)
    return dict(rows.values_list("variant_id", F("on_hand") - F("reserved")))
