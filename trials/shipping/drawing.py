"""What labels are drawn with: lines of text, boxes, barcodes, on A6 paper."""

import io
import unicodedata
from collections.abc import Iterable

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A6
MARGIN = 7 * mm
REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
# Letters that do not come apart into a base letter and an accent.
LATIN = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H"})


class Sheet:
    """A document of A6 pages, drawn from the top of each downwards."""

    def __init__(self, *, title: str) -> None:
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, pagesize=A6, invariant=True)
        self._canvas.setTitle(title)
        self.y = HEIGHT - MARGIN

    def new_page(self) -> None:
        """Go on at the top of another page."""
        self._canvas.showPage()
        self.y = HEIGHT - MARGIN

    def room(self, height: float) -> bool:
        """Tell whether ``height`` points are left on this page."""
        return self.y - height >= MARGIN

    def text(self, words: str, *, size: float = 9, bold: bool = False, x: float = 0) -> None:
        """Write one line, in smaller letters where it would not fit.

        Args:
            words: what to write.
            size: in points, at most.
            bold: in bold letters.
            x: how far from the margin, in points.
        """
        words, font = printable(words), BOLD if bold else REGULAR
        wide = stringWidth(words, font, size)
        fits = min(size, size * (WIDTH - 2 * MARGIN - x) / wide) if wide else size
        self.y -= size * 1.3
        self._canvas.setFont(font, fits)
        self._canvas.drawString(MARGIN + x, self.y, words)

    def lines(self, lines: Iterable[str], *, size: float = 9, x: float = 0) -> None:
        """Write several lines one below the other."""
        for line in lines:
            self.text(line, size=size, x=x)

    def gap(self, height: float = 2 * mm) -> None:
        """Leave ``height`` points empty."""
        self.y -= height

    def rule(self) -> None:
        """Draw a line from margin to margin."""
        self.gap()
        self._canvas.setLineWidth(0.8)
        self._canvas.line(MARGIN, self.y, WIDTH - MARGIN, self.y)

    def banner(self, words: str) -> None:
        """Write ``words`` in white on black, so that no two labels are mixed up."""
        height = 9 * mm
        self.y -= height
        self._canvas.rect(MARGIN, self.y, WIDTH - 2 * MARGIN, height, stroke=0, fill=1)
        self._canvas.setFillGray(1)
        self._canvas.setFont(BOLD, 13)
        self._canvas.drawString(MARGIN + 3 * mm, self.y + 3 * mm, printable(words))
        self._canvas.setFillGray(0)
        self.gap()

    def barcode(self, value: str, *, height: float, widest: float = 0.33 * mm) -> None:
        """Draw ``value`` as Code 128 with its text below, in the middle of the page.

        Args:
            value: what a scanner reads.
            height: of the bars, in points.
            widest: a bar's width, in points; smaller where the whole would not fit. A laser
                scanner reads bars from a quarter of a millimetre on.
        """
        # The quiet zone a scanner needs is ten bars on each side (ISO/IEC 15417).
        modules = Code128(value, barWidth=1, quiet=False).width + 20
        bar = min(widest, (WIDTH - 2 * mm) / modules)
        code = Code128(value, barWidth=bar, barHeight=height, quiet=False)
        self.y -= height
        code.drawOn(self._canvas, (WIDTH - code.width) / 2, self.y)
        self._canvas.setFont(REGULAR, 8)
        self.y -= 10
        self._canvas.drawCentredString(WIDTH / 2, self.y, value)

    def qr_code(self, value: str, *, size: float) -> None:
        """Draw ``value`` as a QR code, ``size`` points wide, in the middle of the page."""
        code = QrCodeWidget(value, barLevel="M")
        left, bottom, right, top = code.getBounds()
        drawing = Drawing(
            size, size, transform=[size / (right - left), 0, 0, size / (top - bottom), 0, 0]
        )
        drawing.add(code)
        self.y -= size
        renderPDF.draw(drawing, self._canvas, (WIDTH - size) / 2, self.y)

    def pdf(self) -> bytes:
        """Return the document; nothing can be drawn after."""
        self._canvas.save()
        return self._file.getvalue()


def printable(words: str) -> str:
    """Return ``words`` in the letters every printer has (Windows-1252), the nearest for others.

    A carrier reads Latin letters only; an accent that is lost costs no delivery.
    """
    return "".join(_nearest(letter) for letter in words)


def _nearest(letter: str) -> str:
    for tried in (letter, letter.translate(LATIN), unicodedata.normalize("NFKD", letter)[:1]):
        if tried.encode("cp1252", errors="ignore"):
            return tried
    return "?"
