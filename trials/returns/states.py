"""The steps between the states of a charge."""

from trials.returns.models import TrialCharge

State = TrialCharge.State

CHARGE_MOVES = {State.OWED: frozenset({State.PAID, State.WAIVED, State.WRITTEN_OFF})}
