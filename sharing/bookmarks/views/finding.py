"""Saved frames as they are found: one's own, by tag, by person, by both; what is new."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.bookmarks.models import Bookmark, BookmarkQuerySet, Follow, Viewer
from sharing.bookmarks.queries.finding import (
    Saved,
    count_up_to,
    followed,
    found,
    page_of,
    tags_among,
)
from sharing.bookmarks.queries.people import follows_of, person_shown_to
from sharing.bookmarks.services.following import follow_person, follow_tag, unfollow
from sharing.bookmarks.tags import normal_tag
from sharing.circles.models import Block
from sharing.circles.queries import shown_name
from sharing.circles.services.membership import block_person, unblock_person
from sharing.galleries.visitors import keep_private
from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.errors import InvalidError


@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """List what a person saved herself."""
    user = caller(request)
    tag, words = asked_tag(request), asked_words(request)
    hers = found(user, person=user, tag=tag, words=words)
    context = listed(request, hers, cloud=found(user, person=user), tag=tag)
    context |= {"title": _("Saved"), "words": words, "shelf": getattr(user, "shelf", None)}
    return private(render(request, "sharing/bookmarks/saved.html", context))


@require_safe
def saved_tag(request: HttpRequest, tag: str) -> HttpResponse:
    """List what was saved with a tag, as far as the reader may see it."""
    viewer, tag = reader(request), normal_tag(tag)
    bookmarks = found(viewer, tag=tag)
    context = listed(request, bookmarks, cloud=None, tag="")
    context |= {"title": f"#{tag}", "tag": tag, "count": count_up_to(bookmarks)}
    context["follow"] = _follow_of(viewer, tag=tag)
    context["feed_path"] = f"tags/{tag}"
    return private(render(request, "sharing/bookmarks/tag.html", context))


@require_safe
def saved_person(request: HttpRequest, shelf_id: uuid.UUID) -> HttpResponse:
    """List what a person saved, with a tag if one is asked for, as far as the reader may see it."""
    viewer = reader(request)
    shelf = person_shown_to(viewer, shelf_id)
    tag = asked_tag(request)
    bookmarks = found(viewer, person=shelf.user, tag=tag)
    everything = found(viewer, person=shelf.user)
    context = listed(request, bookmarks, cloud=everything, tag=tag)
    is_known = isinstance(viewer, User)
    context |= {
        "title": shown_name(shelf.user),
        "shelf": shelf,
        "count": count_up_to(bookmarks),
        "follow": _follow_of(viewer, person=shelf.user),
        "is_me": is_known and viewer == shelf.user,
        "is_blocked": is_known
        and Block.objects.filter(blocker=viewer, blocked=shelf.user).exists(),  # type: ignore[misc]
    }
    return private(render(request, "sharing/bookmarks/person.html", context))


@login_required
@require_safe
def saved_news(request: HttpRequest) -> HttpResponse:
    """List what is new of the tags and people somebody follows."""
    user = caller(request)
    context = listed(request, followed(user), cloud=None, tag="")
    context |= {"title": _("What is new"), "follows": follows_of(user)}
    context["names"] = [
        {"follow": each, "name": shown_name(each.person) if each.person else ""}
        for each in context["follows"]
    ]
    return private(render(request, "sharing/bookmarks/news.html", context))


@login_required
@require_POST
def saved_follow(request: HttpRequest) -> HttpResponse:
    """Follow a tag or a person."""
    user, tag = caller(request), request.POST.get("tag", "")[:60]
    if tag:
        follow = follow_tag(follower=user, tag=tag)
        messages.success(request, _("You follow #%(tag)s.") % {"tag": follow.tag})
        return redirect("sharing:saved_tag", follow.tag)
    try:
        shelf_id = uuid.UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise InvalidError(_("Choose a tag or a person to follow.")) from error
    follow_person(follower=user, shelf_id=shelf_id)
    messages.success(request, _("You will see what she saves under “What is new”."))
    return redirect("sharing:saved_person", shelf_id)


@login_required
@require_POST
def saved_unfollow(request: HttpRequest, follow_id: uuid.UUID) -> HttpResponse:
    """End following one thing."""
    unfollow(follower=caller(request), follow_id=follow_id)
    messages.success(request, _("You do not follow it any more."))
    return redirect("sharing:saved_news")


@login_required
@require_POST
def person_block(request: HttpRequest, shelf_id: uuid.UUID) -> HttpResponse:
    """Keep somebody from what one saves."""
    user = person_shown_to(caller(request), shelf_id).user
    block_person(by=caller(request), user=user)
    words = _("%(name)s does not see any more what you save.")
    messages.success(request, words % {"name": shown_name(user)})
    return redirect("sharing:saved")


@login_required
@require_POST
def person_unblock(request: HttpRequest, shelf_id: uuid.UUID) -> HttpResponse:
    """Let somebody see again what one saves."""
    user = person_shown_to(caller(request), shelf_id).user
    unblock_person(by=caller(request), user=user)
    messages.success(request, _("%(name)s is no longer blocked.") % {"name": shown_name(user)})
    return redirect("sharing:saved_person", shelf_id)


def reader(request: HttpRequest) -> Viewer:
    """Return who reads a page that is for everybody."""
    return request.user if isinstance(request.user, User) else None


def asked_tag(request: HttpRequest) -> str:
    """Return the tag a list is narrowed to; empty for none."""
    return normal_tag(request.GET.get("tag", "")[:60])


def asked_words(request: HttpRequest) -> str:
    """Return the words a list is searched for; empty for none."""
    return " ".join(request.GET.get("q", "")[:60].split())


def listed(
    request: HttpRequest, bookmarks: BookmarkQuerySet, *, cloud: BookmarkQuerySet | None, tag: str
) -> dict[str, Any]:
    """Return what the list of saved frames needs.

    Args:
        request: says who reads, and from where on.
        bookmarks: what is listed, begun with ``visible_to``.
        cloud: of which the tags are shown; none where not given.
        tag: the one the list is narrowed to.
    """
    viewer = reader(request)
    page = page_of(bookmarks, viewer, before=request.GET.get("before", "")[:80])
    kept = {name: request.GET[name] for name in ("tag", "q") if request.GET.get(name)}
    pills = []
    if cloud is not None:
        pills = [{"label": _("All"), "url": request.path, "active": not tag}]
        pills += [
            {"label": f"#{each}", "url": f"?{urlencode({'tag': each})}", "active": each == tag}
            for each, _count in tags_among(cloud, viewer)
        ]
    older = f"?{urlencode({**kept, 'before': page.older})}" if page.older else ""
    return {
        "cards": [card(row, viewer) for row in page.rows],
        # To be ticked for a box or a gallery, which only somebody with an account has.
        "may_choose": isinstance(viewer, User) and bool(page.rows),
        "older_url": older,
        "pills": pills if len(pills) > 1 else [],
        "tag": tag,
        "here": request.get_full_path(),
    }


def card(row: Saved, viewer: Viewer) -> dict[str, Any]:
    """Return a saved frame as the list shows it."""
    bookmark: Bookmark = row.bookmark
    assert bookmark.frame is not None
    is_mine = isinstance(viewer, User) and bookmark.owner_id == viewer.pk
    shelf = getattr(bookmark.owner, "shelf", None)
    return {
        "bookmark": bookmark,
        "image_url": row.image_url,
        "name": bookmark.frame.name,
        "colour": bookmark.variant.label if bookmark.variant else "",
        "url": reverse("catalogue:frame", args=[bookmark.frame.handle]),
        "by": "" if is_mine else shown_name(bookmark.owner),
        "by_url": reverse("sharing:saved_person", args=[shelf.pk]) if shelf else "",
        "is_mine": is_mine,
        "seen_by": bookmark.circle.name if bookmark.circle else bookmark.get_audience_display(),
    }


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page that is one reader's out of every store and index."""
    keep_private(response)
    return response


def _follow_of(viewer: Viewer, *, tag: str = "", person: User | None = None) -> Follow | None:
    if not isinstance(viewer, User):
        return None
    return Follow.objects.filter(follower=viewer, tag=tag, person=person).first()
