"""What came back and what was owed for: kept as books are."""

from typing import Any

from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.privacy import keep_personal_data, not_personal, register_personal_data
from trials.returns.models import TrialCharge


def export_charges(user: Any) -> list[dict[str, Any]]:
    """Return what she owed for frames, oldest first."""
    charges = TrialCharge.objects.filter(trial__user=user).order_by("created_at", "pk")
    columns = ("purpose", "amount", "amount_currency", "state", "reason", "created_at")
    return list(charges.values("trial__number", *columns, "settled_at"))


def money_owed(user: User) -> str:
    """Return why an account must wait: she owes for a frame."""
    owed = TrialCharge.objects.filter(trial__user=user, state=TrialCharge.State.OWED)
    return _("You owe for a frame that did not come back whole.") if owed.exists() else ""


register_personal_data("trials.returns", holds={}, export=export_charges, obstacle=money_owed)
keep_personal_data(
    "trials.TrialCharge",
    "reason",
    "settled_by",
    why="Why staff let somebody off, and who: kept by law with the payment.",
)
not_personal("trials.ChargeAttempt", "decline_code", why="A bank's code for why it refused.")
keep_personal_data(
    "trials.Inspection",
    "note",
    "inspected_by",
    why="How a frame came back, and who of staff looked at it.",
)
