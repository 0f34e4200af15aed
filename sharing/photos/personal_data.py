"""Photos: the most personal thing the shop holds."""

from collections.abc import Iterator
from typing import Any

from sharing.photos.decoding import SIZES
from sharing.photos.files import private_storage, rendition_name
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import erase_photo
from shop.foundation.privacy import Scope, not_personal, register_personal_data


def export_photos(user: Any) -> list[dict[str, Any]]:
    """Return when each of her photos came, and to which words she agreed; oldest first."""
    columns = ("id", "state", "consent_version", "uploaded_at", "trial_item__variant__sku")
    return list(Photo.objects.filter(user=user).values(*columns))


def photo_files(user: Any) -> Iterator[tuple[str, str]]:
    """Yield the largest rendition of each of her photos."""
    for photo in Photo.objects.filter(user=user, state=PhotoState.READY):
        for size in sorted(SIZES, reverse=True):
            name = rendition_name(photo.pk, size, "jpg")
            if private_storage().exists(name):
                yield f"{photo.pk}.jpg", name
                break


def erase_photos(user: Any) -> int:
    """Erase every photo of hers."""
    mine = Photo.objects.filter(user=user).exclude(state=PhotoState.ERASED)
    ids = list(mine.values_list("pk", flat=True))
    for photo_id in ids:
        erase_photo(user=user, photo_id=photo_id)
    return len(ids)


register_personal_data(
    "sharing.photos",
    holds={"sharing.Photo": ["user", "original"]},
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
