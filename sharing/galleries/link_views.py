"""The owner's acts on a gallery's links: making, sending, withdrawing; QR code and story."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.galleries.forms import InvitationForm, LinkForm
from sharing.galleries.limits import limit_invitations, limit_stories
from sharing.galleries.link_files import link_url, qr_response, story_response
from sharing.galleries.models import ShareLink
from sharing.galleries.queries import gallery_of, open_link_for, own_link
from sharing.galleries.services import create_link, label_link, mail_link, note_shared, revoke_link
from shop.customers.services import choose_name
from shop.foundation.errors import InvalidError


@login_required
@require_POST
def link_create(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Make a link for one way of sending, or take the open one made for it before."""
    assert request.user.is_authenticated
    form = LinkForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Please note whom it is for in up to 60 characters."))
    gallery = gallery_of(user=request.user, gallery_id=gallery_id)
    wanted = form.wanted()
    link = None
    if form.is_plain:
        link = open_link_for(gallery, channel=wanted["channel"], label=wanted["label"])
    link = link or create_link(owner=request.user, gallery_id=gallery_id, **wanted)
    return _shown(link)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link_revoke(request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Ask whether a link shall be withdrawn; withdraw it at a POST alone."""
    assert request.user.is_authenticated
    if request.method != "POST":
        link = own_link(user=request.user, gallery_id=gallery_id, link_id=link_id)
        context = {"gallery": link.gallery, "link": link}
        return render(request, "sharing/galleries/link_revoke.html", context)
    revoke_link(owner=request.user, gallery_id=gallery_id, link_id=link_id)
    messages.success(request, _("The link is withdrawn. Nobody can open it any more."))
    return redirect("sharing:gallery", gallery_id)


@login_required
@require_POST
def link_label(request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Give a link another note."""
    assert request.user.is_authenticated
    label = request.POST.get("label", "")
    link = label_link(owner=request.user, gallery_id=gallery_id, link_id=link_id, label=label)
    messages.success(request, _("Noted."))
    # From where it is sent, she goes on sending it.
    return _shown(link) if "sending" in request.POST else redirect("sharing:gallery", gallery_id)


@login_required
@require_POST
def link_shared(request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Take the page's word that its owner copied a link, or opened the way to send it."""
    assert request.user.is_authenticated
    note_shared(owner=request.user, gallery_id=gallery_id, link_id=link_id)
    return HttpResponse(status=204)


@login_required
@require_POST
def link_mail(request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Send a link by a mail of the shop's to one address."""
    assert request.user.is_authenticated
    link = own_link(user=request.user, gallery_id=gallery_id, link_id=link_id)
    form = InvitationForm(request.POST, asks_name=not request.user.name)
    if not form.is_valid():
        raise InvalidError(
            _("Give one email address, and say that you know each other. Then it is sent.")
        )
    address = form.cleaned_data["address"]
    owner = choose_name(user=request.user, name=form.cleaned_data.get("called", ""))
    limit_invitations(request.user, address)
    mail_link(owner=owner, gallery_id=gallery_id, link_id=link_id, address=address)
    messages.success(request, _("The mail is on its way. We do not keep the address."))
    return _shown(link)


@login_required
@require_safe
def link_qr(request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Send the QR code of one of the customer's open links."""
    assert request.user.is_authenticated
    link = own_link(user=request.user, gallery_id=gallery_id, link_id=link_id)
    return qr_response(link_url(request, link))


@login_required
@require_safe
def link_story(
    request: HttpRequest, gallery_id: uuid.UUID, link_id: uuid.UUID, pictures: str
) -> HttpResponse:
    """Send a picture for a story, with the QR code of one of the customer's open links."""
    assert request.user.is_authenticated
    link = own_link(user=request.user, gallery_id=gallery_id, link_id=link_id)
    limit_stories(request.user)
    return story_response(link, link_url(request, link), pictures)


def _shown(link: ShareLink) -> HttpResponse:
    return redirect(reverse("sharing:gallery", args=[link.gallery_id]) + f"?link={link.pk}#share")
