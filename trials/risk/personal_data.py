"""What the rules found of a customer goes with her account."""

from typing import Any

from shop.foundation.privacy import Scope, register_personal_data
from trials.risk.models import RiskDecision


def export_decisions(user: Any) -> dict[str, Any]:
    """Return what was decided of her trials by rule, and when."""
    mine = RiskDecision.objects.filter(trial__user=user).order_by("made_at", "pk")
    return {"risk_decisions": list(mine.values("trial__number", "outcome", "made_at"))}


def erase_decisions(user: Any) -> int:
    """Delete what was decided of her trials, and why."""
    return RiskDecision.objects.filter(trial__user=user).delete()[0]


register_personal_data(
    "trials.risk",
    holds={"trials.RiskDecision": ["reasons", "rules"]},
    export=export_decisions,
    erase={Scope.ACCOUNT: erase_decisions},
)
