"""Making a circle, renaming and archiving it; handing it over."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sharing.circles.errors import (
    CircleArchivedError,
    CircleInvalidError,
    CircleMissingError,
    NotAllowedInCircleError,
    TooManyCirclesError,
)
from sharing.circles.models import Circle, CircleTransition, Membership, MembershipTransition
from sharing.circles.queries import Seat, seat_of
from sharing.circles.services.facts import record_circle
from sharing.circles.states import CIRCLE_MOVES, ROLE_MOVES, CircleKind, CircleState, Role
from shop.analytics.names import EventName
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import move
from shop.foundation.locks import lock_name, lock_row
from shop.foundation.plain_text import one_line

CIRCLES_A_PERSON = 30
LONGEST_NAME = 60


def create_circle(*, owner: User, name: str, kind: str = CircleKind.CUSTOMERS) -> Circle:
    """Make a circle of one person, who invites the others.

    Args:
        owner: whose it is.
        name: what its people call it, up to 60 characters.
        kind: one of ``CircleKind``; colleagues' only by staff.

    Raises:
        CircleInvalidError: the name is empty or too long.
        NotAllowedInCircleError: a customer wants a circle of colleagues.
        TooManyCirclesError: she is in ``CIRCLES_A_PERSON`` circles.
        CardNumberError: the name holds a card number.
    """
    name = _checked_name(name)
    if kind == CircleKind.STAFF and not owner.is_staff:
        raise NotAllowedInCircleError(_("Only people who work here can make such a circle."))
    with transaction.atomic():
        may_join_another(owner)
        circle = Circle.objects.create(name=name, kind=kind)
        CircleTransition.objects.create(
            subject=circle, from_state="", to_state=circle.state, actor=owner
        )
        membership = Membership.objects.create(circle=circle, user=owner, state=Role.OWNER)
        MembershipTransition.objects.create(
            subject=membership, from_state="", to_state=Role.OWNER, actor=owner
        )
        record_circle(EventName.CIRCLE_CREATED, circle=circle, user=owner, key=circle.pk)
        return circle


def rename_circle(*, by: User, circle_id: uuid.UUID, name: str) -> Circle:
    """Give a circle another name.

    Raises:
        CircleMissingError: she is not in it.
        NotAllowedInCircleError: it is not hers.
        CircleArchivedError: it is archived.
        CircleInvalidError: the name is empty or too long.
        CardNumberError: the name holds a card number.
    """
    name = _checked_name(name)
    with transaction.atomic():
        seat = locked_seat(user=by, circle_id=circle_id)
        only_owner(seat)
        only_open(seat)
        seat.circle.name = name
        seat.circle.save(update_fields=["name"])
        return seat.circle


def archive_circle(*, by: User, circle_id: uuid.UUID) -> Circle:
    """Close a circle: its people go on reading it, nothing is added. Repeated, nothing changes.

    Raises:
        CircleMissingError: she is not in it.
        NotAllowedInCircleError: it is not hers.
    """
    return _turned(by, circle_id, CircleState.ARCHIVED)


def reopen_circle(*, by: User, circle_id: uuid.UUID) -> Circle:
    """Open an archived circle again; an open one stays as it is.

    Raises:
        CircleMissingError: she is not in it.
        NotAllowedInCircleError: it is not hers.
    """
    return _turned(by, circle_id, CircleState.OPEN)


def give_role(*, by: User, circle_id: uuid.UUID, member_id: uuid.UUID, role: str) -> Membership:
    """Make a member an editor or the other way round, or hand the circle over.

    Handing over makes its owner until now an editor.

    Args:
        by: the owner.
        circle_id: her circle.
        member_id: whose membership.
        role: ``owner``, ``editor`` or ``member``; the one she has changes nothing.

    Raises:
        CircleMissingError: ``by`` is not in the circle, or there is no such member.
        NotAllowedInCircleError: it is not her circle.
        IllegalMoveError: she would take the ownership from herself.
    """
    with transaction.atomic():
        seat = locked_seat(user=by, circle_id=circle_id)
        only_owner(seat)
        member = locked_member(seat.circle, member_id)
        if member.state == role:
            return member
        if role == Role.OWNER:
            _move(seat.membership, Role.EDITOR, by, gettext_noop("Handed the circle over"))
        _move(member, role, by, "")
        return member


def locked_seat(*, user: User, circle_id: uuid.UUID) -> Seat:
    """Lock a circle and return it with what somebody is in it, as both are now.

    Raises:
        CircleMissingError: there is none, or she is not in it.
    """
    # Asked first: the lock is for those alone who are inside.
    seat_of(user=user, circle_id=circle_id)
    circle = lock_row(Circle, circle_id)
    return Seat(circle, seat_of(user=user, circle_id=circle_id).membership)


def locked_member(circle: Circle, member_id: uuid.UUID) -> Membership:
    """Return somebody who is in a locked circle.

    Raises:
        CircleMissingError: she is not.
    """
    present = circle.memberships.present().select_for_update(of=("self",))
    member = present.select_related("user").filter(pk=member_id).first()
    if member is None:
        raise CircleMissingError(_("There is no such person in this circle."))
    return member


def only_owner(seat: Seat) -> None:
    """Refuse everybody but a circle's owner.

    Raises:
        NotAllowedInCircleError: it is not hers.
    """
    if not seat.is_owner:
        raise NotAllowedInCircleError(_("Only the owner of the circle can do this."))


def only_editors(seat: Seat) -> None:
    """Refuse everybody but a circle's owner and editors.

    Raises:
        NotAllowedInCircleError: she is neither.
    """
    if not seat.may_edit:
        raise NotAllowedInCircleError(_("Only owner and editors of the circle can do this."))


def only_open(seat: Seat) -> None:
    """Refuse what would add to an archived circle.

    Raises:
        CircleArchivedError: it is archived.
    """
    if not seat.is_open:
        raise CircleArchivedError(_("This circle is archived. Its owner can open it again."))


def may_join_another(user: User) -> None:
    """Hold a person's number of circles to the end of the transaction and check it.

    Raises:
        TooManyCirclesError: she is in ``CIRCLES_A_PERSON``.
    """
    lock_name(f"circles-of:{user.pk}")
    if Membership.objects.present().filter(user=user).count() >= CIRCLES_A_PERSON:
        raise TooManyCirclesError(
            _("You are in %(limit)s circles. Leave one you need no more.")
            % {"limit": CIRCLES_A_PERSON}
        )


def _checked_name(name: str) -> str:
    name = one_line(name)
    refuse_card_numbers(name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise CircleInvalidError(_("Give the circle a name of up to 60 characters."))
    return name


def _turned(by: User, circle_id: uuid.UUID, state: str) -> Circle:
    with transaction.atomic():
        seat = locked_seat(user=by, circle_id=circle_id)
        only_owner(seat)
        if seat.circle.state != state:
            move(seat.circle, state, moves=CIRCLE_MOVES, history=CircleTransition, by=by)
        return seat.circle


def _move(membership: Membership, role: str, by: User, reason: str) -> None:
    move(
        membership,
        role,
        moves=ROLE_MOVES,
        history=MembershipTransition,
        by=by,
        reason=reason,
    )
