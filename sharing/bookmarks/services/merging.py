"""Making one tag another: within a circle by its editors, everywhere by staff."""

import uuid

from django.db import transaction
from django.db.models import CharField, F, Func, Value
from django.utils.translation import gettext as _

from sharing.bookmarks.errors import BookmarkInvalidError, MayNotMergeError
from sharing.bookmarks.models import Bookmark, Follow, TagMerge
from sharing.bookmarks.tags import normal_tags
from sharing.circles.models import Circle
from sharing.circles.services.keeping import locked_seat, only_editors
from shop.customers.models import User
from shop.foundation.locks import lock_name


def merge_tags(
    *, by: User, from_tag: str, to_tag: str, circle_id: uuid.UUID | None = None
) -> TagMerge:
    """Make one tag another wherever it stands, and write that down.

    Args:
        by: an editor of the circle; staff, where no circle is given.
        from_tag: the tag that goes.
        to_tag: the tag that takes its place; a bookmark with both keeps one.
        circle_id: within which circle; everywhere if not given, followed tags too.

    Raises:
        BookmarkInvalidError: one of them is no tag, or they are the same.
        CircleMissingError: she is not in the circle.
        NotAllowedInCircleError: she is none of its editors.
        MayNotMergeError: a customer wants it everywhere.
        CardNumberError: a tag holds a card number.
    """
    from_tag, to_tag = _one_tag(from_tag), _one_tag(to_tag)
    if from_tag == to_tag:
        raise BookmarkInvalidError(_("These are the same tag already."))
    if circle_id is None and not by.is_staff:
        raise MayNotMergeError(_("Tags are merged within a circle, by its editors."))
    with transaction.atomic():
        # Two merges meet in rows that neither has locked in order: one goes after the other.
        lock_name("tag-merge")
        circle: Circle | None = None
        bookmarks = Bookmark.objects.filter(tags__contains=[from_tag])
        if circle_id is not None:
            seat = locked_seat(user=by, circle_id=circle_id)
            only_editors(seat)
            circle = seat.circle
            bookmarks = bookmarks.filter(circle=circle)
        else:
            _merge_follows(from_tag, to_tag)
        old, new = (Value(tag, output_field=CharField()) for tag in (from_tag, to_tag))
        both = bookmarks.filter(tags__contains=[to_tag]).update(
            tags=Func(F("tags"), old, function="array_remove")
        )
        changed = bookmarks.update(tags=Func(F("tags"), old, new, function="array_replace"))
        return TagMerge.objects.create(
            circle=circle, from_tag=from_tag, to_tag=to_tag, bookmarks=both + changed, actor=by
        )


def _one_tag(text: str) -> str:
    tags = normal_tags([text])
    if len(tags) != 1:
        raise BookmarkInvalidError(_("Name one tag, of 2 to 30 characters."))
    return tags[0]


def _merge_follows(from_tag: str, to_tag: str) -> None:
    old = Follow.objects.filter(tag=from_tag)
    both = Follow.objects.filter(tag=to_tag).values("follower")
    old.filter(follower__in=both).delete()
    old.update(tag=to_tag)
