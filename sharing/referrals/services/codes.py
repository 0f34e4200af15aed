"""Giving customers their codes, and invitations for one person each."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from sharing.referrals.codes import new_code, new_key
from sharing.referrals.errors import InvitationInvalidError, InvitationLimitError
from sharing.referrals.models import Referral, ReferralCode, ReferralTransition
from sharing.referrals.states import ReferralState
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_name
from shop.foundation.plain_text import one_line

OPEN_INVITATIONS = 50
NAME_LENGTH = 40


def code_for(*, user: User) -> str:
    """Return a customer's code, made now if she has none."""
    found = ReferralCode.objects.filter(user=user).first()
    while found is None:
        try:
            with transaction.atomic():
                found = ReferralCode.objects.create(user=user, code=new_code())
        except IntegrityError:
            # Another tab was first, or in 34 billion the code is somebody's.
            found = ReferralCode.objects.filter(user=user).first()
    return found.code


@transaction.atomic
def invite(*, advocate: User, name: str) -> Referral:
    """Make an invitation for one person, which the advocate sends herself: the shop mails nobody.

    Args:
        advocate: who invites.
        name: what she calls her friend; only she reads it.

    Raises:
        InvitationInvalidError: the name is missing or too long.
        InvitationLimitError: ``OPEN_INVITATIONS`` wait for an answer.
        CardNumberError: the name holds a card number.
    """
    name = one_line(name)
    refuse_card_numbers(name)
    if not 1 <= len(name) <= NAME_LENGTH:
        raise InvitationInvalidError(
            _("Say whom you invite, in up to %(most)s characters.") % {"most": NAME_LENGTH}
        )
    lock_name(f"referral-invitations:{advocate.pk}")
    waiting = Referral.objects.filter(advocate=advocate, state=ReferralState.INVITED)
    if waiting.count() >= OPEN_INVITATIONS:
        raise InvitationLimitError(_("Many invitations wait for an answer. Send those first."))
    code_for(user=advocate)
    referral = Referral.objects.create(
        advocate=advocate,
        state=ReferralState.INVITED,
        invitation_key=new_key(),
        invited_name=name,
    )
    ReferralTransition.objects.create(
        subject=referral, from_state="", to_state=referral.state, actor=advocate
    )
    return referral
