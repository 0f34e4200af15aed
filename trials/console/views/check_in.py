"""The check-in table: what came back, unit by unit, and how it looks.

A unit is scanned, then judged: by a button, or by its number typed or scanned into the same field.
Which unit waits for its verdict is kept in the session, so that this works without scripts.
"""

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
from trials.console.errors import NotACommandError
from trials.console.queries.trials import staff_trial, trial_scanned, trials_matching
from trials.console.station import refused, screen
from trials.console.verdicts import VERDICTS
from trials.console.views.trials import staff_user
from trials.home_trials.models import Trial, TrialItem
from trials.returns.models import Inspection
from trials.returns.services.checking_in import check_in_unit, find_returned, finish_check_in
from trials.units.barcodes import normalised

SHOWN_WAITING = 12
WAITING = "check_in_waiting"
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "wrong_unit": gettext_lazy("Not of this box"),
    "already_checked_in": gettext_lazy("Already checked in"),
    "already_charged": gettext_lazy("Charged already"),
    "nothing_found": gettext_lazy("Unknown code"),
    "not_a_command": gettext_lazy("Scan a frame first"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Open a box: by its return label, its trial's number or a unit that lies in it."""
    answer, status = screen("ready", _("Scan a return label")), 200
    if request.method == "POST":
        scanned = request.POST.get("barcode", "")
        try:
            trial = trial_scanned(scanned)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        else:
            return _open(request, trial)
    if status != 200 and request.headers.get("HX-Request"):
        # htmx shows answers of 422, not of 404.
        return render(request, "components/scan_screen.html", answer, status=422)
    waiting = trials_matching(queue="returning", words="", now=timezone.now())[:SHOWN_WAITING]
    context = {"waiting": waiting, "screen": answer}
    return render(request, "trials/console/check_in.html", context, status=status)


def _open(request: HttpRequest, trial: Trial) -> HttpResponse:
    request.session.pop(WAITING, None)
    there = redirect("console:check_in_trial", trial.number)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": there.url})
    return there


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_trial(request: HttpRequest, number: str) -> HttpResponse:
    """Scan a unit, then its verdict; answers htmx with the screen and the list alone."""
    trial, status = staff_trial(number), 200
    answer = screen("ready", _("Scan a frame"))
    waiting: TrialItem | None = None
    if request.method == "POST":
        try:
            answer, waiting = _scan(request, trial)
            trial = staff_trial(number)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
    context = {
        "trial": trial,
        "screen": answer,
        "waiting": waiting,
        "verdicts": VERDICTS.values(),
        **_progress(trial),
    }
    if request.method == "POST" and request.headers.get("HX-Request"):
        context["oob"] = True
        return render(request, "trials/console/parts/check_in_answer.html", context, status=status)
    return render(request, "trials/console/check_in_trial.html", context, status=status)


def _scan(request: HttpRequest, trial: Trial) -> tuple[dict[str, str], TrialItem | None]:
    scanned = normalised(request.POST.get("barcode", ""))
    if scanned not in VERDICTS:
        item = find_returned(trial_id=trial.pk, barcode=scanned, by=staff_user(request))
        request.session[WAITING] = item.unit.barcode
        return screen("ok", _("How does it look?")), item
    verdict = VERDICTS[scanned]
    barcode = request.POST.get("unit") or request.session.get(WAITING, "")
    if not barcode:
        raise NotACommandError(_("Scan a frame, then say how it looks by a number from 1 to 5."))
    inspection = check_in_unit(
        trial_id=trial.pk,
        barcode=barcode,
        finding=verdict.finding,
        grade=verdict.grade,
        note=request.POST.get("note", "")[:300],
        by=staff_user(request),
    )
    request.session.pop(WAITING, None)
    done = Inspection.objects.filter(item__trial=trial).count()
    words = _("%(done)s of %(all)s back") % {"done": done, "all": trial.items.count()}
    return screen("ok", words, f"{inspection.item.variant}: {verdict.label}, {verdict.note}"), None


def _progress(trial: Trial) -> dict[str, Any]:
    checklist = []
    for item in trial.items.all():
        inspection = getattr(item, "inspection", None)
        settled = item.settled_at is not None
        checklist.append(
            {
                "label": item.variant,
                "note": item.unit.barcode,
                "done": inspection is not None,
                "badge_label": item.get_outcome_display() if settled else "",
                "badge_state": item.outcome,
            }
        )
    return {"checklist": checklist, "any_done": any(each["done"] for each in checklist)}


@staff_only
@require_POST
def check_in_finish(request: HttpRequest, number: str) -> HttpResponse:
    """Say that nothing more is in the box."""
    trial = finish_check_in(trial_id=staff_trial(number).pk, by=staff_user(request))
    if trial.closed_at:
        messages.success(request, _("%(number)s is complete.") % {"number": trial.number})
        return redirect("console:check_in")
    messages.warning(
        request,
        _("%(number)s is received, with frames missing.") % {"number": trial.number},
    )
    return redirect("console:trial", trial.number)
