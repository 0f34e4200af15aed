"""The door by which the registry of personal data finds the rooms' statements, bottom first."""

import trials.programme.personal_data  # isort: skip
import trials.costs.personal_data  # isort: skip
import trials.units.personal_data  # isort: skip
import trials.home_trials.personal_data  # isort: skip
import trials.at_home.personal_data  # isort: skip
import trials.shipping.personal_data  # isort: skip
import trials.fulfilment.personal_data  # isort: skip
import trials.swaps.personal_data  # isort: skip
import trials.evidence.personal_data  # isort: skip
import trials.reports.personal_data  # isort: skip
import trials.claims.personal_data  # isort: skip
import trials.returns.personal_data  # isort: skip
import trials.risk.personal_data  # isort: skip
import trials.console.personal_data  # isort: skip

__all__ = ["trials"]
