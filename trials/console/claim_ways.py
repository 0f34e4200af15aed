"""What may have become of a claim, who says so, and the form that asks for it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trials.claims.states import MOVES, ClaimState
from trials.console.forms import (
    ClaimCorrectionForm,
    ClaimFilingForm,
    ClaimPaymentForm,
    ReasonForm,
)


@dataclass(frozen=True)
class Way:
    """One thing that may have become of a claim.

    Attributes:
        to: the state it leads to.
        label: what became of it.
        form: what is asked for it.
        variant: of its button.
        settles: whether it is about money or ends the claim, which is a manager's alone.
        again: whether it is said of a claim that is in that state already.
    """

    to: ClaimState
    label: Any
    form: type[forms.Form]
    variant: str = "primary"
    settles: bool = True
    again: bool = False


# The likeliest of a state first.
WAYS = {
    "file": Way(ClaimState.FILED, _("Filed"), ClaimFilingForm, settles=False),
    "paid": Way(ClaimState.PAID, _("Paid"), ClaimPaymentForm),
    "correct": Way(
        ClaimState.PAID, _("Correct the amount"), ClaimCorrectionForm, "secondary", again=True
    ),
    "given_back": Way(ClaimState.GIVEN_BACK, _("Given back to the carrier"), ReasonForm),
    "refused": Way(
        ClaimState.REFUSED, _("Refused by the carrier"), ReasonForm, "secondary", settles=False
    ),
    "withdraw": Way(ClaimState.WITHDRAWN, _("Withdraw"), ReasonForm, "danger"),
}


def ways_of(state: str, *, may_settle: bool) -> dict[str, Way]:
    """Return what somebody may say of a claim, the likeliest first.

    Args:
        state: one of ``ClaimState``.
        may_settle: whether she has the permission ``trials.settle_claim``.
    """
    reached = MOVES.get(ClaimState(state), frozenset())
    return {
        name: way
        for name, way in WAYS.items()
        if way.to in reached and way.again == (way.to == state) and (may_settle or not way.settles)
    }
