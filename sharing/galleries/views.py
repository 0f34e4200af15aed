"""The owner's acts on a gallery: making it, setting it, ending it, putting it away."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sharing.galleries.forms import FramesGalleryForm, GalleryForm, SettingsForm
from sharing.galleries.models import Gallery
from sharing.galleries.opening import kept_until
from sharing.galleries.queries import gallery_of
from sharing.galleries.services import (
    archive_gallery,
    bring_back_gallery,
    change_settings,
    close_gallery,
    create_frames_gallery,
    create_gallery,
    first_link,
    reopen_gallery,
)
from shop.customers.models import User
from shop.customers.services import choose_name
from shop.foundation.errors import InvalidError
from trials.home_trials.queries import trial_of


@login_required
@require_POST
def gallery_create(request: HttpRequest) -> HttpResponse:
    """Make the gallery of a trial, with a first link to send."""
    assert request.user.is_authenticated
    form = GalleryForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Please ask in up to 140 characters."))
    trial = trial_of(user=request.user, number=form.cleaned_data["trial"])
    gallery = create_gallery(
        owner=request.user, trial_id=trial.pk, question=form.cleaned_data["question"]
    )
    return _with_first_link(request.user, gallery)


@login_required
@require_POST
def gallery_create_frames(request: HttpRequest) -> HttpResponse:
    """Make a gallery of chosen frames before a trial, with a first link to send."""
    assert request.user.is_authenticated
    form = FramesGalleryForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Choose the frames again, and ask in up to 140 characters."))
    gallery = create_frames_gallery(
        owner=request.user,
        variant_ids=form.cleaned_data["variant"],
        question=form.cleaned_data["question"],
    )
    return _with_first_link(request.user, gallery)


def _with_first_link(owner: User, gallery: Gallery) -> HttpResponse:
    first_link(owner=owner, gallery=gallery)
    return redirect("sharing:gallery", gallery.pk)


@login_required
@require_POST
def called(request: HttpRequest) -> HttpResponse:
    """Take how a customer's friends call her, and go on where she was."""
    assert request.user.is_authenticated
    choose_name(user=request.user, name=request.POST.get("called", ""))
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return redirect(wanted)
    return redirect("sharing:gallery_list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gallery_settings(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Show what a gallery is set to, and take what its owner changes, in her own time zone."""
    assert request.user.is_authenticated
    gallery = gallery_of(user=request.user, gallery_id=gallery_id)
    with timezone.override(request.user.zone):
        sent = request.POST if request.method == "POST" else None
        form = SettingsForm.of(gallery, request.user.zone, sent)
        if form.is_bound and form.is_valid():
            try:
                change_settings(owner=request.user, gallery_id=gallery_id, **form.cleaned_data)
            except InvalidError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved. Your friends see it at once."))
                return redirect("sharing:gallery", gallery_id)
        context = {"gallery": gallery, "form": form, "zone": request.user.time_zone}
        status = 422 if form.errors else 200
        return render(request, "sharing/galleries/settings.html", context, status=status)


@login_required
@require_POST
def gallery_close(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """End the voting."""
    assert request.user.is_authenticated
    close_gallery(owner=request.user, gallery_id=gallery_id)
    messages.success(request, _("The voting is over. Your friends can still see the result."))
    return redirect("sharing:gallery", gallery_id)


@login_required
@require_POST
def gallery_reopen(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Let friends vote again."""
    assert request.user.is_authenticated
    reopen_gallery(owner=request.user, gallery_id=gallery_id)
    messages.success(request, _("Your friends can vote again."))
    return redirect("sharing:gallery", gallery_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gallery_archive(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Ask whether a gallery shall be put away; put it away at a POST alone."""
    assert request.user.is_authenticated
    if request.method != "POST":
        found = gallery_of(user=request.user, gallery_id=gallery_id)
        until = kept_until(found)
        context = {"gallery": found, "until": until and until.astimezone(request.user.zone)}
        return render(request, "sharing/galleries/archive.html", context)
    archive_gallery(owner=request.user, gallery_id=gallery_id)
    messages.success(request, _("The gallery is put away. Its links open nothing any more."))
    return redirect("sharing:gallery", gallery_id)


@login_required
@require_POST
def gallery_bring_back(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Bring back a gallery that was put away."""
    assert request.user.is_authenticated
    bring_back_gallery(owner=request.user, gallery_id=gallery_id)
    messages.success(request, _("The gallery is back, and so are its links."))
    return redirect("sharing:gallery", gallery_id)
