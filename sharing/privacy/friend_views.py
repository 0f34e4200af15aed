"""Pages of whoever holds a link: a photo of hers hidden, her vote erased. No account needed."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sharing.galleries.models import ShareLink
from sharing.galleries.preview_files import asks, card_path, card_words
from sharing.galleries.queries import open_link, photo_in_gallery, shown_frames
from sharing.galleries.tokens import browser_person
from sharing.galleries.visitors import browser_token, carry_token, keep_private
from sharing.photos.errors import PhotoMissingError
from sharing.privacy.forms import ObjectionForm
from sharing.privacy.queries import has_voted
from sharing.privacy.services.erasing import erase_vote
from sharing.privacy.services.objecting import object_to_photo
from sharing.privacy.states import ObjectionState
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.network import client_address


@require_safe
def photos_object(request: HttpRequest, token: str) -> HttpResponse:
    """Show the photos of a gallery, for somebody to choose the one that shows herself."""
    link = open_link(token, browser_token=browser_token(request))
    photos = [photo for frame in shown_frames(link.gallery) for photo in frame.photos]
    context = {"photos": photos, "token": token, **_surroundings(request, link, token)}
    response = render(request, "sharing/privacy/photos_object.html", context)
    keep_private(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def photo_object(request: HttpRequest, token: str, photo_id: uuid.UUID) -> HttpResponse:
    """Show one photo and ask whether it shall be hidden; hide it at a POST alone."""
    browser = browser_token(request)
    link = open_link(token, browser_token=browser)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = object_to_photo(
                link=link,
                photo_id=photo_id,
                person_id=browser_person(browser, link.gallery_id),
                address=client_address(request),
                reason=form.cleaned_data["reason"],
            )
        except CardNumberError as error:
            form.add_error("reason", str(error))
        else:
            _say(request, made.state)
            response: HttpResponse = redirect("sharing:friend_gallery", token)
            keep_private(response)
            carry_token(response, browser)
            return response
    photo = photo_in_gallery(link.gallery, photo_id)
    if photo is None:
        raise PhotoMissingError(_("This photo is not here any more."))
    context = {"form": form, "photo": photo, "token": token, **_surroundings(request, link, token)}
    status = 422 if form.errors else 200
    response = render(request, "sharing/privacy/photo_object.html", context, status=status)
    keep_private(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def vote_erase(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether a friend's vote, comment and name shall go; erase them at a POST alone."""
    browser = browser_token(request)
    link = open_link(token, browser_token=browser)
    person_id = browser_person(browser, link.gallery_id)
    if request.method == "POST":
        erase_vote(voter_id=person_id)
        messages.success(request, _("Your vote is erased, with what you wrote and your name."))
        response: HttpResponse = redirect("sharing:friend_gallery", token)
    elif not has_voted(person_id):
        response = redirect("sharing:friend_gallery", token)
    else:
        context = {"token": token, **_surroundings(request, link, token)}
        response = render(request, "sharing/privacy/vote_erase.html", context)
    keep_private(response)
    return response


def _say(request: HttpRequest, state: str) -> None:
    if state == ObjectionState.WAITING:
        words = _(
            "You have had photos here hidden already. This one the shop looks at first, soon; "
            "until then it is shown."
        )
        messages.info(request, words)
    elif state == ObjectionState.REPEATED:
        messages.info(request, _("The shop has looked at this photo before and looks again."))
    else:
        messages.success(request, _("The photo is hidden. Its owner and the shop are told."))


def _surroundings(request: HttpRequest, link: ShareLink, token: str) -> dict[str, str]:
    """Return what every friend's page reads (``sharing/votes/base_friend.html``)."""
    owner, closed = link.gallery.owner, not link.gallery.takes_votes
    page = reverse("sharing:friend_gallery", args=[token])
    return {
        "question": link.gallery.asked,
        "asks": asks(owner.name, closed=closed),
        "card_words": card_words(owner.name, owner.language, closed=closed),
        "page_url": request.build_absolute_uri(page),
        "card_url": request.build_absolute_uri(card_path(token, closed=closed)),
    }
