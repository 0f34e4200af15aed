"""Where the files of photos lie in private storage, under names nobody can guess."""

import secrets
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from sharing.photos.decoding import EXTENSIONS, SIZES, SafePhoto


def private_storage() -> Storage:
    """Return the storage that only views which ask who is looking read from."""
    return storages["private"]


def rendition_name(photo_id: uuid.UUID, size: int, extension: str) -> str:
    """Return the name of one rendition."""
    return f"photos/{photo_id.hex[:2]}/{photo_id.hex}/{size}.{extension}"


def rendition_names(photo_id: uuid.UUID) -> list[str]:
    """Return the names of every rendition a photo can have."""
    return [rendition_name(photo_id, size, each) for size in SIZES for each in EXTENSIONS]


def keep_original(data: bytes) -> str:
    """Store an upload as it came, under a random name that owes nothing to the sender's.

    Returns:
        The name.
    """
    return private_storage().save(f"originals/{secrets.token_hex(20)}", ContentFile(data))


def keep_renditions(photo_id: uuid.UUID, photo: SafePhoto) -> None:
    """Store every rendition, in place of what a run before may have left."""
    storage = private_storage()
    for rendition in photo.renditions:
        name = rendition_name(photo_id, rendition.size, rendition.extension)
        storage.delete(name)
        storage.save(name, ContentFile(rendition.data))


def delete_files(names: list[str]) -> None:
    """Delete files; one that is gone already is no error."""
    for name in names:
        private_storage().delete(name)
