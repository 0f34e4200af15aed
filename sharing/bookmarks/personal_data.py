"""Bookmarks: what somebody saved, noted and follows, and what was noted on her."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from sharing.bookmarks.models import Bookmark, Follow, Shelf
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)


def export_bookmarks(user: Any) -> dict[str, Any]:
    """Return what she saved and follows, and what was noted on her, oldest first."""
    hers = Bookmark.objects.filter(owner=user, of_staff=False).select_related("frame", "circle")
    about_her = Bookmark.objects.filter(customer=user).order_by("saved_at", "pk")
    follows = Follow.objects.filter(follower=user).order_by("since", "pk")
    return {
        "saved": [
            {
                "frame": each.frame.handle if each.frame else "",
                "tags": each.tags,
                "note": each.note,
                "audience": each.audience,
                "circle": each.circle.name if each.circle else "",
                "saved_at": each.saved_at,
            }
            for each in hers.order_by("saved_at", "pk")
        ],
        "follows": list(follows.values("tag", "since")),
        "noted_on_her": list(about_her.values("note", "tags", "saved_at")),
    }


def erase_notes(user: Any) -> int:
    """Erase what she wrote beside frames she saved; the frames stay saved."""
    noted = Bookmark.objects.filter(owner=user, of_staff=False).exclude(note="")
    return noted.update(note="")


def erase_bookmarks(user: Any) -> int:
    """Erase what she saved and follows, her feeds, and what was noted on her."""
    with transaction.atomic():
        hers = Q(owner=user, of_staff=False) | Q(customer=user)
        erased = Bookmark.objects.filter(hers).delete()[0]
        erased += Follow.objects.filter(Q(follower=user) | Q(person=user)).delete()[0]
        return erased + Shelf.objects.filter(user=user).delete()[0]


register_personal_data(
    "sharing.bookmarks",
    holds={
        "sharing.Bookmark": ["owner", "customer", "note", "tags"],
        "sharing.Follow": ["follower", "person", "tag"],
        "sharing.Shelf": ["user"],
    },
    export=export_bookmarks,
    erase={Scope.COMMENTS: erase_notes, Scope.ACCOUNT: erase_bookmarks},
)
not_personal("sharing.Shelf", "feed_token_hash", why="The hash of random bits.")
not_personal("sharing.TagMerge", "from_tag", "to_tag", why="Words that many use for frames.")
keep_personal_data(
    "sharing.TagMerge",
    "actor",
    why="Who merged tags is a number of an account; erasing takes the name from that account.",
)
