"""The packing table: one box, one barcode after another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from shop.foundation.frames import shows_own_frames
from shop.orders.queries import order_scanned, orders_matching
from shop.orders.services.packing import check_for_packing
from shop.orders.states import OrderState
from trials.console.commands import CANCEL, CONTROL_CODES, FINISH, REPRINT
from trials.console.errors import NotACommandError, NotForPackingError
from trials.console.queries.trials import staff_trial, trial_scanned, trials_matching
from trials.console.station import go_to, refused, screen
from trials.console.views.trials import staff_user
from trials.fulfilment.sheets import control_codes_pdf
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.states import TrialState
from trials.shipping.services.labels import create_labels
from trials.units.barcodes import normalised

SHOWN_WAITING = 12
SHOWN_ORDERS = 6
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "wrong_unit": gettext_lazy("Wrong frame"),
    "unit_lost": gettext_lazy("Taken for lost"),
    "unit_not_fit": gettext_lazy("Not to be shown"),
    "already_packed": gettext_lazy("Already in the box"),
    "not_all_packed": gettext_lazy("Not all scanned"),
    "not_for_packing": gettext_lazy("Not this one"),
    "order_not_for_packing": gettext_lazy("Not this one"),
    "nothing_found": gettext_lazy("Unknown code"),
    "not_a_command": gettext_lazy("Scan a box first"),
    "carrier_refused": gettext_lazy("No label"),
    "carrier_unreachable": gettext_lazy("No label"),
    "labels_in_hand": gettext_lazy("Wait a moment"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest) -> HttpResponse:
    """Choose the next box: the oldest wish, or whatever is scanned."""
    answer, status = screen("ready", _("Scan a tote or a trial")), 200
    if request.method == "POST":
        try:
            scanned = normalised(request.POST.get("barcode", ""))
            if scanned in CONTROL_CODES:
                raise NotACommandError(_("Scan a tote, a trial or one of its units first."))
            return open_next(request, scanned)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
    waiting = trials_matching(queue="approved", words="", now=timezone.now())[:SHOWN_WAITING]
    if status != 200 and request.headers.get("HX-Request"):
        # htmx shows answers of 422, not of 404.
        return render(request, "components/scan_screen.html", answer, status=422)
    orders = orders_matching(state=OrderState.PAID)[:SHOWN_ORDERS]
    context = {"waiting": waiting, "orders": orders, "screen": answer}
    return render(request, "trials/console/pack.html", context, status=status)


def open_next(request: HttpRequest, scanned: str) -> HttpResponse:
    """Answer a scan by the page where the box or the order it means is packed.

    Raises:
        LorgnetteError: it means none, or one that is not to be packed; the message says why.
    """
    order = order_scanned(scanned)
    if order is not None:
        check_for_packing(order)
        return go_to(request, "console:pack_order", order.number)
    found = trial_scanned(scanned)
    _check_packable(found)
    return go_to(request, "console:pack_trial", found.number)


def _check_packable(trial: Trial) -> None:
    if trial.state not in (TrialState.APPROVED, TrialState.PACKED):
        raise NotForPackingError(
            _("Trial %(number)s is “%(state)s”. Only approved trials are packed.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
@shows_own_frames
def pack_trial(request: HttpRequest, number: str) -> HttpResponse:
    """Scan units into a box, then what is to be done; answers htmx with screen and list alone."""
    trial, status = staff_trial(number), 200
    if trial.state not in (TrialState.APPROVED, TrialState.PACKED):
        return redirect("console:trial", trial.number)
    answer = _standing(trial)
    if request.method == "POST":
        try:
            done = _scan(request, trial, normalised(request.POST.get("barcode", "")))
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
            if status not in (409, 422) and request.headers.get("HX-Request"):
                # htmx shows answers of 409 and 422.
                status = 422
        else:
            if isinstance(done, HttpResponse):
                return done
            trial = staff_trial(number)
            answer = _packed_screen(trial, done)
    context = {
        "trial": trial,
        "screen": answer,
        "labelled": bool(trial.shipments.all()),
        "print_now": request.method == "GET" and "print" in request.GET,
        **_progress(trial),
    }
    part = request.method == "POST" and request.headers.get("HX-Request")
    template = "trials/console/parts/pack_answer.html" if part else "trials/console/pack_trial.html"
    return render(request, template, {**context, "oob": bool(part)}, status=status)


def _standing(trial: Trial) -> dict[str, str]:
    if trial.state == TrialState.APPROVED:
        return screen("ready", _("Ready to scan"))
    if trial.shipments.all():
        return screen("ok", _("Packed"), _("Stick the label on. Then scan the next box."))
    return screen(
        "refused",
        _("No label yet"),
        _("The box is packed. Scan “print again” to make its labels."),
    )


def _scan(request: HttpRequest, trial: Trial, scanned: str) -> TrialItem | HttpResponse:
    """Do what was scanned: a control barcode, a unit, or the next box after this one."""
    if scanned == CANCEL:
        return go_to(request, "console:pack")
    if scanned == FINISH:
        return _finish(request, trial)
    if scanned == REPRINT:
        return _print(request, trial)
    if trial.state == TrialState.PACKED:
        if order_scanned(scanned) is None and trial_scanned(scanned).pk == trial.pk:
            raise NotForPackingError(_("This box is packed. Scan the next one."))
        return open_next(request, scanned)
    return pack_unit(trial_id=trial.pk, barcode=scanned, by=staff_user(request))


def _finish(request: HttpRequest, trial: Trial) -> HttpResponse:
    finish_packing(trial_id=trial.pk, by=staff_user(request))
    here = reverse("console:pack_trial", args=[trial.number])
    try:
        create_labels(trial_id=trial.pk, by=staff_user(request))
    except LorgnetteError as error:
        # The box is closed all the same; the page says what to scan once the carrier answers.
        messages.error(request, str(error))
        return go_to(request, here)
    return go_to(request, f"{here}?print")


def _print(request: HttpRequest, trial: Trial) -> HttpResponse:
    if trial.state != TrialState.PACKED:
        raise NotForPackingError(_("This box is not closed yet. Scan its frames, then “finish”."))
    create_labels(trial_id=trial.pk, by=staff_user(request))
    return go_to(request, f"{reverse('console:pack_trial', args=[trial.number])}?print")


def _packed_screen(trial: Trial, packed: TrialItem) -> dict[str, str]:
    items = list(trial.items.all())
    done = sum(item.packed_at is not None for item in items)
    what = f"{packed.variant} · {packed.unit.barcode}"
    if done == len(items):
        return screen("ok", _("Box complete"), _("%(what)s. Scan “finish”.") % {"what": what})
    words = _("Packed %(done)s of %(all)s") % {"done": done, "all": len(items)}
    return screen("ok", words, what)


def _progress(trial: Trial) -> dict[str, Any]:
    items = list(trial.items.all())
    checklist = [
        {
            "label": item.variant,
            "note": " · ".join(filter(None, [item.unit.barcode, item.unit.location])),
            "done": item.packed_at is not None,
        }
        for item in items
    ]
    return {"checklist": checklist, "complete": all(each["done"] for each in checklist)}


@staff_only
@require_POST
def pack_finish(request: HttpRequest, number: str) -> HttpResponse:
    """Close the box and make its labels, by a button."""
    return _finish(request, staff_trial(number))


@staff_only
@require_safe
def control_barcodes(request: HttpRequest) -> HttpResponse:
    """Send the sheet of control barcodes, to be hung up at the table."""
    codes = [(code, str(words)) for code, words in CONTROL_CODES.items()]
    response = HttpResponse(control_codes_pdf(codes), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="control-barcodes.pdf"'
    return response
