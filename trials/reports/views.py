"""What a customer does on the page of her trial, frame by frame."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.errors import InvalidError, TooManyError
from trials.evidence.errors import EvidenceRefusedError, TooMuchEvidenceError
from trials.home_trials.queries import trial_of
from trials.home_trials.views import trial_page
from trials.reports.errors import ReportWordsError
from trials.reports.forms import BrokenForm, MorePhotosForm
from trials.reports.missed_boxes import came_after_all, tell_never_came
from trials.reports.pages import takes_broken
from trials.reports.services import (
    keep_frame,
    report_broken,
    show_broken,
    tell_sent_back,
    undo_keeping,
    undo_sent_back,
)

PHOTO_REFUSED = (EvidenceRefusedError, TooMuchEvidenceError, TooManyError)


@login_required
@require_POST
def frame_keep(request: HttpRequest, number: str, item_id: uuid.UUID) -> HttpResponse:
    """Keep a frame, or take that back."""
    if request.POST.get("undo"):
        undo_keeping(user=caller(request), number=number, item_id=item_id)
        messages.success(request, _("You do not keep it. Send it back with the others."))
    else:
        keep_frame(user=caller(request), number=number, item_id=item_id)
        messages.success(
            request, _("It is yours when your days at home are over; your card pays then.")
        )
    return redirect("trials:trial", number)


@login_required
@require_POST
def frame_broken(request: HttpRequest, number: str, item_id: uuid.UUID) -> HttpResponse:
    """Take that a frame arrived broken, or more photos of it; what is refused she sees again."""
    user = caller(request)
    if request.POST.get("more"):
        return _more_photos(request, user, number, item_id)
    form = BrokenForm(request.POST, request.FILES)
    if not form.is_valid():
        return _broken_again(request, user, number, item_id, form.errors)
    words, photos = form.cleaned_data["words"], form.cleaned_data["photos"]
    try:
        report_broken(user=user, number=number, item_id=item_id, words=words, photos=photos)
    except (CardNumberError, ReportWordsError) as error:
        return _broken_again(request, user, number, item_id, {"words": [str(error)]})
    except PHOTO_REFUSED as error:
        # Her words are with us: what is missing can be sent where they stand now.
        kept = _("We have your words and all photos but what is said here: %(why)s")
        messages.warning(request, kept % {"why": error})
        return redirect("trials:trial", number)
    messages.success(request, _("Thank you for telling us. We look at it and write to you."))
    return redirect("trials:trial", number)


def _more_photos(request: HttpRequest, user: User, number: str, item_id: uuid.UUID) -> HttpResponse:
    form = MorePhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        words = " ".join(str(each) for errors in form.errors.values() for each in errors)
        raise InvalidError(words, code="photos_missing")
    photos = form.cleaned_data["photos"]
    show_broken(user=user, number=number, item_id=item_id, photos=photos)
    messages.success(request, _("Thank you. We have your photos."))
    return redirect("trials:trial", number)


def _broken_again(
    request: HttpRequest,
    user: User,
    number: str,
    item_id: uuid.UUID,
    errors: Mapping[str, Sequence[Any]],
) -> HttpResponse:
    """Return her trial's page with her words in the form and what is wrong at its fields."""
    refused = {
        "item_id": item_id,
        "words": request.POST.get("words", ""),
        "at_words": errors.get("words", ()),
        "at_photos": errors.get("photos", ()),
        # No browser sends files a second time by itself.
        "photos_gone": bool(request.FILES),
    }
    trial = trial_of(user=user, number=number)
    if not takes_broken(trial, item_id):
        why = " ".join(str(each) for said in errors.values() for each in said)
        raise InvalidError(why, code="words_missing")
    return trial_page(request, trial, status=422, broken_refused=refused)


@login_required
@require_POST
def box_sent_back(request: HttpRequest, number: str) -> HttpResponse:
    """Take that the box was sent back, or that it has not been yet."""
    if request.POST.get("undo"):
        undo_sent_back(user=caller(request), number=number)
        messages.success(request, _("Noted: you have not sent it yet. Your days count as before."))
        return redirect("trials:trial", number)
    tell_sent_back(user=caller(request), number=number)
    messages.success(
        request, _("Thank you. The carrier’s first scan shows us that it is on its way.")
    )
    return redirect("trials:trial", number)


@login_required
@require_POST
def box_missed(request: HttpRequest, number: str) -> HttpResponse:
    """Take that the box never came, or that it has after all."""
    if request.POST.get("undo"):
        came_after_all(user=caller(request), number=number)
        messages.success(request, _("Good. Your days at home count from now."))
    else:
        tell_never_came(user=caller(request), number=number)
        messages.success(request, _("We look for your box and write to you."))
    return redirect("trials:trial", number)
