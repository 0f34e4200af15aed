"""What the room hears of: a trial that was asked for, or paid, is looked at by the rules."""

import uuid
from typing import Any

from shop.foundation.outbox import handles
from trials.home_trials.services.facts import TO_DECIDE
from trials.risk.services.assessing import assess_trial
from trials.risk.services.swapping import check_worth
from trials.swaps.checks import register_swap_check

register_swap_check("risk", check_worth)


@handles(TO_DECIDE, name="trials.risk.assess")
def on_trial_to_decide(payload: dict[str, Any]) -> None:
    """Let the rules decide, or carry out what they decided before it was paid."""
    assess_trial(trial_id=uuid.UUID(payload["trial"]))
