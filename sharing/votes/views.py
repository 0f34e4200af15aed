"""A friend's pages: looking, voting, the standing. No account, no script needed."""

import uuid
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.galleries.models import Gallery
from sharing.galleries.preview_files import asks, card_words
from sharing.galleries.queries import open_link, shown_frames
from sharing.galleries.services import note_view
from sharing.galleries.tokens import browser_person
from sharing.galleries.visitors import browser_token, carry_token, is_person, keep_private
from sharing.votes import pages
from sharing.votes.errors import VoteInvalidError
from sharing.votes.friend_page import Message, Surroundings, friend_page
from sharing.votes.limits import limit_votes
from sharing.votes.opened import Opened, known, opened
from sharing.votes.order import order_for
from sharing.votes.queries import standing, vote_of
from sharing.votes.services import cast_vote
from shop.catalogue.queries import image_urls
from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, LorgnetteError
from shop.foundation.network import client_address


@require_safe
def friend_gallery(request: HttpRequest, token: str) -> HttpResponse:
    """Show a gallery to whoever holds its link; a look never votes."""
    browser = browser_token(request)
    gallery = opened(token, browser)
    person_id = browser_person(browser, gallery.gallery_id)
    before = known(gallery, browser_token=browser, person_id=person_id)
    vote = vote_of(person_id) if before.voted else None
    reactions, favourite = pages.said_before(vote)
    said = {
        "reactions": reactions,
        "favourite": favourite,
        "comment": vote.comment if vote else "",
        "name": vote.voter.name if vote else "",
    }
    response = _page(request, gallery, token, person_id, said, voted=before.voted)
    if is_person(request) and request.user.pk != gallery.owner_id:
        if not before.seen:
            note_view(link=open_link(token, browser), browser_token=browser)
        carry_token(response, browser)
    return response


@require_POST
def vote(request: HttpRequest, token: str) -> HttpResponse:
    """Take a friend's vote; what cannot be taken comes back with its reason and all she said."""
    browser = browser_token(request)
    link = open_link(token, browser)
    limit_votes(link, request)
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
        return _page(
            request, opened(token, browser), token, person_id, said, voted=False, error=error
        )
    response = redirect("sharing:thanks", token)
    keep_private(response)
    carry_token(response, browser)
    return response


@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Thank a friend who has voted, and show her how the gallery stands."""
    browser = browser_token(request)
    link = open_link(token, browser)
    person_id = browser_person(browser, link.gallery_id)
    if vote_of(person_id) is None:
        return redirect("sharing:friend_gallery", token)
    counted, frames = standing(link.gallery), shown_frames(link.gallery)
    context = {
        "question": link.gallery.question,
        "token": token,
        "asks": asks(link.gallery.owner.name),
        "card_words": card_words(link.gallery.owner.name, link.gallery.owner.language),
        "closed": not link.gallery.takes_votes,
        "own": _is_own(request, link.gallery.owner_id),
        "rows": pages.standing_rows(frames, counted, photo_url=pages.friends_photos(token)),
        "total": counted.total,
        **_addresses(request, token),
    }
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


def _addresses(request: HttpRequest, token: str) -> dict[str, str]:
    page = reverse("sharing:friend_gallery", args=[token])
    card = reverse("sharing:preview", args=[token])
    return {
        "page_url": request.build_absolute_uri(page),
        "card_url": request.build_absolute_uri(card),
    }


def _is_own(request: HttpRequest, owner_id: int) -> bool:
    return request.user.is_authenticated and request.user.pk == owner_id


def _page(
    request: HttpRequest,
    gallery: Opened,
    token: str,
    person_id: uuid.UUID,
    said: dict[str, Any],
    *,
    voted: bool,
    error: LorgnetteError | None = None,
) -> HttpResponse:
    facts = {each.item_id: each for each in gallery.frames}
    bare = [each.variant_id for each in gallery.frames if not each.photos]
    pictures = image_urls(bare) if bare else {}
    ended = ""
    if gallery.closed:
        frames = [each.shown(pictures.get(each.variant_id, "")) for each in gallery.frames]
        counted = standing(Gallery(pk=gallery.gallery_id))
        rows = pages.standing_rows(frames, counted, photo_url=pages.friends_photos(token))
        context = {"rows": rows, "total": counted.total}
        ended = render_to_string("components/standing.html", context)
    around = Surroundings(
        token=token,
        question=gallery.question,
        asks=asks(gallery.owner_name),
        card_words=card_words(gallery.owner_name, gallery.owner_language),
        closed=gallery.closed,
        own=_is_own(request, gallery.owner_id),
        voted=voted,
        problem=str(error) if error else "",
        messages=tuple(Message(each.level_tag, str(each)) for each in get_messages(request)),
        language=get_language(),
        **_addresses(request, token),
    )
    page = friend_page(
        request,
        around,
        frames=[facts[item_id] for item_id in order_for(person_id, list(facts))],
        image_urls=pictures,
        standing=ended,
        **said,
    )
    response = HttpResponse(page, status=error.status if error else 200)
    keep_private(response)
    return response
