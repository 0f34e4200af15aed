"""Rows of a product CSV, by the column names of today's and yesterday's exports."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from shop.catalogue.shopify.products import Mistake

# Newer files name the same columns otherwise. Left the export's name, right the newer template's:
# https://help.shopify.com/en/manual/products/import-export/using-csv
NEWER_NAMES = {
    "handle": "url handle",
    "body (html)": "description",
    "published": "published on online store",
    "variant sku": "sku",
    "variant barcode": "barcode",
    "variant price": "price",
    "variant compare at price": "compare-at price",
    "variant inventory qty": "inventory quantity",
    "variant image": "variant image url",
    "image src": "product image url",
}
METAFIELD = re.compile(r"\((?:product|variant)\.metafields\.[\w-]+\.([\w-]+)\)\s*$")


class FileUnreadableError(ValueError):
    """The file is no product CSV at all.

    Attributes:
        line: where that shows.
        reason: what is wrong.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Header:
    """The first row: where each column stands and how the file itself calls it."""

    names: list[str]
    positions: dict[str, int]
    metafields: dict[str, int]

    def name(self, column: str) -> str:
        """Return the file's own name of a column, given in lower case."""
        position = self.positions.get(column)
        return self.names[position] if position is not None else column.title()


@dataclass(frozen=True)
class Row:
    """One record with the line it begins on."""

    line: int
    cells: list[str]
    header: Header

    def __getitem__(self, column: str) -> str:
        """Return a cell, stripped; empty where the file has no such column."""
        return self._cell(self.header.positions.get(column))

    def metafield(self, *keys: str) -> tuple[str, str]:
        """Return the first filled metafield of ``keys``: its value and its column's name."""
        for key in keys:
            position = self.header.metafields.get(key)
            if value := self._cell(position):
                return value, self.header.names[position or 0]
        return "", ""

    def _cell(self, position: int | None) -> str:
        if position is None or position >= len(self.cells):
            return ""
        return self.cells[position].strip()


def read_rows(text: str, mistakes: list[Mistake]) -> Iterator[Row]:
    """Yield the rows that hold anything; too long rows are added to ``mistakes``.

    Args:
        text: the file, its line ends as they were.
        mistakes: takes what is wrong.

    Raises:
        FileUnreadableError: no header, columns missing or twice, or a quote never closed.
    """
    # Without newline="" a quoted line end would be counted and kept in another form.
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = _header(next(reader, []))
        begins = reader.line_num + 1
        for cells in reader:
            row = Row(begins, cells, header)
            begins = reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header.names):
                mistakes.append(
                    Mistake(
                        row.line,
                        "",
                        f"has {len(cells)} fields, but the header only {len(header.names)}: "
                        "a text with commas must stand in quotes",
                    )
                )
                continue
            yield row
    except csv.Error as error:
        raise FileUnreadableError(reader.line_num, f"{error}; is a quote open?") from error


def _header(names: list[str]) -> Header:
    names = [name.strip() for name in names]
    lower = {name.lower(): position for position, name in enumerate(names) if name}
    if len(lower) < len([name for name in names if name]):
        twice = sorted({name for name in names if name and names.count(name) > 1})
        raise FileUnreadableError(1, f"columns named twice: {', '.join(twice)}")
    positions = dict(lower)
    for name, newer in NEWER_NAMES.items():
        if name not in positions and newer in positions:
            positions[name] = positions[newer]
    missing = [name for name in ("handle", "title", "variant price") if name not in positions]
    if missing:
        raise FileUnreadableError(
            1,
            f"columns missing: {', '.join(name.title() for name in missing)}. "
            "Is this a Shopify product export, comma-separated?",
        )
    metafields: dict[str, int] = {}
    for position, name in enumerate(names):
        if found := METAFIELD.search(name):
            metafields.setdefault(found[1].lower().replace("-", "_"), position)
    return Header(names, positions, metafields)
