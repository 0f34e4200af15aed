"""A friend's pages: looking, voting, the standing. No account, no script needed."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.galleries.models import ShareLink
from sharing.galleries.preview_files import asks
from sharing.galleries.queries import open_link, shown_frames
from sharing.galleries.services import note_view
from sharing.galleries.states import GalleryState
from sharing.galleries.tokens import browser_person
from sharing.galleries.visitors import browser_token, carry_token, is_person, keep_private
from sharing.votes import pages
from sharing.votes.errors import VoteInvalidError
from sharing.votes.limits import limit_votes
from sharing.votes.order import order_for
from sharing.votes.queries import standing, vote_of
from sharing.votes.services import cast_vote
from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, LorgnetteError
from shop.foundation.network import client_address


@require_safe
def friend_gallery(request: HttpRequest, token: str) -> HttpResponse:
    """Show a gallery to whoever holds its link; a look never votes."""
    link = open_link(token)
    browser = browser_token(request)
    person_id = browser_person(browser, link.gallery_id)
    vote = vote_of(person_id)
    reactions, favourite = pages.said_before(vote)
    said = {
        "reactions": reactions,
        "favourite": favourite,
        "comment": vote.comment if vote else "",
        "name": vote.voter.name if vote else "",
    }
    response = _page(request, link, token, person_id, said, voted=vote is not None)
    if is_person(request) and request.user.pk != link.gallery.owner_id:
        note_view(link=link, browser_token=browser)
        carry_token(response, browser)
    return response


@require_POST
def vote(request: HttpRequest, token: str) -> HttpResponse:
    """Take a friend's vote; what cannot be taken comes back with its reason and all she said."""
    link = open_link(token)
    limit_votes(link, request)
    browser = browser_token(request)
    said: dict[str, Any] = {"reactions": {}, "favourite": None}
    said["comment"] = request.POST.get("comment", "").replace("\r\n", "\n")
    said["name"] = request.POST.get("name", "")
    try:
        said["reactions"], said["favourite"] = _sent(request)
        cast_vote(
            link=link,
            voter_token=browser,
            address=client_address(request),
            user=request.user if request.user.is_authenticated else None,
            **said,
        )
    except (InvalidError, ConflictError, ForbiddenError) as error:
        person_id = browser_person(browser, link.gallery_id)
        return _page(request, link, token, person_id, said, voted=False, error=error)
    response = redirect("sharing:thanks", token)
    keep_private(response)
    carry_token(response, browser)
    return response


@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Thank a friend who has voted, and show her how the gallery stands."""
    link = open_link(token)
    person_id = browser_person(browser_token(request), link.gallery_id)
    if vote_of(person_id) is None:
        return redirect("sharing:friend_gallery", token)
    context = _common(request, link, token) | _standing(link, token)
    response = render(request, "sharing/votes/thanks.html", context)
    keep_private(response)
    return response


def _sent(request: HttpRequest) -> tuple[dict[int, str], int | None]:
    favourites = set(filter(None, request.POST.getlist("favourite")))
    if len(favourites) > 1:
        raise VoteInvalidError(_("Pick one favourite only."))
    try:
        reactions = {
            int(name.removeprefix("reaction-")): str(value)
            for name, value in request.POST.items()
            if name.startswith("reaction-")
        }
        return reactions, int(favourites.pop()) if favourites else None
    except ValueError as error:
        raise VoteInvalidError(_("Load the page again and vote once more.")) from error


def _common(request: HttpRequest, link: ShareLink, token: str) -> dict[str, Any]:
    page = reverse("sharing:friend_gallery", args=[token])
    card = reverse("sharing:preview", args=[token])
    return {
        "gallery": link.gallery,
        "token": token,
        "asks": asks(link.gallery),
        "closed": link.gallery.state != GalleryState.OPEN,
        "own": request.user.is_authenticated and request.user.pk == link.gallery.owner_id,
        "page_url": request.build_absolute_uri(page),
        "card_url": request.build_absolute_uri(card),
    }


def _standing(link: ShareLink, token: str) -> dict[str, Any]:
    counted = standing(link.gallery)
    frames = shown_frames(link.gallery)
    rows = pages.standing_rows(frames, counted, photo_url=pages.friends_photos(token))
    return {"rows": rows, "total": counted.total}


def _page(
    request: HttpRequest,
    link: ShareLink,
    token: str,
    person_id: uuid.UUID,
    said: dict[str, Any],
    *,
    voted: bool,
    error: LorgnetteError | None = None,
) -> HttpResponse:
    frames = shown_frames(link.gallery)
    context = _common(request, link, token) | {
        "looks": pages.looks(
            frames,
            order=order_for(person_id, [frame.item.pk for frame in frames]),
            photo_url=pages.friends_photos(token),
            reactions=said["reactions"],
            favourite=said["favourite"],
        ),
        "said": said,
        "voted": voted,
        "problem": str(error) if error else "",
    }
    if context["closed"]:
        counted = standing(link.gallery)
        context["total"] = counted.total
        context["rows"] = pages.standing_rows(
            frames, counted, photo_url=pages.friends_photos(token)
        )
    status = error.status if error else 200
    response = render(request, "sharing/votes/friend_gallery.html", context, status=status)
    keep_private(response)
    return response
