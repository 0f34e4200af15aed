"""People by whom saved frames are found."""

import uuid

from django.utils.translation import gettext as _

from sharing.bookmarks.errors import PersonMissingError
from sharing.bookmarks.models import Bookmark, Follow, Shelf, Viewer
from sharing.circles.models import Block, Membership
from sharing.galleries.tokens import token_hash
from shop.customers.models import User


def person_shown_to(viewer: Viewer, shelf_id: uuid.UUID) -> Shelf:
    """Return a person's shelf, if the viewer may know of her.

    That is: she is the viewer, or they share a circle, or something of hers is to be seen; and
    she has not blocked the viewer.

    Raises:
        PersonMissingError: there is none, or nothing for this viewer.
    """
    shelf = Shelf.objects.select_related("user").filter(pk=shelf_id, user__is_active=True).first()
    if shelf is None or not (_is_near(viewer, shelf.user) or _shows(viewer, shelf.user)):
        raise PersonMissingError(_("There is no such person, or she shows nothing here."))
    return shelf


def follows_of(user: User) -> list[Follow]:
    """Return what a person follows: tags first; people who have blocked her are left out."""
    blocked = Block.objects.filter(blocked=user).values("blocker")
    follows = Follow.objects.filter(follower=user).exclude(person__in=blocked)
    return list(follows.select_related("person__shelf").order_by("person", "tag", "pk"))


def reader_of_feed(token: str) -> User | None:
    """Return whose private feeds a token opens; nobody where it opens none."""
    shelf = Shelf.objects.select_related("user").filter(feed_token_hash=token_hash(token)).first()
    return shelf.user if shelf is not None and shelf.user.is_active else None


def _shows(viewer: Viewer, person: User) -> bool:
    return Bookmark.objects.visible_to(viewer).filter(owner=person).exists()


def _is_near(viewer: Viewer, person: User) -> bool:
    if not isinstance(viewer, User):
        return False
    if viewer == person:
        return True
    if Block.objects.filter(blocker=person, blocked=viewer).exists():
        return False
    hers = Membership.objects.seen_by(person).values("circle")
    return Membership.objects.seen_by(viewer).filter(circle__in=hers).exists()
