"""Picking: batches of boxes, and the walk along the shelves with a scanner or a phone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from shop.foundation.keyset import keyset_page
from trials.console.station import refused, screen
from trials.console.views.trials import staff_user
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries import (
    batch_by_id,
    batches,
    pick_lines,
    units_short,
    waiting_for_picking,
)
from trials.fulfilment.services.batching import MOST_BOXES, cancel_batch, make_batch
from trials.fulfilment.services.picking import Picked, pick_unit, report_not_found
from trials.fulfilment.sheets import pick_list_pdf
from trials.fulfilment.states import BatchState

BATCHES_A_PAGE = 30
SHOWN_SHORT = 20
USUAL_COUNT = 20
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "not_in_batch": gettext_lazy("Wrong frame"),
    "already_picked": gettext_lazy("Picked already"),
    "trial_gone": gettext_lazy("Leave it here"),
    "batch_over": gettext_lazy("Batch is over"),
}


@staff_only
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show how many boxes wait, the batches, and the units that trials are short of."""
    page = keyset_page(batches(), asked=request.GET.dict(), size=BATCHES_A_PAGE)
    context = {
        "page": page,
        "waiting": waiting_for_picking().count(),
        "usual": USUAL_COUNT,
        "most": MOST_BOXES,
        "short": units_short()[:SHOWN_SHORT],
        **page.links(),
    }
    return render(request, "trials/console/batch_list.html", context)


@staff_only
@require_POST
def batch_make(request: HttpRequest) -> HttpResponse:
    """Put the next boxes into a batch."""
    count = request.POST.get("count", "")
    batch = make_batch(count=int(count) if count.isdecimal() else 0, by=staff_user(request))
    return redirect("console:batch", batch.pk)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Scan units into their totes; answers htmx with the screen and the list alone."""
    found, status = batch_by_id(batch_id), 200
    answer = screen("ready", _("Scan a unit"))
    if found.state != BatchState.PICKING:
        answer = screen("ok", found.get_state_display())
    if request.method == "POST":
        try:
            picked = pick_unit(
                batch_id=batch_id,
                barcode=request.POST.get("barcode", ""),
                by=staff_user(request),
            )
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        else:
            answer = _picked_screen(picked)
        found = batch_by_id(batch_id)
    part = request.method == "POST" and request.headers.get("HX-Request")
    context = {"batch": found, "screen": answer, "oob": bool(part), **_progress(found)}
    template = "trials/console/parts/pick_answer.html" if part else "trials/console/batch.html"
    return render(request, template, context, status=status)


def _picked_screen(picked: Picked) -> dict[str, str]:
    words = _("Tote %(tote)s") % {"tote": picked.tote.position}
    if picked.left:
        left = ngettext("%(n)s unit to go", "%(n)s units to go", picked.left) % {"n": picked.left}
    else:
        left = _("The batch is picked.")
    return screen("ok", words, f"{picked.item.variant} · {picked.item.unit.barcode} · {left}")


def _progress(found: PickBatch) -> dict[str, Any]:
    lines = pick_lines(found)
    return {
        "lines": lines,
        "left": sum(line.open for line in lines),
        "picking": found.state == BatchState.PICKING,
    }


@staff_only
@require_POST
def batch_not_found(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Note that a unit is not on its shelf, and say which to take instead."""
    batch_by_id(batch_id)
    noted = report_not_found(
        batch_id=batch_id, barcode=request.POST.get("barcode", ""), by=staff_user(request)
    )
    words = {"missing": noted.unit.barcode}
    if noted.replaced_by is None:
        messages.warning(
            request,
            _("%(missing)s is noted as missing, and no other is free. Go on without it.") % words,
        )
    else:
        words |= {"other": noted.replaced_by.barcode, "shelf": noted.replaced_by.location or "–"}
        messages.success(
            request,
            _("%(missing)s is lost. Take %(other)s from shelf %(shelf)s instead.") % words,
        )
    return redirect("console:batch", batch_id)


@staff_only
@require_POST
def batch_cancel(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give a batch up."""
    found = batch_by_id(batch_id)
    cancel_batch(
        batch_id=batch_id, by=staff_user(request), reason=request.POST.get("reason", "")[:300]
    )
    messages.success(
        request,
        _("Batch %(batch)s is cancelled. Put back what lies in its totes.") % {"batch": found},
    )
    return redirect("console:batch_list")


@staff_only
@require_safe
def batch_pdf(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Send the pick list and the totes' labels to be printed."""
    found = batch_by_id(batch_id)
    paper = pick_list_pdf(found, pick_lines(found))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found}.pdf"'
    return response
