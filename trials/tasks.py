"""The door by which Celery and the outbox find the rooms' tasks, handlers and purposes."""

import trials.at_home.tasks
import trials.costs.tasks
import trials.economics.tasks
import trials.evidence.tasks
import trials.fulfilment.tasks
import trials.home_trials.tasks
import trials.planning.tasks
import trials.reports.tasks
import trials.returns.purposes
import trials.returns.tasks
import trials.risk.tasks
import trials.shipping.tasks
import trials.swaps.tasks
import trials.units.tasks

__all__ = ["trials"]
