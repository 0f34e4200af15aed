"""The states of a charge, and of a proposal to make one, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money


class ChargeState(models.TextChoices):
    """Whether a charge is settled, and whether what was paid was given back."""

    OWED = "owed", _("Owed")
    PAID = "paid", _("Paid")
    PARTLY_REFUNDED = "partly_refunded", _("Given back in part")
    REFUNDED = "refunded", _("Given back")
    WAIVED = "waived", _("Waived")
    WRITTEN_OFF = "written_off", _("Written off")


class ProposalState(models.TextChoices):
    """How far a proposal to charge for damage is."""

    PROPOSED = "proposed", _("To be decided")
    ACCEPTED = "accepted", _("Customer told")
    OBJECTED = "objected", _("Customer objects")
    CHARGED = "charged", _("Charged")
    WAIVED = "waived", _("Waived")
    # The verdict it followed from was put right before its customer was told.
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What was paid is given back in whole or in part, and counts as paid again where that fails.
PAID = frozenset({ChargeState.PAID, ChargeState.PARTLY_REFUNDED, ChargeState.REFUNDED})
# It was paid, or nobody expects any more that it is.
CHARGED = PAID | {ChargeState.WRITTEN_OFF}
CHARGE_MOVES = {
    ChargeState.OWED: frozenset({ChargeState.PAID, ChargeState.WAIVED, ChargeState.WRITTEN_OFF}),
    **{state: PAID - {state} for state in PAID},
}


def state_of_paid(*, amount: Money, refunded: Money) -> ChargeState:
    """Return the state of a charge that was paid, by what of it was given back."""
    if not refunded.amount:
        return ChargeState.PAID
    return ChargeState.REFUNDED if refunded == amount else ChargeState.PARTLY_REFUNDED


PROPOSAL_MOVES = {
    ProposalState.PROPOSED: frozenset(
        {ProposalState.ACCEPTED, ProposalState.WAIVED, ProposalState.WITHDRAWN}
    ),
    ProposalState.ACCEPTED: frozenset(
        {ProposalState.OBJECTED, ProposalState.CHARGED, ProposalState.WAIVED}
    ),
    ProposalState.OBJECTED: frozenset({ProposalState.CHARGED, ProposalState.WAIVED}),
    # Where the correction was the slip.
    ProposalState.WITHDRAWN: frozenset({ProposalState.PROPOSED}),
}
# While one of a trial's proposals is so, the trial is not over.
OPEN_PROPOSALS = frozenset({ProposalState.PROPOSED, ProposalState.ACCEPTED, ProposalState.OBJECTED})
