"""What the pages and the API say of an advocate's referrals, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from djmoney.money import Money

from sharing.referrals.codes import shown_code
from sharing.referrals.models import Campaign, Referral, ReferralTerms
from sharing.referrals.states import ReferralState, RewardKind
from shop.customers.models import User
from shop.orders.queries import kept_orders
from shop.payments.models import LedgerEntry
from shop.payments.services.credit import HELD, REFUNDED, RELEASED, REWARD, REWARD_REVERSED


@dataclass(frozen=True)
class FriendRow:
    """A friend as her advocate sees her.

    Attributes:
        who: what the advocate called her, or the name she left with her vote; else "A friend".
        what: how far she came, in words.
        state: for programs.
        at: when she was invited or came.
        reward: what the advocate got or will get, nothing where that is not known or no money.
        days: days at home that she got or will get instead.
        rewarded_on: when it comes, where her order waits for the end of its return period.
        invitation_key: of an invitation that can still be sent.
    """

    who: str
    what: str
    state: str
    at: datetime
    reward: Money | None
    days: int
    rewarded_on: datetime | None
    invitation_key: str


def referrals_of(user: User) -> QuerySet[Referral]:
    """Return an advocate's referrals, the latest first, with all that ``friend_row`` reads."""
    ordered = kept_orders(at_least=OuterRef("terms__minimum")).filter(
        user=OuterRef("friend"),
        paid_at__gte=OuterRef("joined_at"),
        placed_at__lte=OuterRef("terms__order_until"),
    )
    return (
        Referral.objects.filter(advocate=user)
        .select_related("terms", "voter")
        .annotate(ordered_at=Subquery(ordered.order_by("paid_at").values("paid_at")[:1]))
        .order_by("-created_at", "-pk")
    )


def friend_row(referral: Referral) -> FriendRow:
    """Return what an advocate may know of a friend: how far she came, never what she bought."""
    terms = getattr(referral, "terms", None)
    ordered_at: datetime | None = referral.ordered_at  # type: ignore[attr-defined]
    reward: Money | None = None
    rewarded_on: datetime | None = None
    state, days = ReferralState(referral.state), 0
    if terms is not None and terms.rewards_advocate and _promises(terms):
        if state in (ReferralState.REWARDED, ReferralState.JOINED):
            days = terms.days("advocate")
        if state == ReferralState.REWARDED:
            reward = Money(terms.granted, terms.currency) if terms.granted else None
        elif state == ReferralState.JOINED and ordered_at is not None:
            rewarded_on = ordered_at + timedelta(days=terms.qualification_days)
            if terms.advocate_kind == RewardKind.AMOUNT:
                reward = terms.most("advocate")
    return FriendRow(
        who=referral.invited_name
        or (referral.voter.name if referral.voter else "")
        or _("A friend"),
        what=_what(referral, ordered_at),
        state=state,
        at=referral.created_at,
        reward=reward,
        days=days,
        rewarded_on=rewarded_on,
        invitation_key=referral.invitation_key or "" if state == ReferralState.INVITED else "",
    )


def _promises(terms: ReferralTerms) -> bool:
    return bool(terms.advocate_amount or terms.days("advocate"))


def _what(referral: Referral, ordered_at: datetime | None) -> str:
    if referral.state == ReferralState.JOINED:
        return _joined_words(referral, ordered_at)
    return {
        ReferralState.INVITED: _("Invited, not here yet"),
        ReferralState.CLICKED: _("Looked at the shop"),
        ReferralState.HELD: _("Being checked"),
        ReferralState.QUALIFIED: _("Ordered, beyond what can be rewarded"),
        ReferralState.REWARDED: _("Ordered, and you are rewarded"),
        ReferralState.REVERSED: _("Given back, so nothing was earned")
        if referral.order_id
        else _("Does not count"),
    }[ReferralState(referral.state)]


def _joined_words(referral: Referral, ordered_at: datetime | None) -> str:
    terms = getattr(referral, "terms", None)
    if terms is None:
        return _("Is here; no reward was running for her")
    if terms.lapsed_at is not None:
        return _("Did not order in time")
    return _("Ordered") if ordered_at is not None else _("Has an account")


def reward_words(terms: Campaign, side: str) -> str:
    """Return what one side gets in words; empty where that is nothing."""
    if days := terms.days(side):
        return ngettext("%(days)s more day at home", "%(days)s more days at home", days) % {
            "days": days
        }
    most = terms.most(side)
    if not most.amount:
        return ""
    if getattr(terms, f"{side}_kind") == RewardKind.AMOUNT:
        return str(most)
    share = getattr(terms, f"{side}_percent")
    return _("%(percent)s %% of the order, up to %(most)s") % {"percent": share, "most": most}


