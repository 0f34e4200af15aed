"""Where the files of evidence lie in private storage, under names nobody can guess."""

import secrets
import uuid

from django.core.files.base import ContentFile

from shop.foundation.photos.decoding import SafePhoto
from shop.foundation.private_files import private_storage, put_private

# What a list and a look from near need; of the sizes that ``make_safe`` makes.
SIZES = (320, 1600)
EXTENSION = "jpg"


def evidence_name(photo_id: uuid.UUID, size: int) -> str:
    """Return the name of one size of a photo.

    Args:
        photo_id: of the photo.
        size: its greatest edge in pixels, one of ``SIZES``.
    """
    return f"evidence/{photo_id.hex[:2]}/{photo_id.hex}/{size}.{EXTENSION}"


def evidence_names(photo_id: uuid.UUID) -> list[str]:
    """Return the names of all files of a photo."""
    return [evidence_name(photo_id, size) for size in SIZES]


def keep_original(data: bytes) -> str:
    """Store what was sent under a random name, and return that."""
    return private_storage().save(f"evidence/new/{secrets.token_hex(20)}", ContentFile(data))


def keep_safe(photo_id: uuid.UUID, safe: SafePhoto) -> None:
    """Store the sizes of a photo, in place of what a run before may have left."""
    for each in safe.renditions:
        if each.extension == EXTENSION and each.size in SIZES:
            put_private(evidence_name(photo_id, each.size), each.data)


def delete_files(names: list[str]) -> None:
    """Delete files; one that is gone already is no error."""
    for name in names:
        private_storage().delete(name)
