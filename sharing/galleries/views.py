"""Making galleries and links, and what a link opens besides its page."""

import io
import uuid

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.galleries.forms import GalleryForm, LinkForm
from sharing.galleries.models import ShareLink
from sharing.galleries.preview_files import compose_preview, preview_name
from sharing.galleries.queries import (
    gallery_of,
    open_link,
    open_link_for,
    photo_in_gallery,
    sendable_token,
)
from sharing.galleries.services import (
    close_gallery,
    create_gallery,
    create_link,
    reopen_gallery,
    revoke_link,
)
from sharing.galleries.visitors import browser_token, keep_private
from sharing.photos.files import private_storage
from sharing.photos.responses import photo_file, private_file
from shop.analytics.names import Channel
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
    if not gallery.links.exists():
        create_link(owner=request.user, gallery_id=gallery.pk, channel=Channel.SHARE_SHEET)
    return redirect("sharing:gallery", gallery.pk)


@login_required
@require_POST
def link_create(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Make a link for one way of sending, or take the open one made for it before."""
    assert request.user.is_authenticated
    form = LinkForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Please note whom it is for in up to 60 characters."))
    gallery = gallery_of(user=request.user, gallery_id=gallery_id)
    link = open_link_for(gallery, **form.cleaned_data) or create_link(
        owner=request.user, gallery_id=gallery_id, **form.cleaned_data
    )
    return redirect(reverse("sharing:gallery", args=[gallery_id]) + f"?link={link.pk}#share")


@login_required
@require_POST
def link_revoke(request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Withdraw a link."""
    assert request.user.is_authenticated
    revoke_link(owner=request.user, gallery_id=gallery_id, link_id=link_id)
    messages.success(request, _("The link is withdrawn. Nobody can open it any more."))
    return redirect("sharing:gallery", gallery_id)


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
@require_safe
def link_qr(request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Send the QR code of one of the customer's open links."""
    assert request.user.is_authenticated
    gallery = gallery_of(user=request.user, gallery_id=gallery_id)
    link = gallery.links.filter(pk=link_id).first()
    if link is None or not sendable_token(link):
        raise Http404
    out = io.BytesIO()
    segno.make_qr(link_url(request, link), error="m").save(out, kind="svg", scale=6, border=2)
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    return response


def link_url(request: HttpRequest, link: ShareLink) -> str:
    """Return the address to be sent; nothing where the link may not be sent any more."""
    token = sendable_token(link)
    path = reverse("sharing:friend_gallery", args=[token]) if token else ""
    return request.build_absolute_uri(path) if path else ""


@require_safe
def friend_photo(
    request: HttpRequest, token: str, photo_id: uuid.UUID, size: int, extension: str
) -> FileResponse:
    """Send a photo of the gallery to whoever holds a link that still opens it."""
    link = open_link(token, browser_token(request))
    if photo_in_gallery(link.gallery, photo_id) is None:
        raise Http404
    return photo_file(photo_id, size, extension)


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the card that chats show, as long as the link opens its gallery."""
    link = open_link(token, browser_token(request))
    name = preview_name(link.pk)
    if private_storage().exists(name):
        return private_file(name, "image/png")
    # Asked for before the worker has made it.
    response = HttpResponse(compose_preview(link.gallery), content_type="image/png")
    keep_private(response)
    return response
