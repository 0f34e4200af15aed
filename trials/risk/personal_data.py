"""What the rules found of a customer goes with her account."""

from typing import Any

from shop.foundation.privacy import Scope, keep_personal_data, register_personal_data
from trials.risk.models import RiskDecision, SecondLook


def export_decisions(user: Any) -> dict[str, Any]:
    """Return what was decided of her trials by rule, and when."""
    mine = RiskDecision.objects.filter(trial__user=user).order_by("made_at", "pk")
    looks = SecondLook.objects.filter(trial__user=user).order_by("asked_at", "pk")
    told = ("trial__number", "words", "asked_at", "answer", "reason", "decided_at")
    return {
        "risk_decisions": list(mine.values("trial__number", "outcome", "made_at")),
        "second_looks": list(looks.values(*told, "followed_by__number")),
    }


def erase_decisions(user: Any) -> int:
    """Delete what was decided of her trials, and why."""
    looks = SecondLook.objects.filter(trial__user=user).delete()[0]
    return looks + RiskDecision.objects.filter(trial__user=user).delete()[0]


register_personal_data(
    "trials.risk",
    holds={
        "trials.RiskDecision": ["reasons", "rules"],
        "trials.SecondLook": ["words", "reason"],
    },
    export=export_decisions,
    erase={Scope.ACCOUNT: erase_decisions},
)
keep_personal_data(
    "trials.SecondLook", "decided_by", why="Who of staff decided, by number, until she is erased."
)
