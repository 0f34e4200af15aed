"""Circles: whoever goes for good leaves them, and hands over what is hers."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from sharing.circles.models import Block, Circle, CircleInvitation, Membership
from sharing.circles.services.keeping import archive_circle, give_role
from sharing.circles.services.membership import end_membership
from sharing.circles.states import CircleState, Role
from shop.foundation.privacy import Scope, not_personal, register_personal_data


def export_circles(user: Any) -> list[dict[str, Any]]:
    """Return the circles she is or was in, and what she is in them."""
    memberships = Membership.objects.filter(user=user).select_related("circle")
    return [
        {
            "circle": each.circle.name,
            "role": each.state,
            "joined_at": each.joined_at,
            "left_at": each.left_at,
            "shows_trials": each.shows_trials,
        }
        for each in memberships.order_by("joined_at", "pk")
    ]


def erase_circles(user: Any) -> int:
    """Take her out of every circle; her own go to an editor, else to who came first.

    A circle of hers alone is archived without its name. Invitations she made open nothing more.

    Returns:
        How many memberships, invitations and blocks went.
    """
    with transaction.atomic():
        invitations = CircleInvitation.objects.filter(invited_by=user).delete()[0]
        blocks = Block.objects.filter(Q(blocker=user) | Q(blocked=user)).delete()[0]
    erased = invitations + blocks
    for membership in Membership.objects.present().filter(user=user).order_by("pk"):
        others = membership.circle.memberships.present().exclude(user=user)
        heir = others.filter(state=Role.EDITOR).first() or others.first()
        with transaction.atomic():
            if membership.state == Role.OWNER and heir is None:
                erased += _close(user, membership.circle)
                continue
            if membership.state == Role.OWNER and heir is not None:
                give_role(
                    by=user, circle_id=membership.circle_id, member_id=heir.pk, role=Role.OWNER
                )
            end_membership(by=user, circle_id=membership.circle_id)
            erased += 1
    return erased


def _close(user: Any, circle: Circle) -> int:
    if circle.state == CircleState.ARCHIVED and not circle.name:
        return 0
    archive_circle(by=user, circle_id=circle.pk)
    return Circle.objects.filter(pk=circle.pk).update(name="")


register_personal_data(
    "sharing.circles",
    holds={
        "sharing.Circle": ["name"],
        "sharing.Membership": ["user"],
        "sharing.CircleInvitation": ["invited_by", "label"],
        "sharing.Block": ["blocker", "blocked"],
    },
    export=export_circles,
    erase={Scope.ACCOUNT: erase_circles},
)
not_personal("sharing.CircleInvitation", "token_hash", why="The hash of random bits.")
