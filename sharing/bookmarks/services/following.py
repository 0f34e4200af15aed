"""Following a tag or a person."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from sharing.bookmarks.errors import BookmarkInvalidError, PersonMissingError
from sharing.bookmarks.models import Follow
from sharing.bookmarks.queries.people import person_shown_to
from sharing.bookmarks.tags import normal_tags
from shop.customers.models import User
from shop.foundation.locks import lock_name

FOLLOWS_A_PERSON = 200


def follow_tag(*, follower: User, tag: str) -> Follow:
    """Follow a tag, wherever she may see it; followed already, it stays.

    Raises:
        BookmarkInvalidError: it is no tag, or she follows ``FOLLOWS_A_PERSON`` things.
        CardNumberError: it holds a card number.
    """
    tags = normal_tags([tag])
    if len(tags) != 1:
        raise BookmarkInvalidError(_("Choose one tag to follow."))
    return _follow(follower, tag=tags[0], person=None)


def follow_person(*, follower: User, shelf_id: uuid.UUID) -> Follow:
    """Follow what a person saves, as far as she may see it; followed already, it stays.

    Raises:
        PersonMissingError: there is no such person for her.
        BookmarkInvalidError: it is herself, or she follows too much.
    """
    person = person_shown_to(follower, shelf_id).user
    if person == follower:
        raise BookmarkInvalidError(_("You cannot follow yourself."))
    return _follow(follower, tag="", person=person)


def unfollow(*, follower: User, follow_id: uuid.UUID) -> None:
    """End following one thing.

    Raises:
        PersonMissingError: she does not follow it.
    """
    ended, _each = Follow.objects.filter(follower=follower, pk=follow_id).delete()
    if not ended:
        raise PersonMissingError(_("You do not follow this."), code="follow_not_found")


def _follow(follower: User, *, tag: str, person: User | None) -> Follow:
    with transaction.atomic():
        lock_name(f"follows-of:{follower.pk}")
        hers = Follow.objects.filter(follower=follower)
        if (made := hers.filter(tag=tag, person=person).first()) is not None:
            return made
        if hers.count() >= FOLLOWS_A_PERSON:
            raise BookmarkInvalidError(
                _("You follow %(limit)s things. End one you need no more.")
                % {"limit": FOLLOWS_A_PERSON}
            )
        return Follow.objects.create(follower=follower, tag=tag, person=person)
