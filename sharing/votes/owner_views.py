"""The owner's pages: her galleries, and one of them with votes coming in."""

import uuid
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.galleries.models import Gallery
from sharing.galleries.queries import (
    galleries_of,
    gallery_of,
    links_of,
    people_of,
    shown_frames,
)
from sharing.galleries.share import owners_panel
from sharing.galleries.states import GalleryState
from sharing.galleries.visitors import keep_private
from sharing.votes import pages
from sharing.votes.buying import put_in_cart
from sharing.votes.comparing import bought_of
from sharing.votes.errors import VoteInvalidError
from sharing.votes.queries import counted_votes, left_out, standing, votes_on
from sharing.votes.telling import trust_words, verdict
from sharing.votes.trust import mark_owner
from shop.foundation.pages import page_links

GALLERIES_A_PAGE = 10
VOICES_SHOWN = 50
# htmx stops polling at this status (its documentation, "Load Polling").
STOP_POLLING = 286


def _standing(gallery: Gallery) -> dict[str, Any]:
    counted = standing(gallery)
    frames = shown_frames(gallery)
    closed = not gallery.takes_votes
    rows = pages.standing_rows(
        frames, counted, photo_url=pages.own_photos, bought=bought_of(gallery)
    )
    bought = [row["label"] for row in rows if row["bought"]]
    names = {frame.item.pk: frame.name for frame in frames}
    context = {
        "gallery": gallery,
        "rows": rows,
        "bought": bought,
        "total": counted.total,
        "verdict": verdict(counted, names, closed=closed, bought=bool(bought)),
        "trust": trust_words(counted.total, left_out(gallery)),
        "voices": pages.voices(votes_on(gallery)[:VOICES_SHOWN]),
        "people": people_of(gallery),
        "closed": closed,
    }
    return context | {"seen": _fingerprint(context)}


def _fingerprint(context: dict[str, Any]) -> str:
    """Return a short name of what the standing shows; another one once a vote changes it."""
    shown = [
        [
            (
                row["id"],
                row["count"],
                row["leader"],
                row["bought"],
                row["image_url"],
                str(row["row"]),
            )
            for row in context["rows"]
        ],
        context["voices"],
        context["trust"]["out"],
        (context["people"], context["closed"], get_language()),
    ]
    return sha256(repr(shown).encode()).hexdigest()[:16]


@login_required
@require_safe
def gallery(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Show the owner how her gallery stands, and the ways to send it."""
    assert request.user.is_authenticated
    found = gallery_of(user=request.user, gallery_id=gallery_id)
    links = list(links_of(found))
    context = _standing(found) | owners_panel(request, request.user, found, links)
    # Before the first vote there is nothing to see and one thing to do.
    nobody_voted = not context["total"] and not context["trust"]["out"]
    context["asks_first"] = nobody_voted and context["kept"] and not context["closed"]
    response = render(request, "sharing/galleries/gallery.html", context)
    keep_private(response)
    mark_owner(request, response, found.owner_id)
    return response


@login_required
@require_safe
def gallery_standing(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Show the standing alone, for the page that asks again every two seconds."""
    assert request.user.is_authenticated
    found = gallery_of(user=request.user, gallery_id=gallery_id)
    context = _standing(found)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    status = STOP_POLLING if context["closed"] else 200
    response = render(request, "sharing/galleries/parts/standing.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def gallery_list(request: HttpRequest) -> HttpResponse:
    """List the customer's galleries, latest first; those put away on a page of their own."""
    assert request.user.is_authenticated
    put_away = "away" in request.GET
    every, away = galleries_of(request.user), Q(state=GalleryState.ARCHIVED)
    shown = every.filter(away) if put_away else every.exclude(away)
    paginator = Paginator(shown, GALLERIES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    votes = counted_votes([each.pk for each in page.object_list])
    context = {
        "cards": [
            {"gallery": each, "items": each.items.all(), "votes": votes.get(each.pk, 0)}
            for each in page.object_list
        ],
        "title": _("Put away") if put_away else _("Your galleries"),
        "put_away": put_away,
        "any_away": not put_away and every.filter(away).exists(),
        **page_links(page, **({"away": "1"} if put_away else {})),
    }
    return render(request, "sharing/galleries/gallery_list.html", context)


@login_required
@require_POST
def gallery_buy(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Put a frame of the gallery into the cart, and go there."""
    assert request.user.is_authenticated
    try:
        item_id = int(request.POST.get("item", ""))
    except ValueError as error:
        raise VoteInvalidError(_("Choose a frame first.")) from error
    put_in_cart(owner=request.user, gallery_id=gallery_id, item_id=item_id)
    return redirect("orders:cart")
