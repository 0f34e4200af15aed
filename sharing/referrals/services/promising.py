"""What a friend who joins is promised: terms copied from the running campaign, within its budget.

A promise counts against the budget from the moment it is made, at the most it can come to; what was
not needed goes back. So nobody who joined under a campaign is ever told that its budget is gone.
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from djmoney.money import Money

from sharing.referrals.models import Campaign, Referral, ReferralTerms, Terms
from sharing.referrals.queries import running_campaign
from shop.foundation.locks import lock_row
from shop.orders.models import Order
from shop.orders.services.vouchers import grant_voucher, withdraw_voucher
from shop.orders.states import OrderState
from shop.payments.models import LedgerEntry
from shop.payments.services.credit import REWARD, REWARD_REVERSED
from trials.at_home.services.extending import give_extension, withdraw_extension

COPIED = [field.name for field in Terms._meta.local_fields]


def is_new_customer(user_id: int) -> bool:
    """Tell whether a friend is new to the shop: she has no paid order that was not cancelled."""
    paid = Order.objects.filter(user_id=user_id, paid_at__isnull=False)
    return not paid.exclude(state=OrderState.CANCELLED).exists()


def promise(referral: Referral) -> ReferralTerms | None:
    """Copy the running campaign's terms for a friend who has just joined; its row is locked last.

    Args:
        referral: locked by the caller, with its friend.

    Returns:
        Nothing where no campaign runs, or its budget would not do for her.
    """
    found = running_campaign()
    if found is None:
        return None
    campaign = lock_row(Campaign, found.pk)
    rewards_advocate = _below_limit(campaign, referral)
    most = campaign.friend_amount + (campaign.advocate_amount if rewards_advocate else 0)
    if campaign.budget is not None and campaign.promised + most > campaign.budget:
        return None
    campaign.promised += most
    campaign.save(update_fields=["promised"])
    now = timezone.now()
    return ReferralTerms.objects.create(
        referral=referral,
        campaign=campaign,
        rewards_advocate=rewards_advocate,
        promised=most,
        order_until=now + timedelta(days=campaign.order_within_days),
        **{name: getattr(campaign, name) for name in COPIED},
    )


def _below_limit(campaign: Campaign, referral: Referral) -> bool:
    if campaign.most_rewards is None:
        return True
    counted = ReferralTerms.objects.filter(
        campaign=campaign,
        referral__advocate_id=referral.advocate_id,
        rewards_advocate=True,
        lapsed_at__isnull=True,
    ).exclude(referral__state="reversed")
    return counted.count() < campaign.most_rewards


def settle_promise(terms: ReferralTerms, *, needed: Decimal) -> None:
    """Let a promise count for what was really given; the rest goes back into the budget."""
    campaign = lock_row(Campaign, terms.campaign_id)
    campaign.promised += needed - terms.promised
    campaign.save(update_fields=["promised"])
    terms.promised = needed
    terms.save(update_fields=["promised"])


def give_gift(terms: ReferralTerms) -> None:
    """Grant the friend what she gets off her first order, or the days for a trial of hers."""
    friend, reference = terms.referral.friend, friend_reference(terms.referral)
    if friend is not None and terms.days("friend"):
        give_extension(user=friend, days=terms.days("friend"), key=reference)
    if friend is None or not terms.friend_amount:
        return
    grant_voucher(
        user=friend,
        reference=reference,
        amount=terms.most("friend"),
        percent=terms.friend_percent if terms.friend_kind == "percent" else None,
        minimum=terms.least_order,
        valid_until=terms.order_until,
    )


def take_back_promise(terms: ReferralTerms) -> None:
    """End a promise: the friend's unused gift is withdrawn, what was not given goes back."""
    withdraw_gift(terms.referral)
    settle_promise(terms, needed=cost_of(terms.referral))


def withdraw_gift(referral: Referral) -> None:
    """Withdraw what the friend was given, as far as she has not used it."""
    withdraw_voucher(reference=friend_reference(referral))
    withdraw_extension(key=friend_reference(referral))


def cost_of(referral: Referral) -> Decimal:
    """Return what both sides have been given, less what was taken back."""
    gifts = Order.objects.filter(user=referral.friend, discount_amount__gt=0)
    numbers = gifts.values_list("number", flat=True)
    entries = LedgerEntry.objects.filter(
        transaction__kind__in=(REWARD, REWARD_REVERSED),
        transaction__reference__in=[
            advocate_reference(referral),
            *(f"{friend_reference(referral)}:{number}" for number in numbers),
        ],
        account=LedgerEntry.Account.REWARDS,
    )
    given = sum((entry.amount.amount for entry in entries), Decimal(0))
    # A gift on an order that is not paid yet is as good as given.
    waiting = Order.objects.filter(
        voucher__reference=friend_reference(referral), state="pending_payment"
    ).first()
    return given + (waiting.discount_amount if waiting else 0)


def advocate_reference(referral: Referral) -> str:
    """Return what the advocate's reward is booked under."""
    return f"referral:{referral.pk}:advocate"


def friend_reference(referral: Referral) -> str:
    """Return what the friend's gift was granted for; booked with its order's number behind it."""
    return f"referral:{referral.pk}:friend"


def order_amount(order: Order, kept: Decimal) -> Money:
    """Return what the friend really spent on what she kept: without her own gift."""
    return Money(max(kept - order.discount_amount, Decimal(0)), order.total.currency)
