"""Papers of the warehouse on A4: the pick list, tote labels, a manifest, the control barcodes."""

import io
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from shop.orders.models import Order, OrderLine
from trials.fulfilment.models import Manifest, ManifestParcel, PickBatch
from trials.fulfilment.queries.batches import PickLine
from trials.shipping.drawing import BOLD, REGULAR, printable

MARGIN = 15 * mm
TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=24)
LARGE = ParagraphStyle("large", fontName=BOLD, fontSize=14, leading=19)
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=10, leading=14)
ROWS = TableStyle(
    [
        ("FONT", (0, 0), (-1, 0), BOLD, 9),
        ("FONT", (0, 1), (-1, -1), REGULAR, 10),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def pick_list_pdf(batch: PickBatch, lines: Sequence[PickLine]) -> bytes:
    """Return a batch's pick list in the order of the walk, and a label for each tote behind it.

    Args:
        batch: which.
        lines: as ``pick_lines`` returns them; those of trials called off are left out.
    """
    wanted = [line for line in lines if not line.called_off]
    head = [_("Shelf"), _("Frame"), _("Unit"), _("Tote"), ""]
    rows = [
        [
            line.location or "–",
            _paragraph(line.frame),
            line.barcode,
            str(line.tote),
            _("short") if line.short else "",
        ]
        for line in wanted
    ]
    totes = {line.tote: line for line in wanted}
    story = [
        _title(_("Pick list %(batch)s") % {"batch": batch}),
        _paragraph(_made(batch.created_at, _units(len(rows)))),
        Spacer(1, 4 * mm),
        _table([head, *rows], [22 * mm, 82 * mm, 34 * mm, 18 * mm, 18 * mm]),
        Spacer(1, 8 * mm),
    ]
    for position in sorted(totes):
        line = totes[position]
        words = _("Tote %(tote)s") % {"tote": position}
        story.append(_labelled(f"{words} · {line.trial}", line.tote_code))
    return _document(str(batch), story)


def manifest_pdf(manifest: Manifest, parcels: Sequence[ManifestParcel]) -> bytes:
    """Return a manifest with its parcels, their number and a line to be signed.

    Args:
        manifest: which.
        parcels: as ``manifest_parcels`` returns them; those left out are named apart.
    """
    going = [each for each in parcels if not each.left_out]
    head = ["", _("Tracking number"), _("Trial"), _("To")]
    rows = [
        [
            str(number),
            each.shipment.tracking_number,
            each.shipment.trial.number,
            _paragraph(
                f"{each.shipment.trial.address.postal_code} {each.shipment.trial.address.city}"
            ),
        ]
        for number, each in enumerate(going, start=1)
    ]
    count = ngettext("%(n)s parcel", "%(n)s parcels", len(going)) % {"n": len(going)}
    at = manifest.closed_at or manifest.created_at
    story = [
        _title(_("Manifest %(manifest)s") % {"manifest": manifest}),
        _paragraph(f"{manifest.carrier} · {_made(at, count)}"),
        _paragraph(", ".join(settings.SHOP_ADDRESS)),
        Spacer(1, 4 * mm),
        _table([head, *rows], [12 * mm, 70 * mm, 32 * mm, 60 * mm]),
    ]
    left_out = [each.shipment.trial.number for each in parcels if each.left_out]
    if left_out:
        story += [
            Spacer(1, 3 * mm),
            _paragraph(_("Left out: %(trials)s") % {"trials": ", ".join(left_out)}),
        ]
    received = _("%(count)s received, date and signature of the carrier") % {"count": count}
    line = Table([[""], [printable(received)]], colWidths=[110 * mm], rowHeights=[18 * mm, None])
    line.setStyle(TableStyle([("LINEBELOW", (0, 0), (0, 0), 0.8, colors.black)]))
    return _document(str(manifest), [*story, KeepTogether([Spacer(1, 6 * mm), line])])


def packing_slip_pdf(order: Order, lines: Sequence[OrderLine]) -> bytes:
    """Return the slip of an order: where it goes, its number to be scanned, what is in it.

    Args:
        order: which, with its address.
        lines: with their variants. No price is on it: it may be a present.
    """
    address = [Paragraph(_escaped(line), LARGE) for line in order.address.lines]
    head = ["", _("Frame"), _("SKU")]
    rows = [[str(line.quantity), _paragraph(line.name), line.variant.sku] for line in lines]
    pieces = sum(line.quantity for line in lines)
    story = [
        _paragraph(", ".join(settings.SHOP_ADDRESS)),
        Spacer(1, 6 * mm),
        *address,
        Spacer(1, 14 * mm),
        _title(_("Order %(number)s") % {"number": order.number}),
        _labelled(
            _made(order.placed_at, ngettext("%(n)s piece", "%(n)s pieces", pieces) % {"n": pieces}),
            order.number,
        ),
        _table([head, *rows], [14 * mm, 100 * mm, 60 * mm]),
    ]
    return _document(order.number, story)


def control_codes_pdf(codes: Sequence[tuple[str, str]]) -> bytes:
    """Return the barcodes that work a station without keyboard or mouse, to be hung up there.

    Args:
        codes: what each says to the scanner, and what it does, in words.
    """
    story = [
        _title(_("Control barcodes")),
        _paragraph(_("Scan one instead of pressing a button. Hang this sheet up at the table.")),
        Spacer(1, 6 * mm),
        *(_labelled(words, code) for code, words in codes),
    ]
    return _document(_("Control barcodes"), story)


def _document(title: str, story: list[Flowable]) -> bytes:
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        title=printable(title),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        invariant=True,
    )
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(REGULAR, 8)
    canvas.drawRightString(A4[0] - MARGIN, 8 * mm, f"{document.title} · {document.page}")


def _title(words: str) -> Flowable:
    return Paragraph(_escaped(words), TITLE)


def _paragraph(words: str) -> Flowable:
    return Paragraph(_escaped(words), TEXT)


def _escaped(words: str) -> str:
    # A paragraph reads tags; people's cities and frames' names are none.
    return printable(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _table(rows: list[list[Any]], widths: list[float]) -> Flowable:
    drawn = [[printable(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    return Table(drawn, colWidths=widths, repeatRows=1, style=ROWS, hAlign="LEFT")


def _labelled(words: str, code: str) -> Flowable:
    bars = Code128(code, barWidth=0.4 * mm, barHeight=14 * mm, humanReadable=True)
    title = Paragraph(_escaped(words), ParagraphStyle("label", parent=TEXT, fontName=BOLD))
    return KeepTogether([title, Spacer(1, 1 * mm), bars, Spacer(1, 7 * mm)])


def _made(at: Any, count: str) -> str:
    return f"{date_format(timezone.localtime(at), 'SHORT_DATETIME_FORMAT')} · {count}"


def _units(count: int) -> str:
    return ngettext("%(n)s unit", "%(n)s units", count) % {"n": count}
