"""Coming into a circle and going out of it; keeping somebody away."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.circles.errors import CircleFullError, CircleInvalidError, OwnerStaysError
from sharing.circles.models import (
    Block,
    Circle,
    CircleInvitation,
    Membership,
    MembershipTransition,
)
from sharing.circles.queries import invitation_by, invitation_missing
from sharing.circles.services.facts import event_of, record_circle
from sharing.circles.services.keeping import (
    locked_member,
    locked_seat,
    may_join_another,
    only_owner,
)
from sharing.circles.states import ROLE_MOVES, Role
from shop.analytics.names import EventName
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row

MOST_PEOPLE = 50


def join_circle(*, user: User, token: str) -> Membership:
    """Let somebody in by an invitation; whoever is in already stays as she is.

    Args:
        user: who wants in, by an act of her own.
        token: of the invitation.

    Raises:
        InvitationMissingError: it opens nothing for her: unknown, withdrawn, expired, used up,
            colleagues' only, or its owner keeps her away.
        CircleFullError: ``MOST_PEOPLE`` are in.
        TooManyCirclesError: she is in too many.
    """
    found = invitation_by(token, user=user)
    with transaction.atomic():
        may_join_another(user)
        circle = lock_row(Circle, found.circle_id)
        # Read again under the lock: it may be used up or withdrawn by now.
        lock_row(CircleInvitation, found.pk)
        invitation = invitation_by(token, user=user)
        present = circle.memberships.present()
        inside = present.filter(user=user).first()
        if inside is not None:
            return inside
        if _is_kept_away(user, circle, invitation):
            raise invitation_missing()
        if present.count() >= MOST_PEOPLE:
            raise CircleFullError(
                _("This circle is full: %(most)s people are in it.") % {"most": MOST_PEOPLE}
            )
        membership = Membership.objects.create(circle=circle, user=user)
        MembershipTransition.objects.create(
            subject=membership, from_state="", to_state=Role.MEMBER, actor=user
        )
        invitation.uses += 1
        invitation.save(update_fields=["uses"])
        record_circle(
            EventName.CIRCLE_JOINED,
            circle=circle,
            user=user,
            key=membership.pk,
            caused_by=event_of(EventName.CIRCLE_CREATED, circle.pk),
        )
        return membership


def end_membership(
    *, by: User, circle_id: uuid.UUID, member_id: uuid.UUID | None = None
) -> Membership:
    """Take somebody out of a circle: herself, or another where it is her circle.

    What she saved there is not touched: call ``sharing.bookmarks.services.leaving``, which does
    both in one transaction.

    Args:
        by: who leaves, or the owner.
        circle_id: the circle.
        member_id: the membership that ends; her own if not given.

    Raises:
        CircleMissingError: she is not in it, or there is no such member.
        OwnerStaysError: the owner has to hand it over first.
        NotAllowedInCircleError: only the owner takes others out.
    """
    with transaction.atomic():
        seat = locked_seat(user=by, circle_id=circle_id)
        member = locked_member(seat.circle, member_id or seat.membership.pk)
        removed = member.user_id != by.pk
        if removed:
            only_owner(seat)
        if member.state == Role.OWNER:
            raise OwnerStaysError(
                _("The circle is yours. Hand it over to somebody, or archive it.")
            )
        move(
            member,
            Role.LEFT,
            moves=ROLE_MOVES,
            history=MembershipTransition,
            by=by,
            fields={
                "left_at": timezone.now(),
                "was_removed": removed,
                "shows_trials": False,
            },
        )
        record_circle(
            EventName.CIRCLE_LEFT,
            circle=seat.circle,
            user=member.user,
            key=member.pk,
            caused_by=event_of(EventName.CIRCLE_JOINED, member.pk),
        )
        return member


def show_trials(*, user: User, circle_id: uuid.UUID, shown: bool) -> Membership:
    """Say whether a circle's questions are answered by one's own trials too.

    Raises:
        CircleMissingError: she is not in it.
    """
    with transaction.atomic():
        seat = locked_seat(user=user, circle_id=circle_id)
        seat.membership.shows_trials = shown
        seat.membership.save(update_fields=["shows_trials"])
        return seat.membership


def block_person(*, by: User, user: User) -> None:
    """Keep somebody from what one saves and from one's circles. Repeated, nothing changes.

    Raises:
        CircleInvalidError: it is herself.
    """
    if by == user:
        raise CircleInvalidError(_("You cannot block yourself."))
    Block.objects.get_or_create(blocker=by, blocked=user)


def unblock_person(*, by: User, user: User) -> None:
    """Let somebody see again what one saves; one who is not blocked is no error."""
    Block.objects.filter(blocker=by, blocked=user).delete()


def _is_kept_away(user: User, circle: Circle, invitation: CircleInvitation) -> bool:
    owner = circle.memberships.filter(state=Role.OWNER).values("user")
    if Block.objects.filter(blocker__in=owner, blocked=user).exists():
        return True
    return circle.memberships.filter(
        user=user, was_removed=True, left_at__gte=invitation.created_at
    ).exists()
