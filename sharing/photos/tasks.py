"""What is done to photos in the background."""

import uuid
from typing import Any

from celery import shared_task

from sharing.photos.files import delete_files, delete_photo
from sharing.photos.services import render_crop, render_photo
from sharing.photos.services.uploads import sweep_uploads as sweep
from shop.foundation.outbox import handles


@handles("photos.render", name="sharing.photos.render")
def render(payload: dict[str, Any]) -> None:
    """Make one photo safe."""
    render_photo(uuid.UUID(payload["photo"]))


@handles("photos.delete_files", name="sharing.photos.delete_files")
def delete(payload: dict[str, Any]) -> None:
    """Delete files that nothing points to any more."""
    delete_files(payload["names"])


@handles("photos.render_crop", name="sharing.photos.render_crop")
def crop(payload: dict[str, Any]) -> None:
    """Make the renditions of the crop that was chosen last."""
    render_crop(uuid.UUID(payload["photo"]))


@handles("photos.delete_photo", name="sharing.photos.delete_photo")
def delete_all(payload: dict[str, Any]) -> None:
    """Delete every file of a photo that was erased."""
    delete_photo(uuid.UUID(payload["photo"]))


@shared_task(name="sharing.photos.sweep_uploads")
def sweep_uploads() -> None:
    """Finish uploads that were left lying whole, forget those that broke off for good."""
    sweep()