def share_words(campaign: Campaign | None, language: str) -> str:
    """Return what an advocate may write beside her link: the campaign's words, or the shop's."""
    written = getattr(campaign, f"share_text_{language[:2]}", "") if campaign else ""
    if written:
        return str(written)
    gift = reward_words(campaign, "friend") if campaign else ""
    if campaign is not None and campaign.days("friend"):
        return _(
            "I try glasses on at home and let friends vote. With my link you have %(gift)s:"
        ) % {"gift": gift}
    if gift:
        return _(
            "I try glasses on at home and let friends vote. Here is %(gift)s off your first pair:"
        ) % {"gift": gift}
    return _("I try glasses on at home and let friends vote. Have a look:")


def page_path(code: str, key: str = "") -> str:
    """Return the address of an advocate's page, of an invitation where its key is given."""
    path = reverse("sharing:referral_page", args=[shown_code(code)])
    return f"{path}?{urlencode({'i': key})}" if key else path


def page_url(code: str, key: str = "") -> str:
    """Return that address with the shop's own in front."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{page_path(code, key)}"


def ways_to_send(text: str, url: str, *, gift: bool) -> dict[str, str]:
    """Return links that open WhatsApp and the advocate's own mail with the words in it.

    The shop itself writes to nobody an advocate names: she sends it, to people she knows.
    """
    words = f"{text} {url}"
    subject = quote(
        pgettext("subject of an email", "Glasses, and something off them")
        if gift
        else pgettext("subject of an email", "Glasses to try on at home")
    )
    return {
        "whatsapp_url": f"https://wa.me/?text={quote(words)}",
        "mail_url": f"mailto:?subject={subject}&body={quote(words)}",
    }


def summary(user: User) -> dict[str, int]:
    """Return how many of an advocate's friends came how far, each counted in every stage passed."""
    states = list(Referral.objects.filter(advocate=user).values_list("state", "friend_id"))
    return {
        "clicked": sum(state != ReferralState.INVITED for state, _friend in states),
        "joined": sum(friend is not None for _state, friend in states),
        "rewarded": sum(state == ReferralState.REWARDED for state, _friend in states),
    }


@dataclass(frozen=True)
class EntryRow:
    """One movement of an advocate's credit.

    Attributes:
        words: what it was.
        at: when.
        signed: the amount with its sign, from her side.
    """

    words: str
    at: datetime
    signed: str


def entry_words(entry: LedgerEntry) -> str:
    """Return what a movement of credit was."""
    number = entry.order_number
    return {
        REWARD: _("A friend's order counted"),
        REWARD_REVERSED: _("Taken back: the order was given back"),
        HELD: _("Used for order %(number)s") % {"number": number},
        RELEASED: _("Yours again: order %(number)s was cancelled") % {"number": number},
        REFUNDED: _("Given back of order %(number)s") % {"number": number},
    }.get(entry.transaction.kind, entry.transaction.kind)


def entry_rows(entries: Iterable[LedgerEntry]) -> list[EntryRow]:
    """Return movements of credit as an advocate reads them: what she got is above zero."""
    return [
        EntryRow(
            words=entry_words(entry),
            at=entry.transaction.at,
            signed=f"+{-entry.amount}" if entry.amount.amount < 0 else f"−{entry.amount}",
        )
        for entry in entries
    ]


def promise_words(campaign: Campaign | None) -> str:
    """Return in a sentence what is given for friends just now."""
    if campaign is None:
        return _("No reward is running just now. Your friends are welcome all the same.")
    hers, friends = reward_words(campaign, "advocate"), reward_words(campaign, "friend")
    parts = []
    if friends:
        off = _("Your friends get %(friends)s off their first pair.")
        parts.append(_("Your friends get %(friends)s.") if campaign.days("friend") else off)
    if hers:
        parts.append(_hers_words(campaign))
    days = campaign.qualification_days
    return " ".join(parts) % {"friends": friends, "hers": hers, "days": days}


def _hers_words(campaign: Campaign) -> str:
    """Return the sentence of what the advocate gets, with places for what and after how long."""
    if campaign.days("advocate"):
        if not campaign.qualification_days:
            return _("You get %(hers)s once they have paid for it.")
        return ngettext(
            "You get %(hers)s, %(days)s day after they paid for it.",
            "You get %(hers)s, %(days)s days after they paid for it.",
            campaign.qualification_days,
        )
    if not campaign.qualification_days:
        return _("You get %(hers)s as credit once they have paid for it.")
    return ngettext(
        "You get %(hers)s as credit, %(days)s day after they paid for it.",
        "You get %(hers)s as credit, %(days)s days after they paid for it.",
        campaign.qualification_days,
    )
