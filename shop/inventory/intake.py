"""Catalogue and stock from one file, in one transaction."""

from pathlib import Path

from django.db import transaction

from shop.catalogue.services.importing import ImportReport, import_products
from shop.inventory.models import StockRecord
from shop.inventory.services import set_all_on_hand


@transaction.atomic
def import_catalogue(*, text: str, pictures: Path, currency: str = "") -> ImportReport:
    """Import products and set what the file counts of each variant.

    Args:
        text: the decoded CSV.
        pictures: the folder of pictures named by relative paths.
        currency: of the prices, ISO 4217; the shop's own if not given.

    Raises:
        CatalogueFileError: something is wrong in the file; nothing was changed.
        StockReservedError: the file counts fewer of a variant than are held for orders.
    """
    report = import_products(text=text, pictures=pictures, currency=currency)
    known = dict(
        StockRecord.objects.filter(variant_id__in=report.on_hand).values_list(
            "variant_id", "on_hand"
        )
    )
    set_all_on_hand(
        {each: count for each, count in report.on_hand.items() if known.get(each) != count}
    )
    return report
