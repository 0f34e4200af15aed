"""Units as a CSV file lists them: understood line by line, with everything that is wrong in it."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.foundation.card_numbers import CardNumberError, contains_card_number
from shop.foundation.plain_text import one_line
from trials.units.barcodes import PREFIX, normalised
from trials.units.errors import ShelfInvalidError, UnitFileError
from trials.units.models import Grade
from trials.units.shelves import LABEL, shelf

COLUMNS = ("sku", "barcode", "shelf", "grade")
NEEDED = ("sku", "barcode")
# What is looked at travels through the page it is shown on, whose fields hold 2 MiB.
MOST_LINES, MOST_BYTES = 25_000, 1_400_000
# As Code 128 and Code 39 print it, and an address says it. Shorter ones are keys of the check-in.
BARCODE = re.compile(r"[A-Z0-9][A-Z0-9._:$+-]{3,39}")
# What a scan means something else by: a unit the shop labels, a shelf, a control barcode of a
# station or of the check-in table, the number of a trial or of an order, a tote.
MEANT_OTHERWISE = re.compile(
    rf"{PREFIX}\d+|{LABEL}.*|DO-.*|CHECK-.*|T-[A-Z0-9]{{7}}|L-[A-Z0-9]{{8}}|B\d{{1,9}}-\d{{1,3}}"
)


class Trouble(models.TextChoices):
    """Why a line makes no unit."""

    FIELDS = "fields", gettext_lazy("The line has more fields than the first line names.")
    UNKNOWN_SKU = "unknown_sku", gettext_lazy("No variant has this SKU.")
    BARCODE_UNREADABLE = (
        "barcode_unreadable",
        gettext_lazy(
            "The barcode is not 4 to 40 characters of A to Z, 0 to 9 and . _ : $ + - that begin "
            "with a letter or a digit."
        ),
    )
    BARCODE_OURS = (
        "barcode_ours",
        gettext_lazy(
            "The barcode reads like one that the shop makes itself: for units (LG…), shelves "
            "(LGS-…), stations (DO-…, CHECK-…), totes, trials or orders."
        ),
    )
    BARCODE_TWICE = "barcode_twice", gettext_lazy("The barcode stands in the file more than once.")
    BARCODE_TAKEN = "barcode_taken", gettext_lazy("Another unit has this barcode already.")
    GRADE_UNKNOWN = "grade_unknown", gettext_lazy("The grade is none of A, B, C and D.")
    SHELF_TOO_LONG = (
        "shelf_too_long",
        gettext_lazy("The name of the shelf has more than 20 characters."),
    )
    CARD_NUMBER = (
        "card_number",
        gettext_lazy("Barcode or shelf look like the number of a payment card."),
    )


@dataclass(frozen=True)
class FileLine:
    """One line that asks for a unit, as it would be stored.

    Attributes:
        number: of the line in the file, the first being 1.
        sku: as it was written.
        barcode: as a scanner's reading of it is looked up.
        location: the shelf; empty for none.
        grade: A where the file says none.
    """

    number: int
    sku: str
    barcode: str
    location: str
    grade: str


@dataclass
class UnitFile:
    """What a file asks for.

    Attributes:
        lines: those that could be read.
        troubles: numbers of the lines by what is wrong in them.
    """

    lines: list[FileLine] = field(default_factory=list)
    troubles: dict[Trouble, list[int]] = field(default_factory=lambda: defaultdict(list))


def decoded(content: bytes) -> str:
    """Return a file as text.

    Args:
        content: UTF-8, with or without a byte order mark.

    Raises:
        UnitFileError: it is too large, or in another encoding.
    """
    _check_size(len(content))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnitFileError(
            _("This is no text in UTF-8. Save the table as “CSV UTF-8” and choose it again.")
        ) from error


def read_units(text: str) -> UnitFile:
    """Understand a CSV file whose first line names its columns, in any order.

    Args:
        text: of the file, its fields divided by commas or semicolons.

    Raises:
        UnitFileError: it is too large, has no such first line or no other, or a quote stays open.
    """
    _check_size(len(text.encode(errors="replace")))
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    divider = ";" if first.count(";") > first.count(",") else ","
    found, count = UnitFile(), 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        places = _columns(next(reader, []))
        for number, cells in _rows(reader):
            count += 1
            if count > MOST_LINES:
                raise UnitFileError(
                    _("A file has at most %(most)s lines. Divide it.") % {"most": MOST_LINES},
                    most=MOST_LINES,
                )
            _read(number, cells, places, found)
    except csv.Error as error:
        raise UnitFileError(
            _("Line %(line)s cannot be read: is a quotation mark open?") % {"line": reader.line_num}
        ) from error
    if not count:
        raise UnitFileError(_("Nothing follows the first line, so there is no unit to make."))
    _barcodes_once(found)
    return found


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise UnitFileError(
            _("A file has at most %(most)s bytes. Divide it.") % {"most": MOST_BYTES},
            most=MOST_BYTES,
        )


def _columns(names: list[str]) -> Mapping[str, int]:
    """Return where each column stands."""
    named = [one_line(name).lower() for name in names]
    unknown = [name for name in named if name not in COLUMNS]
    if unknown or len(set(named)) < len(named) or not set(NEEDED) <= set(named):
        raise UnitFileError(
            _(
                "The first line names each column once: %(needed)s, and if you like %(others)s. "
                "Here it says: %(here)s."
            )
            % {
                "needed": ", ".join(NEEDED),
                "others": ", ".join(COLUMNS[len(NEEDED) :]),
                "here": ", ".join(each[:20] or "–" for each in named[:10]) or "–",
            }
        )
    return {name: place for place, name in enumerate(named)}


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds anything with the number of the line it begins on."""
    begins = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1  # type: ignore[attr-defined]


def _read(number: int, cells: list[str], places: Mapping[str, int], found: UnitFile) -> None:
    if len(cells) > len(places):
        found.troubles[Trouble.FIELDS].append(number)
        return
    said = {
        name: one_line(cells[place]) if place < len(cells) else "" for name, place in places.items()
    }
    barcode = normalised(said["barcode"])
    grade = said.get("grade", "").upper() or Grade.A
    location, wrong = _shelf(said.get("shelf", ""))
    wrong |= _wrong_with(barcode)
    if grade not in Grade.values:
        wrong.add(Trouble.GRADE_UNKNOWN)
    for trouble in wrong:
        found.troubles[trouble].append(number)
    found.lines.append(FileLine(number, said["sku"], barcode, location, grade))


def _shelf(said: str) -> tuple[str, set[Trouble]]:
    try:
        return shelf(said), set()
    except ShelfInvalidError:
        return "", {Trouble.SHELF_TOO_LONG}
    except CardNumberError:
        return "", {Trouble.CARD_NUMBER}


def _wrong_with(barcode: str) -> set[Trouble]:
    if contains_card_number(barcode):
        return {Trouble.CARD_NUMBER}
    if MEANT_OTHERWISE.fullmatch(barcode):
        return {Trouble.BARCODE_OURS}
    return set() if BARCODE.fullmatch(barcode) else {Trouble.BARCODE_UNREADABLE}


def _barcodes_once(found: UnitFile) -> None:
    lines: dict[str, list[int]] = defaultdict(list)
    for each in found.lines:
        if BARCODE.fullmatch(each.barcode):
            lines[each.barcode].append(each.number)
    twice = sorted(number for numbers in lines.values() if len(numbers) > 1 for number in numbers)
    if twice:
        found.troubles[Trouble.BARCODE_TWICE] = twice
