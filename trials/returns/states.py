"""The steps between the states of a charge, and of a proposal to make one."""

from trials.returns.models import ProposalState, TrialCharge

State = TrialCharge.State

# What was paid is given back in whole or in part, and counts as paid again where that fails.
PAID = frozenset({State.PAID, State.PARTLY_REFUNDED, State.REFUNDED})
# It was paid, or nobody expects any more that it is.
CHARGED = PAID | {State.WRITTEN_OFF}
CHARGE_MOVES = {
    State.OWED: frozenset({State.PAID, State.WAIVED, State.WRITTEN_OFF}),
    **{state: PAID - {state} for state in PAID},
}

PROPOSAL_MOVES = {
    ProposalState.PROPOSED: frozenset({ProposalState.ACCEPTED, ProposalState.WAIVED}),
    ProposalState.ACCEPTED: frozenset(
        {ProposalState.OBJECTED, ProposalState.CHARGED, ProposalState.WAIVED}
    ),
    ProposalState.OBJECTED: frozenset({ProposalState.CHARGED, ProposalState.WAIVED}),
}
# While one of a trial's proposals is so, the trial is not over.
OPEN_PROPOSALS = frozenset(PROPOSAL_MOVES)
