"""The states of a circle and of a membership, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CircleState(models.TextChoices):
    """Whether a circle is lived in."""

    OPEN = "open", _("Open")
    ARCHIVED = "archived", _("Archived")


class CircleKind(models.TextChoices):
    """Who may be in a circle."""

    CUSTOMERS = "customers", _("Friends")
    STAFF = "staff", _("Colleagues")


class Role(models.TextChoices):
    """What somebody is in a circle; who has left is nothing in it any more."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    MEMBER = "member", _("Member")
    LEFT = "left", _("Left")


CIRCLE_MOVES = {
    CircleState.OPEN: frozenset({CircleState.ARCHIVED}),
    CircleState.ARCHIVED: frozenset({CircleState.OPEN}),
}
# An owner hands over before she leaves: a circle is never without one.
ROLE_MOVES = {
    Role.OWNER: frozenset({Role.EDITOR}),
    Role.EDITOR: frozenset({Role.OWNER, Role.MEMBER, Role.LEFT}),
    Role.MEMBER: frozenset({Role.OWNER, Role.EDITOR, Role.LEFT}),
    Role.LEFT: frozenset(),
}
