"""Drawn pictures for a whole product file, beside it."""

from collections.abc import Iterable
from pathlib import Path

from shop.catalogue.drawing.finishes import finish_of
from shop.catalogue.drawing.spectacles import Look, draw_spectacles
from shop.catalogue.shopify.products import ParsedProduct, ParsedVariant

Task = tuple[Look, Path]


def draw_missing(products: Iterable[ParsedProduct], folder: Path) -> int:
    """Draw every picture that a file names by a relative path and that does not lie there.

    Args:
        products: of the file.
        folder: where the pictures belong.

    Returns:
        How many were drawn.
    """
    tasks = [
        task for product in products for task in _tasks(product, folder) if not task[1].exists()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    # One after the other: a child made by forking closes the broker's connections it has inherited,
    # and may wait for ever for an answer that its parent reads.
    return sum(map(_draw, tasks))


def _tasks(product: ParsedProduct, folder: Path) -> Iterable[Task]:
    for variant in product.variants:
        if not variant.image_src or "://" in variant.image_src:
            continue
        yield look_of(product, variant), folder / variant.image_src


def look_of(product: ParsedProduct, variant: ParsedVariant) -> Look:
    """Return what the picture of a variant depends on."""
    return Look(
        shape=product.shape,
        material=product.material,
        finish=finish_of(variant.colour, variant.colour_hex2),
        colour=variant.colour_hex,
        colour2=variant.colour_hex2,
        lens_mm=product.lens_width_mm or 50,
        bridge_mm=product.bridge_mm or 20,
        seed=f"{product.handle} {variant.colour}",
    )


def _draw(task: Task) -> int:
    look, path = task
    draw_spectacles(look).save(path, "WEBP", quality=88, method=2)
    return 1
