"""From a friend's order to her advocate's reward, and back again where the order is."""

import uuid
from datetime import datetime
from functools import partial

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from djmoney.money import Money

from sharing.referrals.models import Referral, ReferralTerms, ReferralTransition
from sharing.referrals.queries import (
    due_referrals,
    lapsed_referrals,
    qualifying_order,
    undone,
    undone_among,
)
from sharing.referrals.services.promising import (
    advocate_reference,
    cost_of,
    order_amount,
    settle_promise,
    take_back_promise,
    withdraw_gift,
)
from sharing.referrals.states import MOVES, ReferralState
from sharing.referrals.suspicion import reasons_to_hold
from shop.analytics.models import Event, EventKey
from shop.analytics.names import CODE_CHANNEL, EventName
from shop.analytics.services import SHOP, customer, record
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic
from shop.orders.models import Order
from shop.orders.queries import kept_of
from shop.payments.services.credit import grant_reward, reverse_reward
from trials.at_home.services.extending import give_extension, withdraw_extension

logger = structlog.get_logger(__name__)


def settle_due(*, limit: int = 200, undone_since: datetime | None = None) -> int:
    """Reward what is due, reverse what was undone, let lapse what nobody took up.

    Beat calls it; each referral is a transaction of its own.

    Args:
        limit: how many of each at a time; the next beat goes on.
        undone_since: reverse only where money was asked back since then; whatever was given back if
            not given.

    Returns:
        How many referrals moved.
    """
    moved = 0
    for found, act in (
        (due_referrals, settle_referral),
        (partial(undone_among, undone_since), reverse_referral),
        (lapsed_referrals, lapse_referral),
    ):
        for referral_id in list(found().values_list("pk", flat=True)[:limit]):
            try:
                moved += act(referral_id=referral_id)
            except Exception:
                # One that cannot be moved keeps nobody else waiting; the next beat tries again.
                logger.exception("referral_not_moved", referral=str(referral_id))
    return moved


@transaction.atomic
def settle_referral(*, referral_id: uuid.UUID) -> bool:
    """Let a friend's order count, once the return period is over: the advocate is rewarded.

    Where something speaks against it the referral is held for review instead.

    Returns:
        Whether it moved; false where the order is not past its return period, or not kept.
    """
    referral = lock_row(Referral, referral_id)
    terms = ReferralTerms.objects.filter(referral=referral).first()
    if referral.state != ReferralState.JOINED or terms is None or terms.lapsed_at is not None:
        return False
    order = qualifying_order(referral, terms)
    if order is None or referral.friend is None:
        return False
    reasons = reasons_to_hold(referral)
    if reasons:
        hold(referral, reasons)
        return True
    _move(referral, ReferralState.QUALIFIED, order=order)
    link = referral.link
    qualified = record(
        EventName.REFERRAL_QUALIFIED,
        key=f"{EventName.REFERRAL_QUALIFIED}:{referral.pk}",
        subject=("order", order.pk),
        person=customer(referral.friend),
        channel=link.channel if link else CODE_CHANNEL,
        link=link.pk if link else "",
        caused_by=event_id(f"{EventName.ORDER_PAID}:{order.pk}"),
        amount=order.total,
        details=_details(referral),
    )
    if terms.rewards_advocate and terms.days("advocate"):
        _give_days(referral, order, terms.days("advocate"), caused_by=qualified)
    reward = terms.worth("advocate", order_amount(order, kept_of(order)))
    if terms.rewards_advocate and reward.amount > 0:
        grant_reward(
            user=referral.advocate,
            amount=reward,
            reference=advocate_reference(referral),
            subject=("order", order.pk),
            caused_by=qualified,
            details=_details(referral),
        )
        terms.granted = reward.amount
        terms.save(update_fields=["granted"])
        _move(referral, ReferralState.REWARDED)
        _tell(referral, "reward_granted", reward)
    settle_promise(terms, needed=cost_of(referral))
    return True


