"""Staff look at a held referral and decide; every decision says why and stays written down."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.referrals.errors import (
    ReferralMissingError,
    ReviewForbiddenError,
    ReviewNoteMissingError,
)
from sharing.referrals.models import Referral, ReferralTransition
from sharing.referrals.services.promising import give_gift, take_back_promise
from sharing.referrals.states import MOVES, ReferralState
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line


@transaction.atomic
def release_referral(*, referral_id: uuid.UUID, by: User, note: str) -> Referral:
    """Let a held referral go on: what held it holds it no second time.

    Raises:
        ReferralMissingError: there is none.
        ReviewForbiddenError: she may not review, or is concerned herself.
        ReviewNoteMissingError: no reason was given.
        IllegalMoveError: it is not held, or no longer.
        CardNumberError: the note holds a card number.
    """
    referral, note = _to_review(referral_id, by, note)
    cleared = sorted({*referral.cleared, *referral.held_for})
    _decide(referral, ReferralState.JOINED, by=by, note=note, cleared=cleared, held_for=[])
    terms = referral.terms
    # The time it was held for is not the friend's loss.
    terms.order_until = timezone.now() + timedelta(days=terms.order_within_days)
    terms.save(update_fields=["order_until"])
    give_gift(terms)
    return referral


@transaction.atomic
def refuse_referral(*, referral_id: uuid.UUID, by: User, note: str) -> Referral:
    """End a held referral: nobody is rewarded, and an unused gift is withdrawn.

    Raises:
        ReferralMissingError: there is none.
        ReviewForbiddenError: she may not review, or is concerned herself.
        ReviewNoteMissingError: no reason was given.
        IllegalMoveError: it is not held, or no longer.
        CardNumberError: the note holds a card number.
    """
    referral, note = _to_review(referral_id, by, note)
    _decide(referral, ReferralState.REVERSED, by=by, note=note)
    take_back_promise(referral.terms)
    return referral


def _to_review(referral_id: uuid.UUID, by: User, note: str) -> tuple[Referral, str]:
    if not by.has_perm("sharing.review_referral"):
        raise ReviewForbiddenError(_("Ask a manager to decide on this."))
    note = one_line(note)
    if not note:
        raise ReviewNoteMissingError(_("Say in a few words why."))
    if not Referral.objects.filter(pk=referral_id).exists():
        raise ReferralMissingError(_("There is no such referral."))
    referral = lock_row(Referral, referral_id)
    if by.pk in (referral.advocate_id, referral.friend_id):
        raise ReviewForbiddenError(_("You are part of this one: let somebody else decide."))
    return referral, note


def _decide(referral: Referral, to_state: str, *, by: User, note: str, **fields: object) -> None:
    move(
        referral,
        to_state,
        moves=MOVES,
        history=ReferralTransition,
        by=by,
        reason=note,
        fields=fields,
    )
