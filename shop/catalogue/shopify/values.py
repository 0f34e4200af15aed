"""Single cells: each read by one function that says what is wrong with it."""

import re
from decimal import Decimal
from pathlib import PurePosixPath

from shop.catalogue.shopify.products import Mistake
from shop.catalogue.shopify.rows import Row

HANDLE = re.compile(r"^[a-z0-9]+(?:[-_]+[a-z0-9]+)*$")
PRICE = re.compile(r"^\d{1,9}(?:\.\d{1,2}0*)?$")
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")
IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


def handle_of(row: Row, mistakes: list[Mistake]) -> str:
    """Return the row's handle; empty, with a mistake written down, where it has none."""
    handle = row["handle"].lower()
    name = row.header.name("handle")
    if not handle:
        mistakes.append(Mistake(row.line, name, "is empty: every row names its product"))
    elif not HANDLE.match(handle) or len(handle) > 120:
        mistakes.append(
            Mistake(
                row.line,
                name,
                f"“{handle[:40]}” may only have a-z, 0-9 and single hyphens, up to 120",
            )
        )
    else:
        return handle
    return ""


def text_of(
    row: Row, column: str, limit: int, mistakes: list[Mistake], *, required: bool = False
) -> str:
    """Return a cell of plain text, at most ``limit`` characters long."""
    text = " ".join(row[column].split())
    if required and not text:
        reason = "is empty on the first row of its handle"
        mistakes.append(Mistake(row.line, row.header.name(column), reason))
    if len(text) > limit:
        reason = f"is {len(text)} characters long, {limit} fit"
        mistakes.append(Mistake(row.line, row.header.name(column), reason))
    return text


def code_of(row: Row, column: str, limit: int, mistakes: list[Mistake]) -> str:
    """Return a SKU or barcode without the apostrophe that spreadsheets put before digits."""
    return text_of(row, column, limit, mistakes).removeprefix("'").strip()


def flag(row: Row, column: str, mistakes: list[Mistake], *, default: bool = False) -> bool:
    """Return whether a cell says true; ``default`` where it is empty."""
    value = row[column].lower()
    if value and value not in TRUE + FALSE:
        reason = f"“{row[column]}” is neither TRUE nor FALSE"
        mistakes.append(Mistake(row.line, row.header.name(column), reason))
    return value in TRUE if value else default


def price(row: Row, column: str, mistakes: list[Mistake]) -> Decimal | None:
    """Return an amount, zero or more with up to two decimals; nothing where it is empty."""
    value = row[column].removeprefix("'")
    if not value:
        return None
    if not PRICE.match(value):
        reason = f"“{value}” is no price: write digits and a decimal point, as in 129.00"
        mistakes.append(Mistake(row.line, row.header.name(column), reason))
        return None
    return Decimal(value)


def whole(row: Row, column: str, mistakes: list[Mistake], *, limit: int = 32_767) -> int | None:
    """Return a whole number, zero to ``limit``; nothing where the cell is empty."""
    value = row[column]
    if not value:
        return None
    if not re.fullmatch(r"\d{1,9}", value) or int(value) > limit:
        reason = f"“{value}” is no whole number from 0 to {limit}"
        mistakes.append(Mistake(row.line, row.header.name(column), reason))
        return None
    return int(value)


def image_src(row: Row, column: str, mistakes: list[Mistake]) -> str:
    """Return a picture's address, or its path beside the file."""
    src = row[column]
    if not src:
        return ""
    name = row.header.name(column)
    if len(src) > 470:
        mistakes.append(Mistake(row.line, name, "is over 470 characters long"))
    elif "://" in src:
        if not src.startswith(("https://", "http://")):
            mistakes.append(
                Mistake(row.line, name, f"“{src[:60]}” begins with neither https nor http")
            )
    else:
        path = PurePosixPath(src.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in src:
            mistakes.append(
                Mistake(row.line, name, f"“{src[:60]}” leads out of the pictures' folder")
            )
        elif path.suffix.lower() not in IMAGE_ENDINGS:
            endings = ", ".join(IMAGE_ENDINGS)
            mistakes.append(Mistake(row.line, name, f"“{src[:60]}” ends in none of: {endings}"))
        return str(path)
    return src