def _give_days(referral: Referral, order: Order, days: int, *, caused_by: uuid.UUID) -> None:
    """Reward an advocate with days at home: no money moves, so nothing is booked."""
    give_extension(user=referral.advocate, days=days, key=advocate_reference(referral))
    record(
        EventName.REWARD_GRANTED,
        key=f"{EventName.REWARD_GRANTED}:{advocate_reference(referral)}",
        subject=("order", order.pk),
        person=customer(referral.advocate),
        caused_by=caused_by,
        details={**_details(referral), "days": days},
    )
    _move(referral, ReferralState.REWARDED)
    key = f"days_granted:{advocate_reference(referral)}"
    notify(
        user=referral.advocate,
        topic=Topic.REWARD,
        template="days_granted",
        context={"days": days, "path": reverse("sharing:friends")},
        key=key,
        about=referral.pk,
        caused_by=event_id(f"{EventName.REWARD_GRANTED}:{advocate_reference(referral)}"),
    )


@transaction.atomic
def reverse_referral(*, referral_id: uuid.UUID) -> bool:
    """Take back a reward whose order was given back; repeated, nothing happens."""
    referral = lock_row(Referral, referral_id)
    if not undone().filter(pk=referral.pk).exists():
        return False
    refunded = (
        Event.objects.filter(
            name__in=(EventName.ORDER_REFUNDED, EventName.ORDER_CANCELLED),
            subject_type="order",
            subject_id=str(referral.order_id),
        )
        .order_by("-occurred_at")
        .values_list("pk", flat=True)
        .first()
    )
    _move(referral, ReferralState.REVERSED, reason=gettext_noop("The order was given back."))
    withdraw_gift(referral)
    if withdraw_extension(key=advocate_reference(referral)):
        record(
            EventName.REWARD_REVERSED,
            key=f"{EventName.REWARD_REVERSED}:{advocate_reference(referral)}",
            subject=("order", referral.order_id),
            person=customer(referral.advocate),
            caused_by=refunded,
            details=_details(referral),
        )
    taken = reverse_reward(
        reference=advocate_reference(referral), caused_by=refunded, details=_details(referral)
    )
    if taken is not None:
        _tell(referral, "reward_reversed", taken)
    settle_promise(referral.terms, needed=cost_of(referral))
    return True


@transaction.atomic
def lapse_referral(*, referral_id: uuid.UUID) -> bool:
    """Let a promise lapse whose time is over without an order: its budget is free again."""
    referral = lock_row(Referral, referral_id)
    if not lapsed_referrals().filter(pk=referral.pk).exists():
        return False
    terms = referral.terms
    terms.lapsed_at = timezone.now()
    terms.save(update_fields=["lapsed_at"])
    take_back_promise(terms)
    return True


def hold(referral: Referral, reasons: list[str]) -> None:
    """Hold a referral, locked by the caller, for somebody to look at."""
    _move(referral, ReferralState.HELD, held_for=reasons)
    times = referral.transitions.filter(to_state=ReferralState.HELD).count()
    record(
        EventName.REFERRAL_HELD,
        key=f"{EventName.REFERRAL_HELD}:{referral.pk}:{times}",
        subject=("referral", referral.pk),
        person=SHOP,
        caused_by=event_id(f"{EventName.REFERRAL_JOINED}:{referral.pk}"),
        details={**_details(referral), "reasons": reasons},
    )


def _tell(referral: Referral, what: str, amount: Money) -> None:
    key = f"{what}:{advocate_reference(referral)}"
    notify(
        user=referral.advocate,
        topic=Topic.REWARD,
        template=what,
        context={"amount": str(amount), "path": reverse("sharing:friends")},
        key=key,
        about=referral.pk,
        caused_by=event_id(key),
    )


def event_id(key: str) -> uuid.UUID | None:
    """Return the event recorded under a key, if it was."""
    return EventKey.objects.filter(pk=key).values_list("event_id", flat=True).first()


def _details(referral: Referral) -> dict[str, object]:
    return {"referral": str(referral.pk), "advocate": referral.advocate_id}


def _move(
    referral: Referral, to_state: str, *, by: User | None = None, reason: str = "", **fields: object
) -> None:
    move(
        referral,
        to_state,
        moves=MOVES,
        history=ReferralTransition,
        by=by,
        reason=reason,
        fields=fields,
    )
