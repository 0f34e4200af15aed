"""What a customer told of her frames: her words go with her account."""

from typing import Any

from shop.foundation.privacy import Scope, keep_personal_data, register_personal_data
from trials.reports.models import CustomerReport


def export_reports(user: Any) -> list[dict[str, Any]]:
    """Return what she told of her frames and was answered, oldest first."""
    told = CustomerReport.objects.filter(trial__user=user)
    columns = ("kind", "words", "told_at", "withdrawn_at", "decision", "answer")
    return list(told.values("trial__number", "item__variant__sku", *columns))


def erase_words(user: Any) -> int:
    """Empty her words and what was answered to them; that a frame broke stays by number."""
    told = CustomerReport.objects.filter(trial__user=user)
    return told.exclude(words="", answer="").update(words="", answer="")


register_personal_data(
    "trials.reports",
    holds={"trials.CustomerReport": ["words", "answer"]},
    export=export_reports,
    erase={Scope.ACCOUNT: erase_words},
)
keep_personal_data(
    "trials.CustomerReport", "decided_by", why="Who of staff answered her, by number."
)
