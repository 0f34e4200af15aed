"""Inviting into a circle: by a link or by mail."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.circles.errors import CircleInvalidError, InvitationMissingError, TooManyCirclesError
from sharing.circles.models import CircleInvitation
from sharing.circles.queries import first_name
from sharing.circles.services.keeping import locked_seat, only_editors, only_open
from sharing.circles.tokens import invitation_token, token_hash
from shop.customers.models import User
from shop.customers.services import name_in_mail
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.limits import count_against
from shop.foundation.plain_text import one_line
from shop.messages.services.notifying import notify_address
from shop.messages.topics import Topic

INVITATION_LIFE = timedelta(days=14)
MOST_USES = 49
OPEN_INVITATIONS = 20
# Mails to strangers in a person's name, in a day.
MAILS_A_DAY = 20


def invite(
    *,
    by: User,
    circle_id: uuid.UUID,
    label: str = "",
    most_uses: int = 1,
    mail_to: str = "",
) -> CircleInvitation:
    """Make a way into a circle, as a link to be sent or by mail.

    Args:
        by: its owner or an editor.
        circle_id: the circle.
        label: a note, such as "Running group".
        most_uses: how many people it lets in; one where it is mailed.
        mail_to: an address to mail it to; it is kept only so far that the inviter knows it again.

    Raises:
        CircleMissingError: she is not in it.
        NotAllowedInCircleError: she may not invite.
        CircleArchivedError: it is archived.
        CircleInvalidError: the number of people is none that fits.
        TooManyCirclesError: ``OPEN_INVITATIONS`` are open.
        TooManyError: she sent ``MAILS_A_DAY`` today.
        CardNumberError: the label holds a card number.
        NameMissingError: a mail could not say who invites.
    """
    label = one_line(label)
    refuse_card_numbers(label)
    if mail_to:
        name_in_mail(by)
    if not 1 <= most_uses <= MOST_USES:
        raise CircleInvalidError(
            _("A link lets in between 1 and %(most)s people.") % {"most": MOST_USES}
        )
    if mail_to:
        count_against("circle-mail", str(by.pk), limit=MAILS_A_DAY, seconds=24 * 3600)
        label, most_uses = _known_again(mail_to), 1
    with transaction.atomic():
        seat = locked_seat(user=by, circle_id=circle_id)
        only_editors(seat)
        only_open(seat)
        now = timezone.now()
        opening = seat.circle.invitations.filter(revoked_at=None, expires_at__gt=now)
        if opening.count() >= OPEN_INVITATIONS:
            raise TooManyCirclesError(
                _("%(limit)s invitations are open. Withdraw one you need no more.")
                % {"limit": OPEN_INVITATIONS},
                code="too_many_invitations",
            )
        invitation_id = uuid.uuid4()
        token = invitation_token(invitation_id)
        invitation = CircleInvitation.objects.create(
            id=invitation_id,
            circle=seat.circle,
            invited_by=by,
            token_hash=token_hash(token),
            label=label,
            most_uses=most_uses,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        if mail_to:
            values = {
                "inviter": first_name(by),
                "circle": seat.circle.name,
                "path": reverse("sharing:circle_join", args=[token]),
            }
            notify_address(
                address=mail_to,
                topic=Topic.CIRCLES,
                template="circle_invitation",
                context=values,
                key=f"circle_invitation:{invitation.pk}",
                about=seat.circle.pk,
                language=by.language,
            )
        return invitation


def revoke_invitation(*, by: User, circle_id: uuid.UUID, invitation_id: uuid.UUID) -> None:
    """Withdraw an invitation: nobody comes in by it any more. Repeated, nothing changes.

    Raises:
        CircleMissingError: she is not in the circle.
        NotAllowedInCircleError: she may not invite.
        InvitationMissingError: the circle has no such invitation.
    """
    with transaction.atomic():
        seat = locked_seat(user=by, circle_id=circle_id)
        only_editors(seat)
        found = seat.circle.invitations.select_for_update(of=("self",)).filter(pk=invitation_id)
        invitation = found.first()
        if invitation is None:
            raise InvitationMissingError(_("There is no such invitation."))
        if invitation.revoked_at is None:
            invitation.revoked_at = timezone.now()
            invitation.save(update_fields=["revoked_at"])


def _known_again(address: str) -> str:
    """Return so much of an address as its sender needs to know it again: ``jo…@mail.example``."""
    name, _at, host = address.partition("@")
    return f"{name[:2]}…@{host}"[:60]
