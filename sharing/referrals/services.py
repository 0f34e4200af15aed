"""A friend comes to the shop by an act of her own, and joins."""

import uuid

import structlog
from django.db import transaction

from sharing.referrals.models import Referral, ReferralTransition
from sharing.referrals.states import MOVES, ReferralState
from sharing.votes.models import Voter
from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.analytics.services import customer, record, voter
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_name, lock_row

logger = structlog.get_logger(__name__)


def click_referral(*, voter_id: uuid.UUID) -> Referral:
    """Note that a friend went from the gallery to the shop; a second time changes nothing.

    Args:
        voter_id: a friend who has voted; her act, not a page she was sent to, makes the claim.

    Raises:
        Voter.DoesNotExist: she has not voted.
    """
    with transaction.atomic():
        friend = Voter.objects.select_related("gallery", "link").get(pk=voter_id)
        referral, first = Referral.objects.get_or_create(
            voter=friend, defaults={"advocate_id": friend.gallery.owner_id, "link": friend.link}
        )
        if first:
            ReferralTransition.objects.create(
                subject=referral, from_state="", to_state=referral.state
            )
            record(
                EventName.REFERRAL_CLICKED,
                key=f"{EventName.REFERRAL_CLICKED}:{referral.pk}",
                subject=("gallery", friend.gallery_id),
                person=voter(friend.pk),
                channel=friend.link.channel,
                link=friend.link_id,
                caused_by=_event(f"{EventName.VOTE_CAST}:{friend.vote.pk}"),
                details={
                    "trial": str(friend.gallery.trial_id or ""),
                    "referral": str(referral.pk),
                },
            )
        return referral


def join_referral(*, user: User, referral_id: uuid.UUID) -> Referral | None:
    """Note that a friend who came by a link now has an account, or has logged in to hers.

    Called at each log-in of a browser that carries a claim, so it never fails: a claim that does
    not hold is left as it is.

    Args:
        user: the friend.
        referral_id: the claim her browser carries, signed by us.

    Returns:
        The referral, joined; nothing where it is her own, taken by somebody else, or where another
        claim came first.
    """
    with transaction.atomic():
        # Two claims of one friend at once: the first valid one wins.
        lock_name(f"referral-friend:{user.pk}")
        if not Referral.objects.filter(pk=referral_id).exists():
            return None
        referral = lock_row(Referral, referral_id)
        if referral.friend_id == user.pk:
            return referral
        refused = _why_not(referral, user)
        if refused:
            logger.info("referral_refused", referral=str(referral_id), because=refused)
            return None
        new_customer = user.date_joined >= referral.created_at
        move(
            referral,
            ReferralState.JOINED,
            moves=MOVES,
            history=ReferralTransition,
            by=user,
            fields={"friend": user},
        )
        link = referral.link
        record(
            EventName.REFERRAL_JOINED,
            key=f"{EventName.REFERRAL_JOINED}:{referral.pk}",
            subject=("gallery", link.gallery_id),
            person=customer(user),
            channel=link.channel,
            link=link.pk,
            caused_by=_event(f"{EventName.REFERRAL_CLICKED}:{referral.pk}"),
            details={
                "referral": str(referral.pk),
                "voter": str(referral.voter_id),
                "new_customer": new_customer,
            },
        )
        return referral


def _event(key: str) -> uuid.UUID | None:
    return EventKey.objects.filter(pk=key).values_list("event_id", flat=True).first()


def _why_not(referral: Referral, user: User) -> str:
    if referral.advocate_id == user.pk:
        return "own"
    if referral.state != ReferralState.CLICKED:
        return "taken"
    if Referral.objects.filter(friend=user).exists():
        return "second"
    return ""
