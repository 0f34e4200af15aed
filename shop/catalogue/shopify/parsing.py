"""From a product CSV to products, or to every mistake in it at once."""

from itertools import pairwise

from shop.catalogue.models import Material, Shape
from shop.catalogue.shopify.facts import fact, millimetres, width_by_size
from shop.catalogue.shopify.products import (
    Mistake,
    ParsedFile,
    ParsedImage,
    ParsedProduct,
)
from shop.catalogue.shopify.prose import prose
from shop.catalogue.shopify.rows import FileUnreadableError, Row, read_rows
from shop.catalogue.shopify.values import flag, handle_of, image_src, text_of, whole
from shop.catalogue.shopify.variants import VariantReader

STATUSES = ("active", "draft", "archived", "unlisted")


class CatalogueFileError(ValueError):
    """The file cannot be imported; ``mistakes`` names everything wrong, by line."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(each) for each in sorted(mistakes)))
        self.mistakes = sorted(mistakes)


def parse_products(text: str) -> ParsedFile:
    """Understand a Shopify product export.

    One handle may stand on several rows, next to each other or not: the first carries the
    product, each row a variant, a picture, or both.

    Args:
        text: the decoded file, line ends untouched.

    Returns:
        The products in the file's order, and what was left aside.

    Raises:
        CatalogueFileError: one mistake or more; nothing of the file should be used.
    """
    mistakes: list[Mistake] = []
    notes: list[Mistake] = []
    groups: dict[str, list[Row]] = {}
    try:
        for row in read_rows(text, mistakes):
            if handle := handle_of(row, mistakes):
                groups.setdefault(handle, []).append(row)
    except FileUnreadableError as error:
        raise CatalogueFileError([Mistake(error.line, "", error.reason)]) from error
    products = []
    for handle, rows in groups.items():
        if flag(rows[0], "gift card", mistakes):
            notes.append(Mistake(rows[0].line, "Gift Card", f"“{handle}” is no frame: left aside"))
            continue
        products.append(_product(handle, rows, mistakes, notes))
    _skus_once(products, mistakes)
    if mistakes:
        raise CatalogueFileError(mistakes)
    return ParsedFile(products, notes)


def _product(
    handle: str, rows: list[Row], mistakes: list[Mistake], notes: list[Mistake]
) -> ParsedProduct:
    first = rows[0]
    tags = list(dict.fromkeys(tag.strip() for tag in first["tags"].split(",") if tag.strip()))
    mistakes.extend(
        Mistake(first.line, "Tags", f"“{tag[:20]}…” is over 60 characters")
        for tag in tags
        if len(tag) > 60
    )
    status = first["status"].lower() or "active"
    if status not in STATUSES:
        mistakes.append(
            Mistake(first.line, "Status", f"“{status}” is none of: {', '.join(STATUSES)}")
        )
    lens, bridge, temple = (
        millimetres(first, name, tags, mistakes)
        for name in ("lens_width_mm", "bridge_mm", "temple_mm")
    )
    facts = {}
    for name, choices in (("shape", Shape), ("material", Material)):
        before = len(mistakes)
        facts[name] = fact(first, name, tags, mistakes)
        if not facts[name] and len(mistakes) == before:
            example = choices.values[0]
            mistakes.append(
                Mistake(
                    first.line,
                    "Tags",
                    f"no {name}: give a metafield custom.{name} or a tag such as {name}:{example}",
                )
            )
    product = ParsedProduct(
        line=first.line,
        handle=handle,
        name=text_of(first, "title", 120, mistakes, required=True),
        brand=text_of(first, "vendor", 80, mistakes),
        description=prose(first["body (html)"]),
        shape=facts["shape"],
        material=facts["material"],
        width=fact(first, "width", tags, mistakes) or width_by_size(lens, bridge),
        lens_width_mm=lens,
        bridge_mm=bridge,
        temple_mm=temple,
        tags=tags,
        published=flag(first, "published", mistakes, default=True) and status == "active",
    )
    product.variants = VariantReader(handle, first, mistakes, notes).read(rows)
    product.images = _images(product, rows, mistakes)
    return product


def _images(product: ParsedProduct, rows: list[Row], mistakes: list[Mistake]) -> list[ParsedImage]:
    images: dict[str, ParsedImage] = {}
    for row in rows:
        if src := image_src(row, "image src", mistakes):
            position = whole(row, "image position", mistakes)
            alt = text_of(row, "image alt text", 200, mistakes)
            images.setdefault(src, ParsedImage(row.line, src, alt, position or len(images) + 1))
    for variant in product.variants:
        if variant.image_src and variant.image_src not in images:
            images[variant.image_src] = ParsedImage(
                variant.line, variant.image_src, "", len(images) + 1
            )
    return sorted(images.values(), key=lambda image: image.position)


def _skus_once(products: list[ParsedProduct], mistakes: list[Mistake]) -> None:
    variants = sorted(
        (variant for product in products for variant in product.variants if variant.sku),
        key=lambda variant: (variant.sku, variant.line),
    )
    for earlier, later in pairwise(variants):
        if earlier.sku == later.sku:
            mistakes.append(
                Mistake(
                    later.line, "Variant SKU", f"“{later.sku}” stands on line {earlier.line} too"
                )
            )
