"""Labels and packing slips in the customer's language, as PDF for a label printer with A6 paper."""

import io
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pypdf import PdfWriter
from reportlab.lib.units import mm

from trials.home_trials.models import Trial, TrialItem
from trials.programme.models import DayCount, ProgrammeVersion
from trials.shipping.carriers import CARRIERS
from trials.shipping.drawing import Sheet
from trials.shipping.errors import NoLabelsYetError
from trials.shipping.models import Leg, Shipment
from trials.shipping.queries import shipments_of

FRAME_HEIGHT = 17 * mm
CODE_SIZE = 18 * mm


def label_pdf(shipment: Shipment) -> bytes:
    """Return one label: the carrier's own, or one drawn here. May ask over the network.

    Args:
        shipment: with its trial and the trial's address.

    Raises:
        CarrierUnreachableError: the carrier's label cannot be fetched now.
    """
    pages = CARRIERS[shipment.carrier].label_pages(shipment)
    if pages is not None:
        return pages
    sheet = Sheet(title=shipment.tracking_number)
    with translation.override(shipment.trial.user.language):
        _label(sheet, shipment)
    return sheet.pdf()


def labels_pdf(trial: Trial) -> bytes:
    """Return what goes into and onto a box: both its labels and the packing slip, in one document.

    Return labels that were made later are not among them.

    Raises:
        NoLabelsYetError: no labels were made.
        CarrierUnreachableError: the carrier's labels cannot be fetched now.
    """
    shipments = list(shipments_of(trial).filter(nth=1))
    if not shipments:
        raise NoLabelsYetError(_("This trial has no labels yet. Print them from its page."))
    document = PdfWriter()
    for shipment in shipments:
        document.append(io.BytesIO(label_pdf(shipment)))
    document.append(io.BytesIO(_slip_pdf(trial, shipments[-1])))
    document.add_metadata({"/Title": trial.number})
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def _slip_pdf(trial: Trial, back: Shipment) -> bytes:
    sheet = Sheet(title=trial.number)
    items = trial.items.select_related("variant__frame", "unit").order_by("variant_id")
    with translation.override(trial.user.language):
        _slip(sheet, trial, items, back)
    return sheet.pdf()


def _label(sheet: Sheet, shipment: Shipment) -> None:
    trial, back = shipment.trial, shipment.leg == Leg.RETURN
    home, shop = trial.address.lines, list(settings.SHOP_ADDRESS)
    sender, recipient = (home, shop) if back else (shop, home)
    sheet.banner(_("RETURN") if back else _("DELIVERY"))
    sheet.text(_("From"), size=7)
    sheet.text(", ".join(sender), size=8)
    sheet.rule()
    sheet.gap()
    sheet.text(_("To"), size=7)
    sheet.text(recipient[0], size=14, bold=True)
    sheet.lines(recipient[1:], size=14)
    if not back and trial.address.phone:
        sheet.text(trial.address.phone, size=9)
    sheet.rule()
    sheet.gap(5 * mm)
    sheet.barcode(shipment.tracking_number, height=24 * mm)
    sheet.gap()
    sheet.text(_("Trial %(number)s") % {"number": trial.number}, size=11, bold=True)
    made = timezone.localtime(shipment.created_at)
    sheet.text(date_format(made, "DATE_FORMAT"), size=8)


def _slip(sheet: Sheet, trial: Trial, items: Iterable[TrialItem], back: Shipment) -> None:
    rules = trial.programme_version
    sheet.text(_("Your try-on box"), size=16, bold=True)
    sheet.text(
        _("Trial %(number)s for %(name)s") % {"number": trial.number, "name": trial.address.name}
    )
    sheet.rule()
    for item in items:
        if not sheet.room(FRAME_HEIGHT):
            sheet.new_page()
        sheet.gap(1 * mm)
        sheet.text(str(item.variant), size=10, bold=True)
        sheet.gap(0.5 * mm)
        sheet.barcode(item.unit.barcode, height=6 * mm, widest=0.3 * mm)
    if not sheet.room(34 * mm):
        sheet.new_page()
    sheet.rule()
    sheet.gap(1 * mm)
    sheet.text(_("How to send it back"), size=10, bold=True)
    sheet.lines(
        [
            ngettext(
                "1. Try them for %(days)s day from the day they arrive.",
                "1. Try them for %(days)s days from the day they arrive.",
                rules.days_at_home,
            )
            % {"days": rules.days_at_home},
            _("2. Put the frames back into this box."),
            _("3. Stick the return label over the old one."),
            _("4. Hand the box to the carrier by the last day."),
            ngettext(
                "What is not on its way %(days)s day later is charged to your card.",
                "What is not on its way %(days)s days later is charged to your card.",
                rules.grace_days,
            )
            % {"days": rules.grace_days},
        ],
        size=8,
    )
    if trial.due_at:
        day = date_format(trial.due_at.astimezone(trial.user.zone), "DATE_FORMAT")
        sheet.text(_("Your last day: %(day)s") % {"day": day}, size=9, bold=True)
    terms = _terms(rules)
    if not sheet.room(CODE_SIZE + 12 * mm + 11 * len(terms)):
        sheet.new_page()
    sheet.rule()
    sheet.gap(1 * mm)
    sheet.text(_("Terms"), size=10, bold=True)
    sheet.lines(terms, size=8)
    sheet.gap(2 * mm)
    sheet.qr_code(back.tracking_number, size=CODE_SIZE)
    sheet.text(
        _("Drop-off code: the shop that takes parcels can scan this instead of the label."),
        size=7,
    )


def _terms(rules: ProgrammeVersion) -> list[str]:
    """Return what the programme asks for and charges, a sentence each, as far as it does."""
    terms = []
    if rules.fee.amount:
        terms.append(_("The trial costs %(amount)s.") % {"amount": rules.fee})
    if rules.deposit.amount:
        terms.append(
            _("Your deposit of %(amount)s is given back at its end.") % {"amount": rules.deposit}
        )
    terms.append(
        _("A missing frame costs %(percent)s%% of its price.")
        % {"percent": rules.unreturned_percent}
    )
    if rules.damaged_percent:
        terms.append(
            _("A broken one costs up to %(percent)s%% of its price.")
            % {"percent": rules.damaged_percent}
        )
    if rules.late_fee.amount:
        words = _("A day late costs %(amount)s, after the days of grace.")
        if rules.day_count == DayCount.WORKING_DAYS:
            words = _("A working day late costs %(amount)s, after the days of grace.")
        terms.append(words % {"amount": rules.late_fee})
    return terms
