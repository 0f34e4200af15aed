"""The console's queue of reported comments."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.votes.models import Vote
from sharing.votes.moderation import decide_report
from sharing.votes.queries import reports
from sharing.votes.states import ReportState
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.pages import page_links

REPORTS_A_PAGE = 25
MAY_DECIDE = "sharing.decide_commentreport"


@staff_only
@permission_required("sharing.view_commentreport", raise_exception=True)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Show what was reported: the oldest undecided first, or what was decided, latest first."""
    state = request.GET.get("state", "")
    state = state if state in ReportState.values else ReportState.OPEN
    page = Paginator(reports(state), REPORTS_A_PAGE).get_page(request.GET.get("page"))
    here = reverse("sharing:report_list")
    context = {
        "page": page,
        "rows": [{"report": each, **_about(each.vote)} for each in page.object_list],
        "state": state,
        "may_decide": request.user.has_perm(MAY_DECIDE),
        "pills": [
            {"label": label, "url": f"{here}?state={value}", "active": state == value}
            for value, label in ReportState.choices
        ],
        **page_links(page, state=state),
    }
    return render(request, "sharing/votes/report_list.html", context)


def _about(vote: Vote) -> dict[str, str]:
    """Return whose gallery it was said on and who said it, each with where staff read on."""
    gallery, voter = vote.gallery, vote.voter
    trials = reverse("console:trial_list")
    owner_url = f"{trials}?{urlencode({'q': gallery.owner.email})}"
    return {
        "owner": str(gallery.owner),
        "gallery_url": reverse("console:trial", args=[gallery.trial.number])
        if gallery.trial
        else owner_url,
        "gallery_words": _("Trial %(number)s") % {"number": gallery.trial.number}
        if gallery.trial
        else _("Frames chosen before a trial"),
        "writer": voter.name or _("A friend"),
        "writer_url": f"{trials}?{urlencode({'q': voter.user.email})}" if voter.user else "",
        "came_by": voter.link.get_channel_display(),
    }


@staff_only
@permission_required(MAY_DECIDE, raise_exception=True)
@require_POST
def report_decide(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Keep or hide what was reported."""
    hide = request.POST.get("decision") == ReportState.HIDDEN
    decide_report(
        report_id=report_id,
        by=caller(request),
        decision=ReportState.HIDDEN if hide else ReportState.KEPT,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("Hidden from everybody.") if hide else _("It may stand."))
    return redirect("sharing:report_list")
