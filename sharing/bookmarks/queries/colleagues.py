"""What colleagues noted: on one thing, and in a circle of theirs."""

from typing import Any

from sharing.bookmarks.models import Bookmark, BookmarkQuerySet, Viewer
from sharing.bookmarks.queries.finding import with_words
from sharing.bookmarks.tags import normal_tag
from sharing.circles.models import Circle

MOST = 20


def notes_of(viewer: Viewer) -> BookmarkQuerySet:
    """Return what was noted in the circles of colleagues somebody is in."""
    return Bookmark.objects.visible_to(viewer).filter(of_staff=True)


def notes_on(viewer: Viewer, **about: Any) -> list[Bookmark]:
    """Return what colleagues noted on one thing, latest first.

    Args:
        viewer: who looks.
        about: the thing, by one of ``SUBJECTS``: ``trial=…``.
    """
    notes = notes_of(viewer).filter(**about).select_related("owner", "circle")
    return list(notes.newest()[:MOST])


def memory(viewer: Viewer, circle: Circle, *, tag: str = "", words: str = "") -> BookmarkQuerySet:
    """Return what a circle of colleagues noted, by tag and by words."""
    notes = notes_of(viewer).filter(circle=circle)
    if tag:
        notes = notes.tagged(normal_tag(tag))
    return with_words(notes, words)
