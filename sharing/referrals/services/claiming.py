"""A friend comes to the shop by an act of her own, and joins."""

import uuid

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.referrals.browsers import note_browser
from sharing.referrals.errors import CodeRefusedError
from sharing.referrals.models import Referral, ReferralTransition
from sharing.referrals.queries import owner_of
from sharing.referrals.services.promising import give_gift, is_new_customer, promise
from sharing.referrals.services.rewarding import hold
from sharing.referrals.states import MOVES, ReferralState
from sharing.referrals.suspicion import reasons_to_hold
from sharing.votes.models import Voter
from shop.analytics.models import EventKey
from shop.analytics.names import CODE_CHANNEL, EventName
from shop.analytics.services import Person, customer, record, voter
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_name, lock_row

logger = structlog.get_logger(__name__)


def click_referral(*, voter_id: uuid.UUID, browser_hash: str = "") -> Referral:
    """Note that a friend went from the gallery to the shop; a second time changes nothing.

    Args:
        voter_id: a friend who has voted; her act, not a page she was sent to, makes the claim.
        browser_hash: of her browser, if it carries a mark.

    Raises:
        Voter.DoesNotExist: she has not voted.
    """
    with transaction.atomic():
        friend = Voter.objects.select_related("gallery", "link").get(pk=voter_id)
        referral, first = Referral.objects.get_or_create(
            voter=friend,
            defaults={
                "advocate_id": friend.gallery.owner_id,
                "link": friend.link,
                "browser_hash": browser_hash,
            },
        )
        if first:
            _first_row(referral)
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


def click_code(
    *,
    code: str,
    key: str = "",
    browser_hash: str = "",
    user: User | None = None,
    carried: uuid.UUID | None = None,
) -> Referral:
    """Note that somebody pressed the button of an advocate's page, or typed her code.

    Args:
        code: as it was typed.
        key: of an invitation for one person, which is answered by it.
        browser_hash: of the browser she pressed it in.
        user: who, if she is logged in.
        carried: the claim her browser carries already: pressed again, it is the same friend.

    Raises:
        CodeUnknownError: nobody has this code.
        CodeRefusedError: it is her own.
    """
    advocate_id = owner_of(code)
    if user is not None and user.pk == advocate_id:
        raise CodeRefusedError(_("This is your own code. Give it to your friends."))
    mine = Referral.objects.filter(advocate_id=advocate_id, state=ReferralState.CLICKED)
    again = mine.filter(pk=carried).first() if carried and not key else None
    if again is not None:
        return again
    with transaction.atomic():
        invited = Referral.objects.filter(advocate_id=advocate_id, invitation_key=key or None)
        found = invited.filter(invitation_key__isnull=False).first()
        if found is not None:
            referral = lock_row(Referral, found.pk)
            if referral.state != ReferralState.INVITED:
                # Pressed twice, or passed on: whoever joins first has it.
                return referral
            _move(referral, ReferralState.CLICKED, by=user, browser_hash=browser_hash)
        else:
            referral = Referral.objects.create(advocate_id=advocate_id, browser_hash=browser_hash)
            _first_row(referral, by=user)
        record(
            EventName.REFERRAL_CLICKED,
            key=f"{EventName.REFERRAL_CLICKED}:{referral.pk}",
            subject=("referral", referral.pk),
            person=customer(user) if user else Person("visitor", str(referral.pk)),
            channel=CODE_CHANNEL,
            details={"referral": str(referral.pk), "advocate": advocate_id},
        )
        return referral


def claim_code(*, user: User, code: str, browser_hash: str = "") -> Referral:
    """Join a customer by the code she typed; her own earlier claim of this advocate stays.

    Raises:
        CodeUnknownError: nobody has this code.
        CodeRefusedError: it is her own, another claim came first, or she has ordered before.
    """
    advocate_id = owner_of(code)
    before = Referral.objects.filter(friend=user).first()
    if before is not None and before.advocate_id == advocate_id:
        return before
    if before is not None:
        raise CodeRefusedError(_("You came by another friend before. The first one counts."))
    if not is_new_customer(user.pk):
        raise CodeRefusedError(_("Codes of friends are for first orders, and you have ordered."))
    with transaction.atomic():
        referral = click_code(code=code, browser_hash=browser_hash, user=user)
        joined = join_referral(user=user, referral_id=referral.pk, browser_hash=browser_hash)
    if joined is None:
        raise CodeRefusedError(_("You came by another friend before. The first one counts."))
    return joined


def join_referral(*, user: User, referral_id: uuid.UUID, browser_hash: str = "") -> Referral | None:
    """Note that a friend who came by a link now has an account, or has logged in to hers.

    Called at each log-in of a browser that carries a claim, so it never fails: a claim that does
    not hold is left as it is. A friend who never ordered is promised what the running campaign
    gives; one who did joins for the figures only.

    Args:
        user: the friend.
        referral_id: the claim her browser carries, signed by us.
        browser_hash: of that browser, if it carries a mark.

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
        note_browser(user=user, seen_in=browser_hash)
        _move(referral, ReferralState.JOINED, by=user, friend=user, joined_at=timezone.now())
        _record_joined(referral, user)
        if is_new_customer(user.pk):
            _promise(referral)
        return referral


def _promise(referral: Referral) -> None:
    terms = promise(referral)
    if terms is None:
        return
    reasons = reasons_to_hold(referral)
    if reasons:
        hold(referral, reasons)
    else:
        give_gift(terms)


def _record_joined(referral: Referral, user: User) -> None:
    link = referral.link
    record(
        EventName.REFERRAL_JOINED,
        key=f"{EventName.REFERRAL_JOINED}:{referral.pk}",
        subject=("gallery", link.gallery_id) if link else ("referral", referral.pk),
        person=customer(user),
        channel=link.channel if link else CODE_CHANNEL,
        link=link.pk if link else "",
        caused_by=_event(f"{EventName.REFERRAL_CLICKED}:{referral.pk}"),
        details={
            "referral": str(referral.pk),
            "advocate": referral.advocate_id,
            "voter": str(referral.voter_id or ""),
            "new_customer": user.date_joined >= referral.created_at,
        },
    )


def _first_row(referral: Referral, *, by: User | None = None) -> None:
    ReferralTransition.objects.create(
        subject=referral, from_state="", to_state=referral.state, actor=by
    )


def _move(referral: Referral, to_state: str, *, by: User | None, **fields: object) -> None:
    move(referral, to_state, moves=MOVES, history=ReferralTransition, by=by, fields=fields)


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
