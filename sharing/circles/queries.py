"""Circles and their people, read for one of them."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.circles.errors import CircleMissingError, InvitationMissingError
from sharing.circles.models import Circle, CircleInvitation, Membership
from sharing.circles.states import CircleState, Role
from sharing.circles.tokens import invitation_token, token_hash
from shop.customers.models import User
from shop.foundation.postgres.queries import PreparedQuery, Slot


def shown_name(user: User) -> str:
    """Return what others read of a person: first name and initial, never her address."""
    words = user.name.split()
    if not words:
        return _("Somebody")
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else words[0]


def first_name(user: User) -> str:
    """Return how a mail names a person, as all mails do: by her first name."""
    return next(iter(user.name.split()), _("Somebody"))


@dataclass(frozen=True)
class Seat:
    """A circle as one of its people sees it: the circle, and what she is in it."""

    circle: Circle
    membership: Membership

    @property
    def is_owner(self) -> bool:
        """Whether it is hers."""
        return self.membership.state == Role.OWNER

    @property
    def may_edit(self) -> bool:
        """Whether she may invite and merge tags."""
        return self.membership.state in (Role.OWNER, Role.EDITOR)

    @property
    def is_open(self) -> bool:
        """Whether something may be added."""
        return self.circle.state == CircleState.OPEN


def circles_of(user: User, *, kind: str = "") -> QuerySet[Circle]:
    """Return the circles a person is in, with how many people are; open ones first."""
    seen = Membership.objects.seen_by(user).values("circle")
    circles = Circle.objects.filter(pk__in=seen)
    if kind:
        circles = circles.filter(kind=kind)
    present = Count("memberships", filter=~Q(memberships__state=Role.LEFT))
    return circles.annotate(people=present).order_by("-state", "name", "pk")


def open_circles_of(user: User, *, kind: str = "") -> list[Circle]:
    """Return the circles into which a person may save."""
    found = _OPEN[user.is_staff].rows(user=user.pk)
    return [each for each in found if not kind or each.kind == kind]


def _open_circles(*, works_here: bool) -> PreparedQuery[Circle]:
    def write() -> QuerySet[Circle]:
        seen = Membership.objects.seen_by_one(Slot("user"), works_here=works_here)
        circles = Circle.objects.filter(pk__in=seen.values("circle"), state=CircleState.OPEN)
        return circles.order_by("name", "pk")

    return PreparedQuery(write)


# Asked on every page of something that colleagues note things on.
_OPEN = {works_here: _open_circles(works_here=works_here) for works_here in (True, False)}


def seat_of(*, user: User, circle_id: uuid.UUID) -> Seat:
    """Return a circle for somebody who is in it.

    Raises:
        CircleMissingError: there is none, or she is not in it.
    """
    membership = (
        Membership.objects.seen_by(user).filter(circle=circle_id).select_related("circle").first()
    )
    if membership is None:
        raise circle_missing()
    return Seat(membership.circle, membership)


def circle_missing() -> CircleMissingError:
    """Return what to raise where there is no such circle for somebody."""
    return CircleMissingError(_("There is no such circle."))


def members_of(circle: Circle) -> QuerySet[Membership]:
    """Return who is in a circle, the first to come first."""
    return circle.memberships.present().select_related("user").order_by("joined_at", "pk")


def other_member(*, owner: User, circle_id: uuid.UUID, member_id: uuid.UUID) -> Membership:
    """Return somebody else who is in a circle, for its owner to decide about.

    Raises:
        CircleMissingError: there is no such circle or person, or it is not hers.
    """
    seat = seat_of(user=owner, circle_id=circle_id)
    others = members_of(seat.circle).exclude(user=owner)
    member = others.filter(pk=member_id).first() if seat.is_owner else None
    if member is None:
        raise CircleMissingError(_("There is no such person in this circle."))
    return member


def with_members(circles: QuerySet[Circle]) -> QuerySet[Circle]:
    """Return circles with their people at hand as ``present``: one query more."""
    present = Membership.objects.present().select_related("user").order_by("joined_at", "pk")
    return circles.prefetch_related(Prefetch("memberships", queryset=present, to_attr="present"))


def open_invitations(circle: Circle) -> QuerySet[CircleInvitation]:
    """Return the invitations that still let somebody in, latest first."""
    return _opening(circle.invitations.all()).order_by("-created_at", "-pk")


def invitation_by(token: str, *, user: User | None) -> CircleInvitation:
    """Return the invitation of a token, with circle and inviter, if it lets ``user`` in.

    Args:
        token: of the address.
        user: who asks; nobody where she is not logged in.

    Raises:
        InvitationMissingError: it opens nothing (any more), or its circle is colleagues' and she
            is none of them; which of them is not said.
    """
    invitation = (
        _opening(CircleInvitation.objects.all())
        .select_related("circle", "invited_by")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if invitation is None:
        raise invitation_missing()
    if invitation.circle.is_staffs and not (user and user.is_staff):
        raise invitation_missing()
    return invitation


def invitation_missing() -> InvitationMissingError:
    """Return what to raise where an invitation lets nobody in."""
    return InvitationMissingError(
        _("This invitation does not open anything any more. Ask for a new one.")
    )


def sendable_invitation(invitation: CircleInvitation) -> str:
    """Return the token of an invitation; nothing if it was made under an earlier secret key."""
    token = invitation_token(invitation.pk)
    return token if token_hash(token) == invitation.token_hash else ""


def _opening(invitations: QuerySet[CircleInvitation]) -> QuerySet[CircleInvitation]:
    return invitations.filter(
        revoked_at=None,
        expires_at__gt=timezone.now(),
        uses__lt=F("most_uses"),
        circle__state=CircleState.OPEN,
    )
