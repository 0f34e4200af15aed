"""Circles and saved frames, made by the services that make them in the shop."""

from typing import Any

from sharing.bookmarks.models import Bookmark
from sharing.bookmarks.services.saving import save_frame
from sharing.circles.models import Circle, Membership
from sharing.circles.services.inviting import invite
from sharing.circles.services.keeping import create_circle
from sharing.circles.services.membership import join_circle
from sharing.circles.states import Role
from sharing.circles.tokens import invitation_token
from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.factories.shop import UserFactory, VariantFactory


def owner_of(circle: Circle) -> User:
    """Return whose circle it is."""
    return circle.memberships.get(state=Role.OWNER).user


def join(circle: Circle, user: User) -> Membership:
    """Let somebody into a circle by an invitation of her own."""
    invitation = invite(by=owner_of(circle), circle_id=circle.pk)
    return join_circle(user=user, token=invitation_token(invitation.pk))


def circle_of(*people: User, name: str = "Sisters", **circle: Any) -> Circle:
    """Return a circle of these people, the first of whom owns it."""
    owner, *others = people or (UserFactory(),)
    made = create_circle(owner=owner, name=name, **circle)
    for each in others:
        join(made, each)
    return made


def saved(
    owner: User, circle: Circle | None = None, *, variant: Variant | None = None, **said: Any
) -> Bookmark:
    """Return a frame that somebody saved: for a circle, or privately if nothing else is said."""
    audience = {"audience": "circle", "circle_id": circle.pk} if circle else {"audience": "private"}
    variant = variant or VariantFactory()
    return save_frame(owner=owner, variant_id=variant.pk, **{**audience, **said})
