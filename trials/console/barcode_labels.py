"""Barcode labels of units and of shelves as PDF: on sheets of A4, or one a page for a roll."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from trials.shipping.drawing import BOLD, REGULAR, printable
from trials.units.models import TrialUnit
from trials.units.shelves import shelf_code

QUIET_MODULES = 20
WIDEST_BAR = 0.33 * mm
INSET = 2 * mm
SHELF_SIZE = 30
T = TypeVar("T")


class Paper(TextChoices):
    """What labels are printed on."""

    SHEET = "sheet", _("A4 sheet, 24 labels of 70 × 37 mm")
    ROLL = "roll", _("Roll, labels of 57 × 32 mm")


@dataclass(frozen=True)
class Place:
    """Where a label lies on its page, in points.

    Attributes:
        x, y: of its lower left corner.
        width, height: of it.
    """

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """Where labels lie on a page, in points.

    Attributes:
        page: width and height of the page.
        label: width and height of a label.
        across, down: how many beside and below each other.
    """

    page: tuple[float, float]
    label: tuple[float, float]
    across: int
    down: int

    @property
    def margins(self) -> tuple[float, float]:
        """What is left at the sides and at top and bottom: labels lie in the middle."""
        width, height = self.label
        return (
            (self.page[0] - self.across * width) / 2,
            (self.page[1] - self.down * height) / 2,
        )


LAYOUTS = {
    Paper.SHEET: Layout(A4, (70 * mm, 37 * mm), across=3, down=8),
    Paper.ROLL: Layout((57 * mm, 32 * mm), (57 * mm, 32 * mm), across=1, down=1),
}


def unit_labels_pdf(units: Sequence[TrialUnit], *, paper: Paper) -> bytes:
    """Return a label for each unit: its barcode, its frame, its SKU and its shelf.

    Args:
        units: with variant and frame, in the order they are printed.
        paper: what they are printed on.
    """
    title = units[0].barcode if len(units) == 1 else f"{units[0].barcode} +{len(units) - 1}"
    return _printed(title, units, _unit_label, LAYOUTS[paper])


def shelf_labels_pdf(shelves: Sequence[str], *, paper: Paper) -> bytes:
    """Return a label for each shelf: its name, to be read from afar, and its barcode.

    Args:
        shelves: their names, in the order they are printed.
        paper: what they are printed on.
    """
    title = shelves[0] if len(shelves) == 1 else f"{shelves[0]} +{len(shelves) - 1}"
    return _printed(title, shelves, _shelf_label, LAYOUTS[paper])


def _printed(
    title: str, things: Sequence[T], draw: Callable[[Canvas, T, Place], None], layout: Layout
) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=layout.page, invariant=True)
    canvas.setTitle(printable(title))
    a_page = layout.across * layout.down
    side, top = layout.margins
    width, height = layout.label
    for number, thing in enumerate(things):
        if number and number % a_page == 0:
            canvas.showPage()
        row, column = divmod(number % a_page, layout.across)
        y = layout.page[1] - top - (row + 1) * height
        draw(canvas, thing, Place(side + column * width, y, width, height))
    canvas.save()
    return file.getvalue()


def _unit_label(canvas: Canvas, unit: TrialUnit, at: Place) -> None:
    middle, room = at.x + at.width / 2, at.width - 2 * INSET
    line = at.y + at.height - INSET
    for words, font, size in (
        (unit.variant.frame.name, BOLD, 9),
        (unit.variant.label, REGULAR, 7),
    ):
        line -= size * 1.2
        _centred(canvas, words, font=font, size=size, x=middle, y=line, room=room)
    _centred(
        canvas,
        " · ".join(filter(None, [unit.variant.sku, unit.location])),
        font=REGULAR,
        size=7,
        x=middle,
        y=at.y + INSET,
        room=room,
    )
    _centred(canvas, unit.barcode, font=BOLD, size=8, x=middle, y=at.y + INSET + 9, room=room)
    foot = at.y + INSET + 18
    _barcode(canvas, unit.barcode, x=middle, y=foot, height=line - foot - 3, room=at.width - 2 * mm)


def _shelf_label(canvas: Canvas, shelf: str, at: Place) -> None:
    middle, room = at.x + at.width / 2, at.width - 2 * INSET
    line = at.y + at.height - INSET - SHELF_SIZE * 0.9
    _centred(canvas, shelf, font=BOLD, size=SHELF_SIZE, x=middle, y=line, room=room)
    code, foot = shelf_code(shelf), at.y + INSET + 9
    _centred(canvas, code, font=REGULAR, size=7, x=middle, y=at.y + INSET, room=room)
    _barcode(canvas, code, x=middle, y=foot, height=line - foot - 6, room=at.width - 2 * mm)


def _centred(
    canvas: Canvas, words: str, *, font: str, size: float, x: float, y: float, room: float
) -> None:
    words = printable(words)
    wide = stringWidth(words, font, size)
    canvas.setFont(font, min(size, size * room / wide) if wide else size)
    canvas.drawCentredString(x, y, words)


def _barcode(canvas: Canvas, value: str, *, x: float, y: float, height: float, room: float) -> None:
    """Draw Code 128 with the quiet zone a scanner needs (ISO/IEC 15417): ten bars on each side."""
    modules = Code128(value, barWidth=1, quiet=False).width + QUIET_MODULES
    code = Code128(value, barWidth=min(WIDEST_BAR, room / modules), barHeight=height, quiet=False)
    code.drawOn(canvas, x - code.width / 2, y)
