"""Feeds for readers that cannot log in, and the page where their secret is made."""

import hashlib
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sharing.bookmarks.feeds import ATOM, KINDS, Feed, as_atom, as_json
from sharing.bookmarks.models import BookmarkQuerySet, Viewer
from sharing.bookmarks.queries.finding import found, latest
from sharing.bookmarks.queries.people import person_shown_to, reader_of_feed
from sharing.bookmarks.services.feed_tokens import feed_token, new_feed_token, revoke_feed_token
from sharing.bookmarks.tags import normal_tag
from sharing.bookmarks.views.finding import private
from sharing.circles.queries import circles_of, seat_of, shown_name
from sharing.galleries.tokens import token_hash
from shop.customers.access import caller
from shop.customers.models import User

MOST = 50
PUBLIC_SECONDS = 300


@require_safe
def tag_feed(request: HttpRequest, tag: str, kind: str, token: str = "") -> HttpResponseBase:
    """Send what was saved with a tag: publicly, or as the secret's person may see it."""
    viewer, tag = _reader(token), normal_tag(tag)
    title = _("Saved with #%(tag)s") % {"tag": tag}
    page = reverse("sharing:saved_tag", args=[tag])
    return _send(request, kind, viewer, found(viewer, tag=tag), title, page, f"tag/{tag}")


@require_safe
def person_feed(
    request: HttpRequest, shelf_id: uuid.UUID, kind: str, token: str = ""
) -> HttpResponseBase:
    """Send what a person saved: publicly, or as the secret's person may see it."""
    viewer = _reader(token)
    shelf = person_shown_to(viewer, shelf_id)
    title = _("Saved by %(name)s") % {"name": shown_name(shelf.user)}
    page = reverse("sharing:saved_person", args=[shelf_id])
    bookmarks = found(viewer, person=shelf.user)
    return _send(request, kind, viewer, bookmarks, title, page, f"person/{shelf_id}")


@require_safe
def circle_feed(
    request: HttpRequest, token: str, circle_id: uuid.UUID, kind: str
) -> HttpResponseBase:
    """Send what was saved for a circle the secret's person is in."""
    viewer = _reader(token)
    if viewer is None:
        raise Http404
    circle = seat_of(user=viewer, circle_id=circle_id).circle
    page = reverse("sharing:circle", args=[circle_id])
    bookmarks = found(viewer, circle=circle)
    return _send(request, kind, viewer, bookmarks, circle.name, page, f"circle/{circle_id}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feed_settings(request: HttpRequest) -> HttpResponse:
    """Show the addresses of one's private feeds; make a new secret, or close them."""
    user = caller(request)
    if request.method == "POST":
        if request.POST.get("act") == "close":
            revoke_feed_token(user=user)
            messages.success(request, _("Your feeds are closed. Their addresses open nothing."))
        else:
            new_feed_token(user=user)
            messages.success(request, _("Here are your addresses. Older ones open nothing now."))
        return redirect("sharing:feed_settings")
    token = _own_token(user)
    feeds = [
        {
            "name": each.name,
            "url": request.build_absolute_uri(
                reverse("sharing:private_circle_feed", args=[token, each.pk, "atom"])
            ),
        }
        for each in circles_of(user, kind="customers")
        if token
    ]
    return private(
        render(request, "sharing/bookmarks/feeds.html", {"feeds": feeds, "is_open": bool(token)})
    )


def _reader(token: str) -> User | None:
    """Return whose secret it is; nobody where none is in the address.

    Raises:
        Http404: the secret opens nothing.
    """
    if not token:
        return None
    user = reader_of_feed(token)
    if user is None:
        raise Http404
    return user


def _own_token(user: User) -> str:
    shelf = getattr(user, "shelf", None)
    if shelf is None or shelf.feed_key is None:
        return ""
    token = feed_token(shelf.feed_key)
    return token if token_hash(token) == shelf.feed_token_hash else ""


def _send(
    request: HttpRequest,
    kind: str,
    viewer: Viewer,
    bookmarks: BookmarkQuerySet,
    title: str,
    page: str,
    about: str,
) -> HttpResponseBase:
    if kind not in KINDS:
        raise Http404
    # For whom it is made is part of its name: no reader takes one person's feed for another's.
    whose = f"feeds/{about}" if viewer is None else f"feeds/{viewer.pk}/{about}"
    feed = Feed(
        title=title,
        about=whose,
        page=page,
        rows=latest(bookmarks, viewer, limit=MOST),
        address="" if viewer else request.path,
    )
    body = as_atom(feed) if KINDS[kind] == ATOM else as_json(feed)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = int(feed.updated.timestamp())
    response = HttpResponse(body, content_type=KINDS[kind])
    response["ETag"], response["Last-Modified"] = etag, http_date(changed)
    response["X-Robots-Tag"] = "noindex"
    if viewer is None:
        response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    else:
        private(response)
    answer = get_conditional_response(request, etag=etag, last_modified=changed, response=response)
    assert answer is not None
    answer["Cache-Control"] = response["Cache-Control"]
    return answer
