"""The packing table for orders of new pairs: every piece scanned, then the carrier's label."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from shop.orders.errors import NotForPackingError, OrderMissingError, OrderNotPackedError
from shop.orders.models import Order, OrderLine
from shop.orders.queries import lines_to_pack, order_scanned
from shop.orders.services.fulfilment import fulfil_order
from shop.orders.services.packing import check_for_packing, pack_piece
from shop.orders.states import OrderState
from trials.console.commands import CANCEL, CONTROL_CODES, FINISH, HAND_OVER, REPRINT
from trials.console.errors import NotACommandError
from trials.console.queries.orders import is_a_piece
from trials.console.station import go_to, refused, screen
from trials.console.views.packing import open_next
from trials.console.views.trials import staff_user
from trials.fulfilment.sheets import packing_slip_pdf
from trials.units.barcodes import normalised

# Who takes the parcels, said once at a table.
CARRIER = "order_carrier"
REFUSALS = {
    "wrong_piece": gettext_lazy("Wrong piece"),
    "order_not_packed": gettext_lazy("Not all scanned"),
    "order_not_for_packing": gettext_lazy("Not this one"),
    "not_for_packing": gettext_lazy("Not this one"),
    "tracking_number_invalid": gettext_lazy("No parcel’s number"),
    "nothing_found": gettext_lazy("Unknown code"),
    "not_a_command": gettext_lazy("Not here"),
}


def _order(number: str) -> Order:
    if (found := order_scanned(number)) is None:
        raise OrderMissingError(_("There is no such order."))
    return found


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def pack_order(request: HttpRequest, number: str) -> HttpResponse:
    """Scan pieces into a parcel, then its label; answers htmx with screen and list alone."""
    order, status = _order(number), 200
    if order.state != OrderState.FULFILLED:
        try:
            check_for_packing(order)
        except LorgnetteError as error:
            messages.error(request, str(error))
            return go_to(request, "orders:console_order", order.number)
    if "carrier" in request.POST:
        request.session[CARRIER] = request.POST["carrier"].strip()[:40]
        return redirect("console:pack_order", order.number)
    answer = None
    if request.method == "POST":
        try:
            done = _scan(request, order, normalised(request.POST.get("barcode", "")))
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
            if status not in (409, 422) and request.headers.get("HX-Request"):
                # htmx shows answers of 409 and 422.
                status = 422
        else:
            if isinstance(done, HttpResponse):
                return done
    lines = lines_to_pack(order)
    context = {
        "order": order,
        "screen": answer or _standing(order, lines, scanned=request.method == "POST"),
        "carrier": request.session.get(CARRIER, ""),
        "print_now": request.method == "GET" and "print" in request.GET,
        **_progress(lines),
    }
    part = request.method == "POST" and request.headers.get("HX-Request")
    template = "parts/pack_order_answer.html" if part else "pack_order.html"
    return render(
        request, f"trials/console/{template}", {**context, "oob": bool(part)}, status=status
    )


def _scan(request: HttpRequest, order: Order, scanned: str) -> OrderLine | HttpResponse:
    """Do what was scanned: a control barcode, a piece, the carrier's label, or the next order."""
    if scanned == CANCEL:
        return go_to(request, "console:pack")
    here = reverse("console:pack_order", args=[order.number])
    sent = order.state == OrderState.FULFILLED
    complete = sent or _counted(lines_to_pack(order))
    if scanned in (FINISH, REPRINT, HAND_OVER) and not complete:
        raise _not_all(order)
    if scanned in (FINISH, REPRINT):
        return go_to(request, f"{here}?print")
    if sent:
        return open_next(request, scanned)
    if scanned == HAND_OVER:
        return _send(request, order, "")
    if scanned in CONTROL_CODES:
        raise NotACommandError(_("This code does nothing here. Scan what is in the parcel."))
    if not complete or is_a_piece(scanned):
        return pack_piece(order_id=order.pk, barcode=scanned)
    if order_scanned(scanned) is not None:
        raise NotForPackingError(
            _("Scan the carrier’s label first, or “hand over” where there is none.")
        )
    return _send(request, order, scanned)


def _send(request: HttpRequest, order: Order, tracking_number: str) -> HttpResponse:
    fulfil_order(
        order_id=order.pk,
        by=staff_user(request),
        carrier=request.session.get(CARRIER, ""),
        tracking_number=tracking_number,
    )
    return go_to(request, "console:pack_order", order.number)


def _counted(lines: list[OrderLine]) -> bool:
    return all(line.packed == line.quantity for line in lines)


def _not_all(order: Order) -> OrderNotPackedError:
    progress = _progress(lines_to_pack(order))
    words = _("%(done)s of %(pieces)s pieces are scanned. Scan the rest.")
    return OrderNotPackedError(words % progress)


def _standing(order: Order, lines: list[OrderLine], *, scanned: bool) -> dict[str, str]:
    progress = _progress(lines)
    if order.state == OrderState.FULFILLED:
        return screen("ok", _("On its way"), order.tracking_number or _("Scan the next one."))
    if progress["complete"]:
        reason = _("Scan “finish” for the slip, then the carrier’s label.")
        return screen("ok", _("Parcel complete"), reason)
    if not progress["done"]:
        return screen("ready", _("Ready to scan"))
    words = _("Packed %(done)s of %(all)s") % {"done": progress["done"], "all": progress["pieces"]}
    return screen("ok" if scanned else "ready", words)


def _progress(lines: list[OrderLine]) -> dict[str, Any]:
    checklist = [
        {
            "label": line.name,
            "note": " · ".join(
                filter(
                    None,
                    [
                        line.variant.sku,
                        line.variant.barcode,
                        _("%(done)s of %(n)s") % {"done": line.packed, "n": line.quantity},
                    ],
                )
            ),
            "done": line.packed == line.quantity,
        }
        for line in lines
    ]
    return {
        "checklist": checklist,
        "complete": _counted(lines),
        "done": sum(line.packed for line in lines),
        "pieces": sum(line.quantity for line in lines),
    }


@staff_only
@require_safe
def pack_order_slip(request: HttpRequest, number: str) -> HttpResponse:
    """Send an order's packing slip as PDF."""
    order = _order(number)
    response = HttpResponse(
        packing_slip_pdf(order, lines_to_pack(order)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{order.number}.pdf"'
    return response
