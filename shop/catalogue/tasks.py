"""What the worker does for the catalogue."""

from typing import Any

from shop.catalogue.services.fetching import fetch_picture
from shop.foundation.outbox import handles


@handles("catalogue.fetch_picture", name="catalogue.fetch_picture")
def fetch(payload: dict[str, Any]) -> None:
    """Fetch one picture that an import named by its address."""
    fetch_picture(frame_id=payload["frame_id"], source_url=payload["source_url"])
