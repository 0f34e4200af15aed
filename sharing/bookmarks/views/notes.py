"""A colleague's note as it is shown: what it is about, in words and as a way to it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sharing.bookmarks.models import Bookmark
from shop.customers.models import User
from shop.foundation.tints import tint_of


def shown_note(bookmark: Bookmark, viewer: User) -> dict[str, Any]:
    """Return a note as the timeline shows it."""
    words, url = _about(bookmark)
    return {
        "bookmark": bookmark,
        "about": words,
        "url": url,
        "by": str(bookmark.owner),
        "tint": tint_of(bookmark.owner_id),
        "is_mine": bookmark.owner_id == viewer.pk,
    }


def _about(bookmark: Bookmark) -> tuple[str, str]:
    if bookmark.trial is not None:
        words = _("Trial %(number)s") % {"number": bookmark.trial.number}
        return words, reverse("console:trial", args=[bookmark.trial.number])
    if bookmark.customer is not None:
        find = reverse("console:trial_list") + f"?q={bookmark.customer.email}"
        return str(bookmark.customer), find
    if bookmark.gallery is not None:
        return _("Gallery “%(question)s”") % {"question": bookmark.gallery.asked}, ""
    assert bookmark.frame is not None
    return bookmark.frame.name, reverse("catalogue:frame", args=[bookmark.frame.handle])
