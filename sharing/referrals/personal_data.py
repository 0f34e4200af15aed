"""Referrals: who brought whom, by number."""

from typing import Any

from sharing.referrals.models import Referral
from shop.foundation.privacy import keep_personal_data, register_personal_data


def export_referrals(user: Any) -> dict[str, Any]:
    """Return whom she brought, not by name, and whether somebody brought her."""
    made = Referral.objects.filter(advocate=user).order_by("created_at", "pk")
    return {
        "made": list(made.values("state", "created_at")),
        "came_by_one": Referral.objects.filter(friend=user).exists(),
    }


register_personal_data("sharing.referrals", holds={}, export=export_referrals)
keep_personal_data(
    "sharing.Referral",
    "advocate",
    "friend",
    why="What a reward in the ledger stands on: two numbers, without names once erased.",
)
