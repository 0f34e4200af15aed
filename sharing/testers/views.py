"""The tester's side: her invitations, the frames, and what she says of them."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.testers.errors import PanelClosedError, PanelMissingError
from sharing.testers.forms import FeedbackForm, given_before
from sharing.testers.models import Tester
from sharing.testers.queries import (
    ShownFrame,
    frames_for,
    invitation_of,
    invitations_of,
    questions_of,
)
from sharing.testers.services.feedback import give_feedback
from sharing.testers.services.panels import answer_invitation
from sharing.testers.states import PanelState, TesterState
from shop.customers.access import caller
from shop.foundation.errors import LorgnetteError
from shop.foundation.pages import page_links

TESTS_A_PAGE = 20


@login_required
@require_safe
def test_list(request: HttpRequest) -> HttpResponse:
    """List the tests the customer is invited to."""
    found = invitations_of(caller(request))
    page = Paginator(found, TESTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"testers": page.object_list, **page_links(page)}
    return render(request, "sharing/testers/test_list.html", context)


@login_required
@require_safe
def test(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """Show one test: the invitation, or its frames once it was accepted."""
    tester = invitation_of(user=caller(request), panel_id=panel_id)
    frames = frames_for(tester)
    context = {
        "tester": tester,
        "panel": tester.panel,
        "frames": frames,
        "is_open": tester.panel.state == PanelState.OPEN,
        "accepted": tester.state == TesterState.ACCEPTED,
        "asks": bool(questions_of(tester.panel)) if frames else False,
        "done": sum(frame.feedback is not None for frame in frames),
    }
    return render(request, "sharing/testers/test.html", context)


@login_required
@require_POST
def test_answer(request: HttpRequest, panel_id: uuid.UUID) -> HttpResponse:
    """Say yes or no."""
    accept = request.POST.get("answer") == "yes"
    answer_invitation(user=caller(request), panel_id=panel_id, accept=accept)
    words = _("Thank you! These are the frames.") if accept else _("You are not in this test.")
    messages.success(request, words)
    return redirect("sharing:test", panel_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def test_feedback(request: HttpRequest, panel_id: uuid.UUID, handle: str) -> HttpResponse:
    """Ask a tester what she says of one frame."""
    user = caller(request)
    tester = invitation_of(user=user, panel_id=panel_id)
    shown = _shown(tester, handle)
    questions = questions_of(tester.panel)
    form = FeedbackForm(
        request.POST or None, questions=questions, initial=given_before(shown.feedback)
    )
    context: dict[str, Any] = {"panel": tester.panel, "shown": shown, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                give_feedback(user=user, panel_id=panel_id, handle=handle, answers=form.answers())
            except LorgnetteError as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(
                    request, _("Thank you! You can change your answers until the test is over.")
                )
                return redirect("sharing:test", panel_id)
    return render(request, "sharing/testers/feedback.html", context, status=status)


def _shown(tester: Tester, handle: str) -> ShownFrame:
    if tester.state == TesterState.ACCEPTED and tester.panel.state != PanelState.OPEN:
        raise PanelClosedError(_("This test is over; your answers stay as they are."))
    frame = next((each for each in frames_for(tester) if each.frame.handle == handle), None)
    if frame is None:
        raise PanelMissingError(_("There is no such frame in this test."))
    return frame
