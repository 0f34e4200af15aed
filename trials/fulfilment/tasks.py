"""What the room does about what happened to boxes elsewhere."""

import uuid
from typing import Any

from shop.foundation.outbox import handles
from trials.fulfilment.services.batching import finish_batch_of
from trials.home_trials.services.packing import PACKED_UNPICKED
from trials.home_trials.services.requests import CANCELLED


@handles(PACKED_UNPICKED, name="fulfilment.finish_batch")
@handles(CANCELLED, name="fulfilment.finish_batch")
def finish_batch(payload: dict[str, Any]) -> None:
    """End the batch of a trial that may have been its last to be fetched; ended, it stays so."""
    finish_batch_of(trial_id=uuid.UUID(payload["trial"]))
