"""Referrals: who brought whom, by number; codes, browsers and what an advocate called a friend."""

from typing import Any

from django.db import transaction

from sharing.referrals.models import Referral, ReferralBrowser, ReferralCode
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)


def export_referrals(user: Any) -> dict[str, Any]:
    """Return her code, whom she brought as she called them, and whether somebody brought her."""
    made = Referral.objects.filter(advocate=user).order_by("created_at", "pk")
    return {
        "code": ReferralCode.objects.filter(user=user).values_list("code", flat=True).first(),
        "made": list(made.values("state", "invited_name", "created_at")),
        "came_by_one": Referral.objects.filter(friend=user).exists(),
        "browsers": ReferralBrowser.objects.filter(user=user).count(),
    }


@transaction.atomic
def erase_referrals(user: Any) -> int:
    """Forget her code, her browsers and the names she gave; bears to be repeated."""
    gone = ReferralCode.objects.filter(user=user).delete()[0]
    gone += ReferralBrowser.objects.filter(user=user).delete()[0]
    named = Referral.objects.filter(advocate=user).exclude(invited_name="")
    gone += named.update(invited_name="", invitation_key=None)
    seen = Referral.objects.filter(friend=user).exclude(browser_hash="")
    return gone + seen.update(browser_hash="")


register_personal_data(
    "sharing.referrals",
    holds={
        "sharing.ReferralCode": ["user", "code"],
        "sharing.ReferralBrowser": ["user", "browser_hash"],
        "sharing.Referral": ["invited_name", "invitation_key", "browser_hash"],
    },
    export=export_referrals,
    erase={Scope.ACCOUNT: erase_referrals},
)
keep_personal_data(
    "sharing.Referral",
    "advocate",
    "friend",
    why="What a reward in the ledger stands on: two numbers, without names once erased.",
)
not_personal("sharing.Campaign", why="What the shop gives for friends.")
not_personal("sharing.ReferralTerms", why="A copy of a campaign's terms.")
