"""Hiding a photo that somebody objected to, and showing it again (``sharing.privacy``)."""

import uuid

from sharing.photos.models import Photo, PhotoState
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish


def hide_photo(*, photo_id: uuid.UUID) -> None:
    """Show a photo to nobody but its owner, in the caller's transaction; its row is locked.

    Wherever photos are shown to friends, only those that are ready are.
    """
    photo = lock_row(Photo, photo_id)
    if photo.state == PhotoState.READY:
        photo.state = PhotoState.HIDDEN
        photo.save(update_fields=["state"])


def show_photo(*, photo_id: uuid.UUID) -> None:
    """Show a hidden photo again, in the caller's transaction; one erased since stays erased."""
    photo = lock_row(Photo, photo_id)
    if photo.state == PhotoState.HIDDEN:
        photo.state = PhotoState.READY
        photo.save(update_fields=["state"])
        if photo.being_cropped:
            # Chosen just before it was hidden: nothing is cropped that nobody may see.
            publish("photos.render_crop", {"photo": str(photo.pk)})
