"""The check-in table: what came back, unit by unit, and how it looks.

A unit is scanned, then judged: by a button, or by its number typed or scanned into the same field.
Which unit waits for its verdict is kept in the session, so that this works without scripts. A unit
of another trial is judged all the same: it goes to that trial's check-in, and both keep it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError, LorgnetteError
from trials.console.commands import CANCEL
from trials.console.errors import BoxOpenError, NothingFoundError
from trials.console.forms import BoxNoteForm, EvidenceForm
from trials.console.on_the_table import (
    clear_table,
    judge,
    lay_on_table,
    may_undo,
    still_waiting,
    take_up_again,
    verdict_so_far,
)
from trials.console.queries.put_back import check_not_to_put_back, units_to_put_back
from trials.console.queries.trials import (
    staff_trial,
    trial_scanned,
    trials_at_the_door,
    trials_matching,
)
from trials.console.seen import mark_of_trial, trial_as_shown
from trials.console.station import go_to, refused, screen
from trials.console.told import told_of
from trials.console.verdicts import (
    DONE,
    EMPTY,
    SURPLUS,
    UNDO,
    VERDICTS,
    control_codes,
    verdict_scanned,
)
from trials.console.views.trials import staff_user
from trials.evidence.models import EvidenceSource
from trials.evidence.queries import evidence_of
from trials.evidence.services import add_evidence
from trials.fulfilment.sheets import control_codes_pdf
from trials.home_trials.errors import UnitLostError, WrongUnitError
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import TrialState
from trials.returns.errors import NothingCheckedInError, UnitNotOutError
from trials.returns.models.inspections import BoxNote
from trials.returns.queries.charges import arrived_parcels, is_coming_back
from trials.returns.services.checking_in import find_returned, finish_check_in
from trials.returns.services.noting import note_empty_box, note_not_out, note_surplus
from trials.shipping.models import Leg
from trials.units.barcodes import is_well_formed, normalised
from trials.units.queries import unit_by_barcode

SHOWN_WAITING = 12
# What opened the box on the table, with the number of its trial.
LABEL = "check_in_label"
DONE_WITH = (TrialState.RECEIVED, TrialState.CLOSED)
# What speaks against a box that was opened by its number alone, by the state of its trial.
DOUBTS = {
    TrialState.REQUESTED: gettext_lazy("This trial has not left the house. Read the number again."),
    TrialState.APPROVED: gettext_lazy("This trial has not left the house. Read the number again."),
    TrialState.PACKED: gettext_lazy("This box has not left the house. Read the number again."),
    TrialState.SHIPPED: gettext_lazy(
        "Nobody has told that this box arrived at its customer. Read the number again. If the"
        " carrier brings it back undelivered, say so first on the trial’s page."
    ),
    TrialState.DELIVERED: gettext_lazy(
        "Nobody has told that this box is on its way back. Read the number again."
    ),
    TrialState.CLOSED: gettext_lazy("This trial is complete. Read the number again."),
}
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "wrong_unit": gettext_lazy("Not of this box"),
    "unit_not_out": gettext_lazy("This one was not out"),
    "unit_lost": gettext_lazy("Taken for lost"),
    "already_checked_in": gettext_lazy("Already checked in"),
    "already_charged": gettext_lazy("Charged already"),
    "nothing_found": gettext_lazy("Unknown code"),
    "to_put_back": gettext_lazy("To be put back"),
    "not_a_command": gettext_lazy("Scan a frame first"),
    "verdict_stands": gettext_lazy("Too late to correct"),
    "nothing_checked_in": gettext_lazy("Nothing scanned yet"),
    "not_out": gettext_lazy("Nothing of it is out"),
    "box_open": gettext_lazy("Box not finished"),
    "box_not_empty": gettext_lazy("The box is not empty"),
    "box_not_back": gettext_lazy("This box is not back"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Open a box: by its return label, its trial's number or a unit that lies in it."""
    answer, status = screen("ready", _("Scan a return label")), 200
    if request.method == "POST":
        scanned = request.POST.get("barcode", "")
        try:
            check_not_to_put_back(scanned)
            trial = trial_scanned(scanned)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        else:
            return _open(request, trial, scanned)
    if status != 200 and request.headers.get("HX-Request"):
        # htmx shows answers of 422, not of 404.
        return render(request, "components/scan_screen.html", answer, status=422)
    here = trials_at_the_door(SHOWN_WAITING)
    coming = trials_matching(queue="returning", words="", now=timezone.now())
    coming = coming.exclude(pk__in=[each.pk for each in here])[: SHOWN_WAITING - len(here)]
    context = {
        "here": here,
        "more_here": arrived_parcels().count() - len(here),
        "coming": coming,
        "to_put_back": units_to_put_back().order_by().count(),
        "screen": answer,
    }
    return render(request, "trials/console/check_in.html", context, status=status)


