"""Correcting what a unit was found to be, from its trial's page."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.foundation.access import staff_only
from shop.foundation.card_numbers import CardNumberError
from trials.console.forms import VerdictForm
from trials.console.queries.trials import staff_trial
from trials.console.verdicts import VERDICTS, verdict_of
from trials.console.views.trials import staff_user
from trials.home_trials.models import Trial, TrialItem
from trials.returns.errors import NotCheckedInError, VerdictChangedError, VerdictStandsError
from trials.returns.models.inspections import Inspection
from trials.returns.services.correcting import correct_verdict, find_judged


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def trial_verdict(request: HttpRequest, number: str, item_id: uuid.UUID) -> HttpResponse:
    """Show what a unit was found to be, and correct it; where that is too late, say why."""
    trial = staff_trial(number)
    item: TrialItem = get_object_or_404(
        TrialItem.objects.select_related("unit"), pk=item_id, trial=trial
    )
    try:
        return _corrected(request, trial, item)
    except (NotCheckedInError, VerdictStandsError, VerdictChangedError) as error:
        messages.error(request, str(error))
        return redirect("console:trial", trial.number)


def _corrected(request: HttpRequest, trial: Trial, item: TrialItem) -> HttpResponse:
    inspection = find_judged(trial_id=trial.pk, barcode=item.unit.barcode)
    now = verdict_of(inspection)
    if request.method != "POST":
        first = {
            "verdict": now.key if now else "",
            "note": inspection.note,
            "seen": inspection.corrections.count(),
        }
        return _form(request, trial, inspection, VerdictForm(initial=first))
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _form(request, trial, inspection, form)
    said = form.cleaned_data
    verdict = VERDICTS[said["verdict"]]
    try:
        correct_verdict(
            trial_id=trial.pk,
            barcode=item.unit.barcode,
            finding=verdict.finding,
            grade=verdict.grade,
            reason=said["reason"],
            note=said["note"],
            by=staff_user(request),
            seen=said["seen"],
        )
    except CardNumberError as error:
        form.add_error(None, str(error))
        return _form(request, trial, inspection, form)
    if verdict == now:
        messages.info(request, _("It was “%(verdict)s” before.") % {"verdict": verdict.label})
    else:
        words = _("%(barcode)s is “%(verdict)s” now: %(note)s.")
        told = {"barcode": item.unit.barcode, "verdict": verdict.label, "note": verdict.note}
        messages.success(request, words % told)
    return redirect("console:trial", trial.number)


def _form(
    request: HttpRequest, trial: Trial, inspection: Inspection, form: VerdictForm
) -> HttpResponse:
    context = {
        "trial": trial,
        "inspection": inspection,
        "item": inspection.item,
        "verdict": verdict_of(inspection),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "trials/console/trial_verdict.html", context, status=status)
