"""What follows a vote in the background."""

import uuid
from typing import Any

from sharing.votes.services import tell_owner
from shop.foundation.outbox import handles


@handles("votes.tell_owner", name="sharing.votes.tell_owner")
def tell(payload: dict[str, Any]) -> None:
    """Tell the owner of the first vote."""
    tell_owner(uuid.UUID(payload["gallery"]))
