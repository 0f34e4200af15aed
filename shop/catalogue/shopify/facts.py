"""What makes a product a frame: shape, material, width, millimetres; from metafields or tags."""

import re

from shop.catalogue.models import Material, Shape, Width
from shop.catalogue.shopify.products import Mistake
from shop.catalogue.shopify.rows import Row

MILLIMETRES = re.compile(r"^(\d{1,3})(?:\.0+)?\s*(?:mm)?$")
# By lens and bridge together, where the file says no width: usual grades of makers' size charts.
NARROW_BELOW_MM = 67
WIDE_FROM_MM = 73


def _key(text: str) -> str:
    return re.sub(r"[^a-z]+", "_", text.lower()).strip("_")


def _spellings(choices: type[Shape | Material | Width]) -> dict[str, str]:
    spellings = {_key(value): value for value in choices.values}
    return spellings | {value.replace("_", ""): value for value in choices.values}


SPELLINGS = {
    "shape": _spellings(Shape),
    "material": _spellings(Material),
    "width": _spellings(Width),
}
METAFIELDS = {
    "shape": ("shape", "frame_shape", "eyewear_frame_shape"),
    "material": ("material", "frame_material", "eyewear_frame_material"),
    "width": ("width", "frame_width", "fit"),
    "lens_width_mm": ("lens_width_mm", "lens_width"),
    "bridge_mm": ("bridge_mm", "bridge_width", "bridge"),
    "temple_mm": ("temple_mm", "temple_length", "temple"),
}


def fact(row: Row, name: str, tags: list[str], mistakes: list[Mistake]) -> str:
    """Return shape, material or width of a product; empty where nothing is said.

    Args:
        row: the product's first row.
        name: ``shape``, ``material`` or ``width``.
        tags: the product's tags: ``shape:round``, or just ``Round``.
        mistakes: takes a value that is none of the known ones.
    """
    spellings = SPELLINGS[name]
    value, column = row.metafield(*METAFIELDS[name])
    if not value:
        prefixed = [tag.partition(":")[2] for tag in tags if _key(tag.partition(":")[0]) == name]
        plain = [tag for tag in tags if _key(tag) in spellings]
        value, column = next(iter([*prefixed, *plain]), ""), "Tags"
    if not value:
        return ""
    known = spellings.get(_key(value), "")
    if not known:
        allowed = ", ".join(sorted(set(spellings.values())))
        mistakes.append(Mistake(row.line, column, f"“{value}” is no {name}; one of: {allowed}"))
    return known


def millimetres(row: Row, name: str, tags: list[str], mistakes: list[Mistake]) -> int | None:
    """Return one of a product's sizes; nothing where the file has none."""
    value, column = row.metafield(*METAFIELDS[name])
    if not value:
        short = name.removesuffix("_mm").removesuffix("_width")
        found = (tag.partition(":")[2] for tag in tags if _key(tag.partition(":")[0]) == short)
        value, column = next(found, "").strip(), "Tags"
    if not value:
        return None
    # A metafield of the type "dimension" is exported as {"value": 48.0, "unit": "mm"}.
    if found_json := re.search(r'"value"\s*:\s*"?([\d.]+)', value):
        value = found_json[1]
    if match := MILLIMETRES.match(value):
        return int(match[1])
    mistakes.append(Mistake(row.line, column, f"“{value}” is no length in whole millimetres"))
    return None


def width_by_size(lens_width_mm: int | None, bridge_mm: int | None) -> str:
    """Return how wide a frame is by its sizes; medium where they are unknown."""
    if lens_width_mm is None or bridge_mm is None:
        return Width.MEDIUM
    total = lens_width_mm + bridge_mm
    if total < NARROW_BELOW_MM:
        return Width.NARROW
    return Width.WIDE if total >= WIDE_FROM_MM else Width.MEDIUM
