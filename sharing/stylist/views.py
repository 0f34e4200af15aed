"""The customer's side of a thread, and the pictures of answers."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.galleries.queries import gallery_of, open_link
from sharing.galleries.visitors import browser_token
from sharing.stylist.errors import MessageInvalidError
from sharing.stylist.forms import QuestionForm
from sharing.stylist.models import TEXT_LENGTH
from sharing.stylist.pictures import picture_file
from sharing.stylist.queries import answers_for_friends, picture_for
from sharing.stylist.services import ask, show_to_friends
from shop.customers.access import caller
from trials.home_trials.queries import trial_of


def _question(request: HttpRequest) -> str:
    form = QuestionForm(request.POST)
    if not form.is_valid():
        raise MessageInvalidError(
            _("Ask your question in 1 to %(limit)s characters.") % {"limit": TEXT_LENGTH}
        )
    return str(form.cleaned_data["text"])


def _asked(request: HttpRequest, path: str) -> HttpResponse:
    messages.success(request, _("Our stylist has your question. We mail you when she answers."))
    return redirect(f"{path}#stylist")


@login_required
@require_POST
def ask_about_trial(request: HttpRequest, number: str) -> HttpResponse:
    """Ask about a trial."""
    user = caller(request)
    trial = trial_of(user=user, number=number)
    ask(user=user, trial=trial, text=_question(request))
    return _asked(request, reverse("trials:trial", args=[number]))


@login_required
@require_POST
def ask_about_gallery(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Ask about a gallery."""
    user = caller(request)
    gallery = gallery_of(user=user, gallery_id=gallery_id)
    ask(user=user, gallery=gallery, text=_question(request))
    return _asked(request, reverse("sharing:gallery", args=[gallery_id]))


@login_required
@require_POST
def friends(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Let friends read the stylist's answers, or no longer."""
    user = caller(request)
    gallery = gallery_of(user=user, gallery_id=gallery_id)
    shown = request.POST.get("shown") == "yes"
    show_to_friends(owner=user, gallery=gallery, shown=shown)
    words = _("Your friends read the answers too.") if shown else _("Only you read the answers.")
    messages.success(request, words)
    return redirect(reverse("sharing:gallery", args=[gallery_id]) + "#stylist")


@login_required
@require_safe
def picture(request: HttpRequest, message_id: int, size: int, extension: str) -> FileResponse:
    """Send the picture of an answer to whom it was given, and to people who work here."""
    message = picture_for(user=caller(request), message_id=message_id)
    if message is None or message.picture is None:
        raise Http404
    return picture_file(message.picture, size, extension)


@require_safe
def friend_picture(
    request: HttpRequest, token: str, message_id: int, size: int, extension: str
) -> FileResponse:
    """Send the picture of an answer to friends, as long as the owner lets them read it."""
    gallery = open_link(token, browser_token(request)).gallery
    shown = {each.pk: each.picture for each in answers_for_friends(gallery)}
    picture_id = shown.get(message_id)
    if picture_id is None:
        raise Http404
    return picture_file(picture_id, size, extension)
