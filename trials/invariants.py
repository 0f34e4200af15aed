"""The door by which ``manage.py audit`` finds the rooms' invariants."""

import trials.claims.invariants
import trials.economics.invariants
import trials.fulfilment.invariants
import trials.home_trials.invariants
import trials.returns.invariants
import trials.swaps.invariants
import trials.units.invariants

__all__ = ["trials"]
