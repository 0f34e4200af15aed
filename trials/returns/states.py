"""The steps between the states of a charge."""

from trials.returns.models import TrialCharge

State = TrialCharge.State

# What was paid is given back in whole or in part, and counts as paid again where that fails.
PAID = frozenset({State.PAID, State.PARTLY_REFUNDED, State.REFUNDED})
CHARGE_MOVES = {
    State.OWED: frozenset({State.PAID, State.WAIVED, State.WRITTEN_OFF}),
    **{state: PAID - {state} for state in PAID},
}
