"""The door by which Django's admin finds the rooms' registrations."""

import trials.at_home.admin
import trials.claims.admin
import trials.costs.admin
import trials.evidence.admin
import trials.fulfilment.admin
import trials.home_trials.admin
import trials.programme.admin
import trials.reports.admin
import trials.returns.admin
import trials.risk.admin
import trials.shipping.admin
import trials.swaps.admin
import trials.units.admin

__all__ = ["trials"]
