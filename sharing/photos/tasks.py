"""What is done to photos in the background."""

import uuid
from typing import Any

from sharing.photos.files import delete_files
from sharing.photos.services import render_photo
from shop.foundation.outbox import handles


@handles("photos.render", name="sharing.photos.render")
def render(payload: dict[str, Any]) -> None:
    """Make one photo safe."""
    render_photo(uuid.UUID(payload["photo"]))


@handles("photos.delete_files", name="sharing.photos.delete_files")
def delete(payload: dict[str, Any]) -> None:
    """Delete files that nothing points to any more."""
    delete_files(payload["names"])
