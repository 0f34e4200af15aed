"""Going out of a circle, with what was saved there."""

import uuid

from django.db import transaction

from sharing.bookmarks.models import Audience, Bookmark
from sharing.bookmarks.services.saving import LONGEST_NOTE
from sharing.bookmarks.tags import MOST
from sharing.circles.models import Membership
from sharing.circles.services.membership import end_membership
from shop.customers.models import User


def leave_circle(*, user: User, circle_id: uuid.UUID) -> Membership:
    """Leave a circle; what she saved there becomes hers alone, in the same transaction.

    What a colleague noted in a circle of colleagues stays there: it is the circle's memory.

    Raises:
        CircleMissingError: she is not in it.
        OwnerStaysError: it is hers; she hands it over first.
    """
    return _out(by=user, circle_id=circle_id, member_id=None)


def remove_member(*, by: User, circle_id: uuid.UUID, member_id: uuid.UUID) -> Membership:
    """Take somebody out of one's circle; what she saved there becomes hers alone.

    Raises:
        CircleMissingError: ``by`` is not in it, or there is no such member.
        NotAllowedInCircleError: it is not her circle.
        OwnerStaysError: it is the owner.
    """
    return _out(by=by, circle_id=circle_id, member_id=member_id)


def _out(*, by: User, circle_id: uuid.UUID, member_id: uuid.UUID | None) -> Membership:
    with transaction.atomic():
        ended = end_membership(by=by, circle_id=circle_id, member_id=member_id)
        if not ended.circle.is_staffs:
            _make_private(ended.user, circle_id)
        return ended


def _make_private(owner: User, circle_id: uuid.UUID) -> None:
    hers = Bookmark.objects.filter(owner=owner)
    kept = {each.frame_id: each for each in hers.filter(audience=Audience.PRIVATE)}
    of_circle = hers.filter(circle=circle_id)
    for bookmark in of_circle.filter(frame__in=kept).order_by("pk"):
        _join(kept[bookmark.frame_id], bookmark)
    of_circle.update(audience=Audience.PRIVATE, circle=None)


def _join(kept: Bookmark, going: Bookmark) -> None:
    """Give what one says to the other, where both would be the same person's for herself."""
    kept.tags = list(dict.fromkeys([*kept.tags, *going.tags]))[:MOST]
    if going.note and going.note not in kept.note:
        kept.note = "\n".join(filter(None, [kept.note, going.note]))[:LONGEST_NOTE]
    kept.save(update_fields=["tags", "note"])
    going.delete()
