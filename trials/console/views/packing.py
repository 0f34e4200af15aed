"""The packing table: one box, one barcode after another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from trials.console.errors import NotForPackingError
from trials.console.queries.trials import staff_trial, trial_scanned, trials_matching
from trials.console.station import refused, screen
from trials.console.views.trials import staff_user
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.states import TrialState
from trials.shipping.services.labels import create_labels

SHOWN_WAITING = 12
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "wrong_unit": gettext_lazy("Wrong frame"),
    "already_packed": gettext_lazy("Already in the box"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest) -> HttpResponse:
    """Choose the next box: the oldest wish, or whatever is scanned."""
    answer, status = screen("ready", _("Scan a trial")), 200
    if request.method == "POST":
        try:
            found = trial_scanned(request.POST.get("barcode", ""))
            _check_packable(found)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        else:
            return _go_on(request, found)
    waiting = trials_matching(queue="approved", words="", now=timezone.now())[:SHOWN_WAITING]
    if status != 200 and request.headers.get("HX-Request"):
        # htmx shows answers of 422, not of 404.
        return render(request, "components/scan_screen.html", answer, status=422)
    context = {"waiting": waiting, "screen": answer}
    return render(request, "trials/console/pack.html", context, status=status)


def _check_packable(trial: Trial) -> None:
    if trial.state not in (TrialState.APPROVED, TrialState.PACKED):
        raise NotForPackingError(
            _("Trial %(number)s is “%(state)s”. Only approved trials are packed.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )


def _go_on(request: HttpRequest, trial: Trial) -> HttpResponse:
    there = redirect("console:pack_trial", trial.number)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": there.url})
    return there


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def pack_trial(request: HttpRequest, number: str) -> HttpResponse:
    """Scan units into a box; answers htmx with the screen and the list alone."""
    trial, status = staff_trial(number), 200
    if trial.state not in (TrialState.APPROVED, TrialState.PACKED):
        return redirect("console:trial", trial.number)
    answer = screen("ready", _("Ready to scan"))
    if request.method == "POST":
        try:
            packed = pack_unit(
                trial_id=trial.pk, barcode=request.POST.get("barcode", ""), by=staff_user(request)
            )
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        else:
            trial = staff_trial(number)
            answer = _packed_screen(trial, packed)
    context = {"trial": trial, "screen": answer, **_progress(trial)}
    part = request.method == "POST" and request.headers.get("HX-Request")
    template = "trials/console/parts/pack_answer.html" if part else "trials/console/pack_trial.html"
    return render(request, template, {**context, "oob": bool(part)}, status=status)


def _packed_screen(trial: Trial, packed: TrialItem) -> dict[str, str]:
    items = list(trial.items.all())
    done = sum(item.packed_at is not None for item in items)
    words = _("Packed %(done)s of %(all)s") % {"done": done, "all": len(items)}
    if done == len(items):
        words = _("Box complete")
    return screen("ok", words, f"{packed.variant} · {packed.unit.barcode}")


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
    """Close the box and make its labels."""
    trial = staff_trial(number)
    finish_packing(trial_id=trial.pk, by=staff_user(request))
    create_labels(trial_id=trial.pk, by=staff_user(request))
    messages.success(request, _("%(number)s is packed.") % {"number": trial.number})
    return redirect("console:pack_trial", trial.number)
