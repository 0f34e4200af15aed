"""A customer's pages: what she can have erased, exported, and answer."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.photos.models import PhotoState
from sharing.privacy.confirming import confirm
from sharing.privacy.errors import AccountBusyError, AnswerMissingError, NotConfirmedError
from sharing.privacy.forms import AnswerForm, ClosingForm, ErasureForm
from sharing.privacy.queries import erasures_of, exports_of, objection_of, objections_of
from sharing.privacy.responses import export_answer
from sharing.privacy.services.erasing import request_erasure
from sharing.privacy.services.exporting import export_for, request_export
from sharing.privacy.services.objecting import answer_objection
from sharing.privacy.states import ObjectionState
from shop.customers.access import caller
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.errors import LorgnetteError
from shop.foundation.privacy import Scope, obstacles

SHOWN = 10


@login_required
@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what she can ask for, and what became of what she asked for."""
    return _privacy(request, ErasureForm())


def _privacy(request: HttpRequest, form: ErasureForm) -> HttpResponse:
    user = caller(request)
    context = {
        "form": form,
        "kept_days": settings.GALLERY_KEPT_DAYS,
        "exports": exports_of(user)[:SHOWN],
        "erasures": [
            {"erasure": each, "words": [Scope(scope).label for scope in each.scopes]}
            for each in erasures_of(user)[:SHOWN]
        ],
        "objections": objections_of(user)[:SHOWN],
    }
    status = 422 if form.errors else 200
    return render(request, "sharing/privacy/privacy.html", context, status=status)


@login_required
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase what she chose; her account stays."""
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _privacy(request, form)
    user = caller(request)
    request_erasure(user=user, scopes=form.cleaned_data["scopes"], by=user)
    messages.success(request, _("It is being erased. Within a minute it is gone, for everybody."))
    return redirect("sharing:privacy")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest) -> HttpResponse:
    """Say what deleting the account means; delete it."""
    user = caller(request)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm(user=user, password=form.cleaned_data["password"])
            request_erasure(user=user, scopes=[Scope.ACCOUNT], by=user)
        except NotConfirmedError as error:
            form.add_error("password" if user.has_usable_password() else None, str(error))
        except AccountBusyError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            messages.success(request, _("Your account is deleted. A last email confirms it."))
            return redirect("catalogue:home")
    context = {
        "form": form,
        "obstacles": obstacles(user),
        "has_password": user.has_usable_password(),
    }
    status = 422 if form.errors else 200
    return render(request, "sharing/privacy/close_account.html", context, status=status)


@login_required
@require_POST
def export_request(request: HttpRequest) -> HttpResponse:
    """Have all that is held of her put together."""
    user = caller(request)
    request_export(user=user, by=user)
    messages.success(request, _("We put it together and write to you when it is ready."))
    return redirect("sharing:privacy")


@login_required
@require_safe
def export_file(request: HttpRequest, export_id: uuid.UUID) -> FileResponse:
    """Send her an export of hers."""
    return export_answer(export_for(user=caller(request), export_id=export_id))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, objection_id: uuid.UUID) -> HttpResponse:
    """Show an objection to a photo of hers; take her answer."""
    user = caller(request)
    found = objection_of(user=user, objection_id=objection_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erased = request.POST.get("way") == "erase"
        try:
            answer_objection(
                owner=user,
                objection_id=objection_id,
                erase=erased,
                answer=form.cleaned_data["answer"],
            )
        except (AnswerMissingError, CardNumberError) as error:
            form.add_error("answer", str(error))
        except LorgnetteError as error:
            form.add_error(None, str(error))
        else:
            done = _("The photo is gone, for your friends too.")
            sent = _("Your answer is with us. Until we have decided, the photo stays hidden.")
            messages.success(request, done if erased else sent)
            return redirect("sharing:objection", objection_id)
    context = {
        "objection": found,
        "form": form,
        "waits": found.state == ObjectionState.HIDDEN,
        "erasable": found.photo.state != PhotoState.ERASED,
    }
    status = 422 if form.errors else 200
    return render(request, "sharing/privacy/objection.html", context, status=status)
