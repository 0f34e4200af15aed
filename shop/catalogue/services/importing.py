"""Taking a parsed product file in: all of it, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from djmoney.money import Money

from shop.catalogue.models import Frame, Variant
from shop.catalogue.services.import_pictures import PictureImport
from shop.catalogue.services.listing import refresh_listings
from shop.catalogue.shopify.parsing import CatalogueFileError, parse_products
from shop.catalogue.shopify.products import Mistake, ParsedProduct, ParsedVariant
from shop.foundation.locks import lock_name

FRAME_FIELDS = (
    *("name", "brand", "description", "shape", "material", "width", "tags", "published"),
    *("lens_width_mm", "bridge_mm", "temple_mm"),
)
VARIANT_FIELDS = (
    *("sku", "colour", "colour_family", "colour_hex", "colour_hex2", "size", "barcode"),
    *("price", "compare_at_price", "position", "active"),
)


@dataclass
class ImportReport:
    """What an import did.

    Attributes:
        created, updated, unchanged: frames.
        retired: variants the file has no more; they are kept, and no longer sold.
        pictures_added: stored now.
        pictures_waiting: known by address only, to be fetched.
        notes: what was left aside or guessed, by line.
        on_hand: pieces counted, by variant id, for the room of stock.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    pictures_added: int = 0
    pictures_waiting: int = 0
    notes: list[Mistake] = field(default_factory=list)
    on_hand: dict[int, int] = field(default_factory=dict)


def import_products(*, text: str, pictures: Path, currency: str = "") -> ImportReport:
    """Bring the catalogue to what a Shopify product export says.

    Frames are known by handle, variants by SKU, or else by colour and size. A handle the file
    does not name stays as it is; the same file again changes nothing.

    Args:
        text: the decoded CSV.
        pictures: the folder in which relative ``Image Src`` are looked for.
        currency: of the prices, ISO 4217; the shop's own if not given.

    Raises:
        CatalogueFileError: something is wrong in the file; nothing was changed.
    """
    parsed = parse_products(text)
    importer = _Import(currency or settings.DEFAULT_CURRENCY, pictures)
    try:
        with transaction.atomic():
            # Two imports at once would each find the other's frames missing.
            lock_name("catalogue.import")
            importer.run(parsed.products)
    except BaseException:
        for name in importer.pictures.stored:
            default_storage.delete(name)
        raise
    importer.report.notes = sorted(parsed.notes)
    return importer.report


class _Import:
    """One run: what stands in the database is read once, and only what differs is written."""

    def __init__(self, currency: str, folder: Path) -> None:
        self.currency = currency
        self.report = ImportReport()
        self.mistakes: list[Mistake] = []
        self.pictures = PictureImport(folder, self.mistakes)
        self.changed: set[int] = set()

    def run(self, products: list[ParsedProduct]) -> None:
        known = {
            frame.handle: frame
            for frame in Frame.objects.filter(
                handle__in=[product.handle for product in products]
            ).prefetch_related("variants", "images")
        }
        self._skus_free(products)
        for product in products:
            self._take(product, known.get(product.handle))
        if self.mistakes:
            raise CatalogueFileError(self.mistakes)
        refresh_listings(frame_ids=self.changed)
        self.report.pictures_added = len(self.pictures.stored)
        self.report.pictures_waiting = len(self.pictures.asked)

    def _skus_free(self, products: list[ParsedProduct]) -> None:
        """Write down SKUs that another frame of the shop has."""
        wanted = {
            variant.sku: (product.handle, variant.line)
            for product in products
            for variant in product.variants
        }
        taken = Variant.objects.filter(sku__in=wanted).values_list("sku", "frame__handle")
        for sku, handle in taken:
            wants, line = wanted[sku]
            if wants != handle:
                reason = f"“{sku}” is already a variant of “{handle}”"
                self.mistakes.append(Mistake(line, "Variant SKU", reason))

    def _take(self, product: ParsedProduct, frame: Frame | None) -> None:
        if self.mistakes:
            return self.pictures.check_only(product)
        created = frame is None
        values = {name: getattr(product, name) for name in FRAME_FIELDS}
        if frame is None:
            frame = Frame.objects.create(handle=product.handle, **values)
        changed = _set(frame, values) and not created
        if changed:
            frame.save(update_fields=[*FRAME_FIELDS, "updated_at"])
        standing = [] if created else list(frame.variants.all())
        variants, touched = self._variants(frame, product.variants, standing)
        changed |= touched
        changed |= self.pictures.take(
            frame, product, variants, [] if created else frame.images.all()
        )
        if created:
            self.report.created += 1
        elif changed:
            self.report.updated += 1
        else:
            self.report.unchanged += 1
        if created or changed:
            self.changed.add(frame.pk)
        return None

    def _variants(
        self, frame: Frame, parsed: list[ParsedVariant], standing: list[Variant]
    ) -> tuple[list[Variant], bool]:
        pairs = list(_matched(parsed, standing))
        kept = {variant.pk for _, variant in pairs if variant}
        retired = [each for each in standing if each.pk not in kept and each.active]
        Variant.objects.filter(pk__in=[each.pk for each in retired]).update(active=False)
        self.report.retired += len(retired)
        changed = bool(retired)
        to_save: list[Variant] = []
        result: list[Variant] = []
        for position, (each, variant) in enumerate(pairs, start=1):
            values = self._values(each, position)
            if variant is None:
                variant = Variant(frame=frame, **values)
                to_save.append(variant)
            elif _set(variant, values):
                # Colours may change places: the unique index looks at every single write.
                Variant.objects.filter(pk=variant.pk).update(colour=f"~{variant.pk}")
                to_save.append(variant)
            result.append(variant)
        for variant in to_save:
            variant.save()
        for each, variant in zip(parsed, result, strict=True):
            if each.quantity is not None:
                self.report.on_hand[variant.pk] = each.quantity
        return result, changed or bool(to_save)

    def _values(self, each: ParsedVariant, position: int) -> dict[str, Any]:
        before = each.compare_at_price
        own = ("price", "compare_at_price", "position", "active")
        return {name: getattr(each, name) for name in VARIANT_FIELDS if name not in own} | {
            "price": Money(each.price, self.currency),
            "compare_at_price": None if before is None else Money(before, self.currency),
            "position": position,
            "active": True,
        }


def _set(row: Any, values: dict[str, Any]) -> bool:
    """Set fields; tell whether any differed."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _matched(
    parsed: list[ParsedVariant], standing: list[Variant]
) -> Iterable[tuple[ParsedVariant, Variant | None]]:
    """Yield each variant of the file with the row it means: by SKU first, then colour and size."""
    by_sku = {variant.sku: variant for variant in standing}
    spoken_for = {each.sku for each in parsed}
    by_looks = {
        (variant.colour.lower(), variant.size.lower()): variant
        for variant in standing
        if variant.sku not in spoken_for
    }
    for each in parsed:
        looks = (each.colour.lower(), each.size.lower())
        yield each, by_sku.get(each.sku) or by_looks.get(looks)
