"""What is done for threads in the background."""

from typing import Any

from sharing.stylist.pictures import render_picture
from shop.foundation.outbox import handles


@handles("stylist.render", name="sharing.stylist.render")
def render(payload: dict[str, Any]) -> None:
    """Make the picture of an answer safe."""
    render_picture(payload["message"])
