"""What customers told, and what of theirs lay in boxes: answered, and sent back."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.keyset import keyset_page
from trials.console.views.trials import staff_user
from trials.evidence.queries import evidence_of
from trials.reports.missed_boxes import answer_never_came
from trials.reports.models import Decision
from trials.reports.queries import BROKEN, boxes_that_never_came, broken_reports
from trials.reports.services import decide_broken
from trials.returns.queries.box_notes import things_to_send_home
from trials.returns.services.noting import sent_home

ROWS_A_PAGE = 25


@staff_only
@require_safe
def broken_list(request: HttpRequest) -> HttpResponse:
    """List frames that arrived broken, those that wait for an answer unless others are wanted."""
    decided = request.GET.get("state") == "decided"
    told = broken_reports(decided=decided).select_related(None)
    page = keyset_page(told, asked=request.GET.dict(), size=ROWS_A_PAGE, whole=BROKEN)
    photos = evidence_of(report.trial_id for report in page.object_list)
    context = {
        "rows": [
            {"report": report, "photos": photos.get(report.item_id, [])}
            for report in page.object_list
        ],
        "decisions": Decision.choices,
        "pills": [
            {"label": _("To be answered"), "url": "?", "active": not decided},
            {"label": _("Answered"), "url": "?state=decided", "active": decided},
        ],
        **page.links(state="decided" if decided else ""),
    }
    return render(request, "trials/console/broken_list.html", context)


@staff_only
@require_POST
def broken_decide(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Answer a customer whose frame arrived broken."""
    decision = request.POST.get("decision", "")
    if decision not in Decision.values:
        raise InvalidError(_("Choose whether to accept it."), code="decision_missing")
    decide_broken(
        report_id=report_id,
        by=staff_user(request),
        decision=Decision(decision),
        answer=request.POST.get("answer", ""),
    )
    messages.success(request, _("The customer is answered."))
    return redirect("console:broken_list")


@staff_only
@require_safe
def missed_list(request: HttpRequest) -> HttpResponse:
    """List the boxes that customers miss: those that wait, unless others are wanted."""
    decided = request.GET.get("state") == "decided"
    found = boxes_that_never_came(decided=decided)
    page = keyset_page(found, asked=request.GET.dict(), size=ROWS_A_PAGE)
    context = {
        "reports": page.object_list,
        "pills": [
            {"label": _("To be answered"), "url": "?", "active": not decided},
            {"label": _("Answered"), "url": "?state=decided", "active": decided},
        ],
        **page.links(state="decided" if decided else ""),
    }
    return render(request, "trials/console/missed_list.html", context)


@staff_only
@require_POST
def missed_answer(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Tell a customer that her box did come."""
    answer_never_came(
        report_id=report_id, by=staff_user(request), answer=request.POST.get("answer", "")
    )
    messages.success(request, _("The customer is answered."))
    return redirect("console:missed_list")


@staff_only
@require_safe
def left_list(request: HttpRequest) -> HttpResponse:
    """List what lay in boxes and is not the shop's."""
    page = keyset_page(things_to_send_home(), asked=request.GET.dict(), size=ROWS_A_PAGE)
    context = {"notes": page.object_list, **page.links()}
    return render(request, "trials/console/left_list.html", context)


@staff_only
@require_POST
def left_done(request: HttpRequest, note_id: int) -> HttpResponse:
    """Note that such a thing was sent back to its owner."""
    note = sent_home(note_id=note_id, by=staff_user(request))
    thing = note.words or note.get_kind_display()
    messages.success(request, _("Sent back: %(thing)s. Its owner is told.") % {"thing": thing})
    return redirect("console:left_list")
