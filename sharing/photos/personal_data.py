"""Photos: the most personal thing the shop holds."""

from collections.abc import Iterator
from typing import Any

from sharing.photos import services
from sharing.photos.files import master_name, rendition_name
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services.uploads import forget_uploads_of
from shop.foundation.photos.decoding import SIZES
from shop.foundation.privacy import Scope, not_personal, register_personal_data
from shop.foundation.private_files import private_storage


def export_photos(user: Any) -> list[dict[str, Any]]:
    """Return when each of her photos came, and to which words she agreed; oldest first."""
    columns = ("id", "state", "consent_version", "uploaded_at", "trial_item__variant__sku")
    return list(Photo.objects.filter(user=user).values(*columns))


def photo_files(user: Any) -> Iterator[tuple[str, str]]:
    """Yield each of her photos whole, as no crop leaves it."""
    safe = (PhotoState.READY, PhotoState.HIDDEN)
    for photo in Photo.objects.filter(user=user, state__in=safe):
        # Photos of before there were masters were never cropped.
        for name in (master_name(photo.pk), rendition_name(photo.pk, max(SIZES), "jpg")):
            if private_storage().exists(name):
                yield f"{photo.pk}.jpg", name
                break


def erase_photos(user: Any) -> int:
    """Erase every photo of hers, and what she has begun to send."""
    forget_uploads_of(user=user)
    mine = Photo.objects.filter(user=user).exclude(state=PhotoState.ERASED)
    return services.erase_photos(photo_ids=list(mine.values_list("pk", flat=True)))


register_personal_data(
    "sharing.photos",
    holds={
        "sharing.Photo": ["user", "original", "placeholder"],
        "sharing.PhotoUpload": ["user"],
        "sharing.PhotoUploadPart": ["name"],
    },
    export=export_photos,
    files=photo_files,
    erase={Scope.PHOTOS: erase_photos},
)
not_personal(
    "sharing.Photo",
    "refusal",
    "consent_version",
    why="Why a file was refused, and which words were agreed to: the proof of it.",
)
not_personal(
    "sharing.PhotoUpload",
    "refusal",
    "consent_version",
    why="As of a photo; the row lives for a day.",
)
