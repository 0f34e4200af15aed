"""What came back and what was owed for: kept as books are."""

from typing import Any

from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal, FurtherObjection
from trials.returns.models.inspections import BoxNote


def export_charges(user: Any) -> list[dict[str, Any]]:
    """Return what she owed for frames, oldest first."""
    charges = TrialCharge.objects.filter(trial__user=user).order_by("created_at", "pk")
    columns = ("purpose", "amount", "amount_currency", "state", "reason", "created_at")
    return list(charges.values("trial__number", *columns, "settled_at"))


def export_returns(user: Any) -> dict[str, Any]:
    """Return what she owed for frames, what was proposed for damage, and what else she sent."""
    proposed = ChargeProposal.objects.filter(inspection__item__trial__user=user)
    columns = ("amount", "amount_currency", "state", "reason", "objection", "proposed_at")
    further = FurtherObjection.objects.filter(proposal__in=proposed)
    notes = BoxNote.objects.filter(trial__user=user, kind=BoxNote.Kind.SURPLUS)
    return {
        "charges": export_charges(user),
        "damage": list(proposed.values("inspection__item__variant__sku", *columns)),
        "said further of damage": list(
            further.values("proposal__inspection__item__variant__sku", "words", "said_at")
        ),
        "things of hers": list(notes.values("trial__number", "words", "at", "done_at")),
    }


def erase_words(user: Any) -> int:
    """Empty what she said against charges for damage; the charges stay."""
    hers = ChargeProposal.objects.filter(inspection__item__trial__user=user)
    further, _rows = FurtherObjection.objects.filter(proposal__in=hers).delete()
    return further + hers.exclude(objection="").update(objection="")


def money_owed(user: User) -> str:
    """Return why an account must wait: she owes for a frame."""
    owed = TrialCharge.objects.filter(trial__user=user, state=TrialCharge.State.OWED)
    return _("You owe for a frame that did not come back whole.") if owed.exists() else ""


register_personal_data(
    "trials.returns",
    holds={"trials.ChargeProposal": ["objection"], "trials.FurtherObjection": ["words"]},
    export=export_returns,
    erase={Scope.ACCOUNT: erase_words},
    obstacle=money_owed,
)
keep_personal_data(
    "trials.ChargeProposal",
    "reason",
    "decided_by",
    why="Why damage was charged or not, and who decided: kept by law with the charge.",
)
keep_personal_data(
    "trials.BoxNote",
    "words",
    "noted_by",
    "done_by",
    why="What else lay in a box, and who of staff found it and sent it back.",
)
keep_personal_data(
    "trials.TrialCharge",
    "reason",
    "settled_by",
    why="Why staff let somebody off, and who: kept by law with the payment.",
)
keep_personal_data(
    "trials.ChargeAttempt", "asked_by", why="Who of staff had a card asked: kept with the charge."
)
not_personal("trials.ChargeAttempt", "decline_code", why="A bank's code for why it refused.")
keep_personal_data(
    "trials.Notice",
    "subject",
    "sent_by",
    why="What a customer was written about what she owed: kept by law with the charge.",
)
not_personal("trials.Notice", "kind", why="The name of a mail.")
keep_personal_data(
    "trials.Inspection",
    "note",
    "inspected_by",
    why="How a frame came back, and who of staff looked at it.",
)
keep_personal_data(
    "trials.VerdictCorrection",
    "note_before",
    "reason",
    "corrected_by",
    why="What was first found of a frame, and who of staff put it right and why.",
)
