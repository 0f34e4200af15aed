"""What a friend is offered, what she has once she took it, and who sees that, in sentences."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from djmoney.money import Money

from sharing.referrals.models import Campaign, Referral, ReferralTerms
from sharing.referrals.pages import reward_words
from sharing.referrals.queries import running_campaign
from sharing.referrals.states import ReferralState, RewardKind
from shop.customers.models import User
from shop.orders.services.vouchers import waiting_gift
from trials.at_home.queries import unused_gifts


def offer_words(terms: Campaign) -> str:
    """Return what a friend who joins gets, as it is offered to her; empty for nothing."""
    gift = reward_words(terms, "friend")
    if not gift or terms.days("friend"):
        return gift
    return _("%(gift)s off your first pair") % {"gift": gift}


def seen_words(owner_name: str) -> str:
    """Return what an advocate will see of a friend who goes to the shop by her.

    Args:
        owner_name: hers; may be empty.
    """
    return _(
        "%(name)s will see that somebody came by this page, and later whether an order counted, "
        "never what you bought."
    ) % {"name": owner_name.split(" ")[0] or _("Your friend")}


def claimed_words(referral: Referral | None) -> str:
    """Return what a friend has now that she claimed; empty where there is nothing to say.

    Args:
        referral: hers, joined or not; nothing where another claim of hers came first.
    """
    if referral is None or referral.state == ReferralState.HELD:
        return ""
    terms = getattr(referral, "terms", None)
    if terms is not None:
        return _gift_of(terms)
    campaign = running_campaign()
    offer = offer_words(campaign) if campaign else ""
    if not offer or referral.state != ReferralState.CLICKED:
        return ""
    return _("%(offer)s: it is yours once you log in or make an account within 30 days.") % {
        "offer": offer
    }


def own_gifts(user: User) -> list[str]:
    """Return what a customer has for having come by a friend and has not used, in sentences."""
    voucher, days, gifts = waiting_gift(user), sum(each.days for each in unused_gifts(user.pk)), []
    if voucher is not None:
        worth = _worth(voucher.percent, voucher.amount)
        until = date_format(voucher.valid_until.astimezone(user.zone), "DATE_FORMAT")
        gifts.append(_yours(worth, voucher.minimum, until))
    if days:
        gifts.append(_days_yours(days))
    return gifts


def _gift_of(terms: ReferralTerms) -> str:
    if days := terms.days("friend"):
        return _days_yours(days)
    if not terms.friend_amount:
        return ""
    percent = terms.friend_percent if terms.friend_kind == RewardKind.PERCENT else None
    friend = terms.referral.friend
    local = terms.order_until.astimezone(friend.zone) if friend else terms.order_until
    worth = _worth(percent, terms.most("friend"))
    return _yours(worth, terms.least_order, date_format(local, "DATE_FORMAT"))


def _worth(percent: int | None, most: Money) -> str:
    if percent is None:
        return str(most)
    return _("%(percent)s %% of the order, up to %(most)s") % {"percent": percent, "most": most}


def _yours(worth: str, minimum: Money, until: str) -> str:
    told = {"worth": worth, "minimum": minimum, "day": until}
    if minimum.amount:
        return (
            _("%(worth)s off your first order of %(minimum)s or more is yours until %(day)s.")
            % told
        )
    return _("%(worth)s off your first order is yours until %(day)s.") % told


def _days_yours(days: int) -> str:
    return ngettext(
        "%(days)s more day at home is yours, for a trial you choose.",
        "%(days)s more days at home are yours, for a trial you choose.",
        days,
    ) % {"days": days}
