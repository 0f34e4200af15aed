"""What a customer does on the page of her trial, frame by frame."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.customers.access import caller
from shop.foundation.errors import InvalidError
from trials.reports.forms import BrokenForm
from trials.reports.missed_boxes import came_after_all, tell_never_came
from trials.reports.services import keep_frame, report_broken, tell_sent_back, undo_keeping


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
    """Take that a frame arrived broken."""
    form = BrokenForm(request.POST, request.FILES)
    if not form.is_valid():
        words = " ".join(str(each) for errors in form.errors.values() for each in errors)
        raise InvalidError(words, code="words_missing")
    report_broken(
        user=caller(request),
        number=number,
        item_id=item_id,
        words=form.cleaned_data["words"],
        photos=form.cleaned_data["photos"],
    )
    messages.success(request, _("Thank you for telling us. We look at it and write to you."))
    return redirect("trials:trial", number)


@login_required
@require_POST
def box_sent_back(request: HttpRequest, number: str) -> HttpResponse:
    """Take that the box was sent back."""
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
