"""What is done with photos, one module a use case."""

from sharing.photos.services.adding import (
    CONSENT_VERSION,
    PHOTOS_A_FRAME,
    add_photo,
    render_photo,
)
from sharing.photos.services.cropping import crop_photo, render_crop
from sharing.photos.services.erasing import erase_photo, erase_photos
from sharing.photos.services.hiding import hide_photo, show_photo

__all__ = [
    "CONSENT_VERSION",
    "PHOTOS_A_FRAME",
    "add_photo",
    "crop_photo",
    "erase_photo",
    "erase_photos",
    "hide_photo",
    "render_crop",
    "render_photo",
    "show_photo",
]
