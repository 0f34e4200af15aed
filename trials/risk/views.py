"""Asking for a person, and the trials that wait for one as a page of the console."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.customers.access import caller
from shop.foundation.access import staff_only
from trials.home_trials.models import Trial
from trials.risk.queries import reason_words, review_page
from trials.risk.services.looking import approve_after_look, ask_for_look, decline_after_look

DECISIONS_A_PAGE = 25


@staff_only
@require_safe
def risk_queue(request: HttpRequest) -> HttpResponse:
    """List the trials that wait for a person, the oldest wish first, each with its reasons."""
    page = review_page(request.GET.dict(), size=DECISIONS_A_PAGE)
    rows = [
        {
            "decision": each,
            "reasons": [reason_words(reason) for reason in each.reasons],
            "look": getattr(each.trial, "second_look", None),
        }
        for each in page.object_list
    ]
    return render(request, "trials/risk/queue.html", {"rows": rows, **page.links()})


@staff_only
@require_POST
def look_decide(request: HttpRequest, number: str) -> HttpResponse:
    """Decide on a box that the rules declined and whose customer asked for a person."""
    found = get_object_or_404(Trial, number=number)
    if request.POST.get("answer") == "approved":
        look = approve_after_look(trial_id=found.pk, by=caller(request))
        messages.success(
            request,
            _("%(number)s takes the place of %(declined)s and goes on once what is due is paid.")
            % {"number": look.followed_by, "declined": number},
        )
    else:
        decline_after_look(
            trial_id=found.pk, by=caller(request), reason=request.POST.get("reason", "")
        )
        messages.success(
            request, _("%(number)s stays declined and the customer is told.") % {"number": number}
        )
    return redirect("console:risk_queue")


@login_required
@require_POST
def trial_look(request: HttpRequest, number: str) -> HttpResponse:
    """Take a customer's wish that a person looks at what the rules declined."""
    ask_for_look(user=caller(request), number=number, words=request.POST.get("words", ""))
    messages.success(request, _("Thank you. One of us looks at it and writes to you."))
    return redirect("trials:trial", number)
