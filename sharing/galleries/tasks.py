"""What is done for galleries in the background."""

import uuid
from typing import Any

from sharing.galleries.preview_files import forget_preview, keep_preview
from shop.foundation.outbox import handles


@handles("galleries.preview", name="sharing.galleries.preview")
def preview(payload: dict[str, Any]) -> None:
    """Compose the card of a link."""
    keep_preview(uuid.UUID(payload["link"]))


@handles("galleries.forget_preview", name="sharing.galleries.forget_preview")
def forget(payload: dict[str, Any]) -> None:
    """Delete the card of a link that was withdrawn."""
    forget_preview(uuid.UUID(payload["link"]))
