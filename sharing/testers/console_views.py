"""Panels in the console: invite, open, close, and read what came of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sharing.testers.forms import InvitationForm
from sharing.testers.queries import panels, staff_panel, testers_of
from sharing.testers.results import HEAD, QuestionResult, answer_rows, panel_results
from sharing.testers.services.panels import close_panel, invite, open_panel, remove_tester
from shop.analytics.views import interval_words, rate_words
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.exports import csv_response
from shop.foundation.pages import page_links

PANELS_A_PAGE, TESTERS_A_PAGE = 30, 100


@staff_only
@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    """List panels, the latest first."""
    page = Paginator(panels(), PANELS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "panels": page.object_list,
        "may_add": caller(request).has_perm("sharing.add_panel"),
        **page_links(page),
    }
    return render(request, "sharing/testers/panel_list.html", context)


@staff_only
@require_safe
def panel(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """Show one panel: its frames, its questions, who is in it."""
    found = staff_panel(panel_id)
    page = Paginator(testers_of(found), TESTERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "panel": found,
        "testers": page.object_list,
        "form": InvitationForm(),
        "may_change": caller(request).has_perm("sharing.change_panel"),
        **page_links(page),
    }
    return render(request, "sharing/testers/panel.html", context)


@staff_only
@require_POST
def panel_open(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """Let testers see the frames."""
    open_panel(panel_id=panel_id, by=caller(request))
    messages.success(request, _("The panel is open."))
    return redirect("sharing:panel", panel_id)


@staff_only
@require_POST
def panel_close(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """End a panel."""
    close_panel(panel_id=panel_id, by=caller(request))
    messages.success(request, _("The panel is closed. Nobody sees its frames any more."))
    return redirect("sharing:panel", panel_id)


@staff_only
@require_POST
def panel_invite(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """Invite customers."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Enter addresses, one a line."))
    emails = form.cleaned_data["emails"].replace(",", "\n").splitlines()
    done = invite(panel_id=panel_id, by=caller(request), emails=emails)
    words = ngettext("%(n)s customer is invited.", "%(n)s customers are invited.", len(done.new))
    messages.success(request, words % {"n": len(done.new)})
    if done.unknown:
        messages.warning(
            request, _("No account has: %(emails)s") % {"emails": ", ".join(done.unknown)}
        )
    return redirect("sharing:panel", panel_id)


@staff_only
@require_POST
def panel_remove(request: HttpRequest, panel_id: uuid.UUID, tester_id: int) -> HttpResponse:
    """Take somebody out of a panel."""
    remove_tester(panel_id=panel_id, tester_id=tester_id, by=caller(request))
    messages.success(request, _("Removed. She sees the frames no more."))
    return redirect("sharing:panel", panel_id)


@staff_only
@require_safe
def results(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """Show what testers said, frame by frame."""
    found = staff_panel(panel_id)
    context = {
        "panel": found,
        "frames": [
            {"frame": each.frame, "questions": [_question(one) for one in each.questions]}
            for each in panel_results(found)
        ],
    }
    return render(request, "sharing/testers/results.html", context)


def _question(result: QuestionResult) -> dict[str, Any]:
    return {
        "question": result.question,
        "total": result.total,
        "texts": result.texts,
        "good": rate_words(result.good) if result.good else "",
        "interval": interval_words(result.good) if result.good else "",
        "mean": number_format(result.mean, 1) if result.mean is not None else _("n/a"),
        "rows": [
            [label, rate.part, rate_words(rate), interval_words(rate)]
            for label, rate in result.counts
        ],
        "columns": [
            {"label": _("Answer")},
            {"label": _("Count"), "numeric": True},
            {"label": _("Share"), "numeric": True},
            {"label": _("95 % interval"), "numeric": True},
        ],
    }


@staff_only
@require_safe
def results_csv(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """Send every answer of a panel as CSV."""
    found = staff_panel(panel_id)
    return csv_response(f"panel-{found.pk}", HEAD, answer_rows(found.pk))
