"""Ideas as customers read, propose and vote for them."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.ideas.errors import IdeaInvalidError
from sharing.ideas.forms import IdeaForm, ReportForm
from sharing.ideas.models import Idea
from sharing.ideas.queries import idea_for, ideas_for
from sharing.ideas.services import add_idea, report_idea, take_vote_back, vote_for
from sharing.ideas.states import VOTED_ON
from shop.customers.access import caller
from shop.foundation.errors import LorgnetteError
from shop.foundation.pages import page_links

IDEAS_A_PAGE = 20


@login_required
@require_safe
def idea_list(request: HttpRequest) -> HttpResponse:
    """List ideas by votes, by age, or what was built."""
    order = request.GET.get("order", "votes")
    user = caller(request)
    page = Paginator(ideas_for(user, order=order), IDEAS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "ideas": page.object_list,
        "voted_on": VOTED_ON,
        "user_id": user.pk,
        "pills": [
            {"label": label, "url": f"?order={name}", "active": order == name}
            for name, label in (
                ("votes", _("Most wanted")),
                ("new", _("Newest")),
                ("built", _("Built")),
            )
        ],
        **page_links(page, order=order),
    }
    return render(request, "sharing/ideas/idea_list.html", context)


@login_required
@require_safe
def idea(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Show one idea and the maker's answer."""
    user = caller(request)
    found = idea_for(user, idea_id)
    context = {"idea": found, "voted_on": VOTED_ON, "user_id": user.pk}
    return render(request, "sharing/ideas/idea.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def idea_add(request: HttpRequest) -> HttpResponse:
    """Take an idea."""
    form = IdeaForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = add_idea(user=caller(request), **form.cleaned_data)
            except LorgnetteError as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Thank you. We read every idea."))
                return redirect("sharing:idea", made.pk)
    return render(request, "sharing/ideas/idea_add.html", {"form": form}, status=status)


def _voted(request: HttpRequest, idea_id: uuid.UUID, act: Callable[..., Idea]) -> HttpResponse:
    user = caller(request)
    act(user=user, idea_id=idea_id)
    if request.headers.get("HX-Request"):
        context = {"idea": idea_for(user, idea_id), "voted_on": VOTED_ON, "user_id": user.pk}
        return render(request, "sharing/ideas/parts/vote.html", context)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else reverse("sharing:idea", args=[idea_id]))


@login_required
@require_POST
def idea_vote(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Vote for an idea."""
    return _voted(request, idea_id, vote_for)


@login_required
@require_POST
def idea_unvote(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Take a vote back."""
    return _voted(request, idea_id, take_vote_back)


@login_required
@require_POST
def idea_report(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Ask the shop to look at an idea."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        raise IdeaInvalidError(_("Please say it in 200 characters."))
    report_idea(user=caller(request), idea_id=idea_id, reason=form.cleaned_data["reason"])
    messages.success(request, _("Thank you. We look at it."))
    return redirect("sharing:idea", idea_id)
