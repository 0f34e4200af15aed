"""What follows ideas in the background."""

import uuid
from typing import Any

from sharing.ideas.answering import tell_built
from shop.foundation.outbox import handles


@handles("ideas.tell_built", name="sharing.ideas.tell_built")
def tell(payload: dict[str, Any]) -> None:
    """Tell those who asked that an idea is built."""
    tell_built(idea_id=uuid.UUID(payload["idea"]), event=uuid.UUID(payload["event"]))
