"""Ideas in the console: answer, merge, hide."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.ideas.answering import answer_idea, hide_idea, merge_idea, show_idea
from sharing.ideas.errors import IdeaInvalidError
from sharing.ideas.forms import AnswerForm, MergeForm
from sharing.ideas.models import ANSWER_LENGTH, Idea
from sharing.ideas.queries import mergeable, staff_idea, staff_ideas
from sharing.ideas.states import MOVES, IdeaState
from shop.customers.access import caller
from shop.foundation.access import staff_only
from shop.foundation.pages import page_links

IDEAS_A_PAGE = 50


@staff_only
@require_safe
def console_ideas(request: HttpRequest) -> HttpResponse:
    """List ideas, those with the most votes first."""
    state = request.GET.get("state", "")
    page = Paginator(staff_ideas(state=state), IDEAS_A_PAGE).get_page(request.GET.get("page"))
    choices = [("", _("All")), *IdeaState.choices, ("reported", _("Reported"))]
    context = {
        "ideas": page.object_list,
        "pills": [
            {"label": label, "url": f"?state={value}", "active": value == state}
            for value, label in (*choices, ("hidden", _("Hidden")))
        ],
        **page_links(page, state=state),
    }
    return render(request, "sharing/ideas/console_list.html", context)


@staff_only
@require_safe
def console_idea(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Show one idea with all that can be done to it."""
    found = staff_idea(idea_id)
    context = {
        "idea": found,
        "states": _states(found),
        "others": mergeable(found) if IdeaState.MERGED in MOVES.get(_state(found), ()) else [],
        "reports": found.reports.select_related("user").order_by("-at"),
        "limit": ANSWER_LENGTH,
        "entries": [
            {
                "title": IdeaState(each.to_state).label,
                "at": each.at,
                "by": each.actor or _("the shop"),
                "note": each.note,
            }
            for each in found.transitions.select_related("actor").order_by("-at", "-pk")
        ],
    }
    return render(request, "sharing/ideas/console_idea.html", context)


def _state(idea: Idea) -> IdeaState:
    return IdeaState(idea.state)


def _states(idea: Idea) -> list[dict[str, Any]]:
    """Return where an answer can leave an idea: where it stands, and where that leads."""
    if idea.state == IdeaState.MERGED:
        return []
    reached = {_state(idea), *MOVES.get(_state(idea), frozenset())} - {IdeaState.MERGED}
    return [
        {"value": each.value, "label": each.label, "checked": each == idea.state}
        for each in IdeaState
        if each in reached
    ]


@staff_only
@require_POST
def console_answer(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Answer an idea."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise IdeaInvalidError(
            _("Please answer in 1 to %(limit)s characters.") % {"limit": ANSWER_LENGTH}
        )
    done = answer_idea(idea_id=idea_id, by=caller(request), **form.cleaned_data)
    words = _("Answered. Everybody who asked is told that it is built.")
    messages.success(request, words if done.state == IdeaState.BUILT else _("Answered."))
    return redirect("sharing:console_idea", idea_id)


@staff_only
@require_POST
def console_merge(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Merge a duplicate into another idea."""
    form = MergeForm(request.POST)
    if not form.is_valid():
        raise IdeaInvalidError(_("Choose another idea to merge this one into."))
    into = merge_idea(idea_id=idea_id, into_id=form.cleaned_data["into"], by=caller(request))
    messages.success(request, _("Merged, with its votes."))
    return redirect("sharing:console_idea", into.pk)


@staff_only
@require_POST
def console_hide(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Take an idea off the list."""
    hide_idea(idea_id=idea_id, by=caller(request))
    messages.success(request, _("The idea is hidden."))
    return redirect("sharing:console_idea", idea_id)


@staff_only
@require_POST
def console_show(request: HttpRequest, idea_id: uuid.UUID) -> HttpResponse:
    """Put an idea back, or settle what was reported of it."""
    show_idea(idea_id=idea_id, by=caller(request))
    messages.success(request, _("The idea is shown."))
    return redirect("sharing:console_idea", idea_id)