def _open(request: HttpRequest, trial: Trial, scanned: str) -> HttpResponse:
    clear_table(request)
    # Of several parcels, the one whose label was scanned is the one that lies here.
    request.session[LABEL] = [trial.number, normalised(scanned)]
    return go_to(request, "console:check_in_trial", trial.number)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_trial(request: HttpRequest, number: str) -> HttpResponse:
    """Scan a unit, then its verdict; answers htmx with the screen and the list alone."""
    trial, status = staff_trial(number), 200
    answer = screen("ready", _("Scan a frame"), _doubt(request, trial))
    waiting = None
    if request.method == "POST":
        scanned = normalised(request.POST.get("barcode", ""))
        try:
            if (there := _left(request, trial, scanned)) is not None:
                return there
            answer, waiting = _scan(request, trial, scanned)
            trial = staff_trial(number)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
    else:
        waiting = still_waiting(request)
    context = {
        "trial": trial,
        "screen": answer,
        "waiting": waiting,
        "stray": waiting is not None and waiting.trial_id != trial.pk,
        "judged": verdict_so_far(waiting),
        "may_undo": may_undo(request, trial),
        "verdicts": VERDICTS.values(),
        **_progress(trial),
    }
    if request.method == "POST" and request.headers.get("HX-Request"):
        context["oob"] = True
        return render(request, "trials/console/parts/check_in_answer.html", context, status=status)
    return render(request, "trials/console/check_in_trial.html", context, status=status)


def _left(request: HttpRequest, trial: Trial, scanned: str) -> HttpResponse | None:
    """Leave the box for what was scanned: its end, or the next one; nothing where it stays open."""
    if scanned == DONE:
        return _finished(request, trial, then="console:check_in")
    if scanned == CANCEL:
        clear_table(request)
        return go_to(request, "console:check_in")
    # A unit whose barcode another shop's label printer made leads to its trial as a label does.
    if is_well_formed(scanned) or unit_by_barcode(scanned) is not None:
        return None
    try:
        found = trial_scanned(scanned)
    except NothingFoundError:
        return None
    if found.pk != trial.pk or _is_next_parcel(request, trial, scanned):
        _check_judged(request, trial)
        if trial.state not in DONE_WITH:
            raise BoxOpenError(
                _("Say first that nothing more is in the box of %(number)s, or that it is empty.")
                % {"number": trial.number}
            )
    return _open(request, found, scanned)


def _is_next_parcel(request: HttpRequest, trial: Trial, scanned: str) -> bool:
    """Tell whether a label is of another parcel than the one frames were taken out of."""
    begun = any(getattr(item, "inspection", None) for item in trial.items.all())
    labels = {each.tracking_number for each in trial.shipments.all()}
    here = _label(request, trial)
    return begun and scanned != here and {scanned, here} <= labels


def _label(request: HttpRequest, trial: Trial) -> str:
    """Return what opened a box, which may be its label."""
    number, scanned = request.session.get(LABEL) or ["", ""]
    return scanned if number == trial.number else ""


def _doubt(request: HttpRequest, trial: Trial) -> str:
    """Return why the box on the table may be another one; nothing where its label lies there.

    A number is mistyped more easily than a label scanned; that it went out by may mean undelivered.
    """
    out = {each.tracking_number for each in trial.shipments.all() if each.leg == Leg.OUTBOUND}
    doubtful = {"", trial.number} | (out if trial.state == TrialState.SHIPPED else set())
    sure = _label(request, trial) not in doubtful
    return "" if sure or is_coming_back(trial) else str(DOUBTS.get(TrialState(trial.state), ""))


def _check_judged(request: HttpRequest, trial: Trial) -> None:
    """Refuse to leave a frame on the table: whoever checks the next box would not know of it."""
    if (waiting := still_waiting(request)) is not None:
        raise BoxOpenError(
            _("%(barcode)s, %(frame)s, lies on the table. Say first how it looks.")
            % {"barcode": waiting.unit.barcode, "frame": waiting.variant}
        )


def _scan(
    request: HttpRequest, trial: Trial, scanned: str
) -> tuple[dict[str, str], TrialItem | None]:
    if scanned == EMPTY:
        note_empty_box(trial_id=trial.pk, by=staff_user(request), label=_label(request, trial))
        return screen("ok", _("Box is empty"), _("It is noted and the customer told.")), None
    if scanned == SURPLUS:
        _check_judged(request, trial)
        note_surplus(trial_id=trial.pk, by=staff_user(request), words="", scanned=True)
        return screen(
            "ok", _("Put it aside"), _("It is noted, to be sent back to its owner, who is told.")
        ), None
    if scanned in UNDO:
        return screen("ok", _("How does it look?")), take_up_again(request, trial)
    if verdict_scanned(scanned) is None:
        item = _found(request, trial, scanned)
        lay_on_table(request, item)
        return screen("ok", _("How does it look?")), item
    label = _label(request, trial)
    return judge(request, trial, scanned, label=label, by=staff_user(request)), None


def _found(request: HttpRequest, trial: Trial, scanned: str) -> TrialItem:
    """Return the item that a scanned unit is: of this trial, or of the one it belongs to."""
    try:
        return find_returned(trial_id=trial.pk, barcode=scanned, by=staff_user(request))
    except (UnitNotOutError, UnitLostError):
        note_not_out(trial_id=trial.pk, barcode=scanned, by=staff_user(request))
        raise
    except WrongUnitError as error:
        other = Trial.objects.get(number=error.extra["found_in"])
        return find_returned(trial_id=other.pk, barcode=scanned, by=staff_user(request))


def _progress(trial: Trial) -> dict[str, Any]:
    photos = evidence_of([trial.pk])
    checklist = []
    for item in trial.items.all():
        inspection = getattr(item, "inspection", None)
        settled = item.settled_at is not None
        checklist.append(
            {
                "label": item.variant,
                "note": " · ".join([item.unit.barcode, *told_of(item)]),
                "done": inspection is not None,
                "badge_label": item.get_outcome_display() if settled else "",
                "badge_state": item.outcome,
            }
        )
    notes = trial.box_notes.select_related("unit")
    return {
        "checklist": checklist,
        "mark": mark_of_trial(trial),
        "any_done": any(each["done"] for each in checklist),
        "any_away": any(item.settled_at is None for item in trial.items.all()),
        "box_notes": notes,
        "photos": [photo for each in photos.values() for photo in each],
    }


@staff_only
@require_POST
def check_in_finish(request: HttpRequest, number: str) -> HttpResponse:
    """Say that nothing more is in the box."""
    with trial_as_shown(request, number) as trial:
        return _finished(request, trial, then="console:trial")


def _finished(request: HttpRequest, found: Trial, *, then: str) -> HttpResponse:
    """Close the box; ``then`` is where one of which something is open leads."""
    _check_judged(request, found)
    try:
        label = _label(request, found)
        trial = finish_check_in(trial_id=found.pk, by=staff_user(request), label=label)
    except NothingCheckedInError:
        if not found.box_notes.filter(kind=BoxNote.Kind.EMPTY).exists():
            raise
        trial = found
    if trial.closed_at:
        messages.success(request, _("%(number)s is complete.") % {"number": trial.number})
        return go_to(request, "console:check_in")
    words = _("%(number)s is received, with frames missing.")
    if not trial.items.filter(settled_at=None).exists():
        words = _("%(number)s is received; what is owed for it is open.")
    messages.warning(request, words % {"number": trial.number})
    return go_to(request, then, *([trial.number] if then == "console:trial" else []))


@staff_only
@require_POST
def check_in_note(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the box is empty, or what else is in it."""
    trial, form = staff_trial(number), BoxNoteForm(request.POST, request.FILES)
    if not form.is_valid():
        raise InvalidError(_("Say what was found."), code="words_missing")
    words, photo = form.cleaned_data["words"], form.cleaned_data["photo"]
    if form.cleaned_data["kind"] == "empty":
        # Nobody calls a box empty out of which a colleague has just taken a frame.
        with trial_as_shown(request, number):
            note_empty_box(
                trial_id=trial.pk,
                by=staff_user(request),
                words=words,
                label=_label(request, trial),
            )
        if photo is not None:
            add_evidence(
                trial_id=trial.pk, file=photo, by=staff_user(request), source=EvidenceSource.STATION
            )
        messages.warning(request, _("The box is noted as empty and the customer told."))
    else:
        note_surplus(trial_id=trial.pk, by=staff_user(request), words=words, photo=photo)
        messages.success(request, _("It is noted, to be sent back to its owner, who is told."))
    return redirect("console:check_in_trial", trial.number)


@staff_only
@require_POST
def check_in_photo(request: HttpRequest, number: str) -> HttpResponse:
    """Keep photos of the unit on the table, or of the box."""
    trial, form = staff_trial(number), EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        raise InvalidError(_("Take or choose a photo first."), code="photo_missing")
    item = TrialItem.objects.filter(pk=form.cleaned_data["item"]).first()
    for photo in form.cleaned_data["photos"]:
        add_evidence(
            trial_id=item.trial_id if item else trial.pk,
            item_id=item.pk if item else None,
            file=photo,
            by=staff_user(request),
            source=EvidenceSource.STATION,
        )
    messages.success(request, _("The photos are kept."))
    return redirect("console:check_in_trial", trial.number)


@staff_only
@require_safe
def check_in_codes(request: HttpRequest) -> HttpResponse:
    """Send the control barcodes of the check-in table, to be hung up there."""
    response = HttpResponse(control_codes_pdf(control_codes()), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="check-in-codes.pdf"'
    return response
