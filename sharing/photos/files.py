"""Where the files of photos lie in private storage, under names nobody can guess.

All of a photo lies in a folder of its own: the master, the renditions of the whole photo, and one
folder for each crop chosen since. So a rendition is never written over while somebody reads it.
"""

import secrets
import uuid

from django.core.files.base import ContentFile

from shop.foundation.photos.decoding import EXTENSIONS, SIZES, SafePhoto
from shop.foundation.private_files import private_storage, put_private


def photo_folder(photo_id: uuid.UUID) -> str:
    """Return the name of the folder that holds all files of a photo."""
    return f"photos/{photo_id.hex[:2]}/{photo_id.hex}"


def master_name(photo_id: uuid.UUID) -> str:
    """Return the name of the whole photo that crops are cut from; its owner's alone."""
    return f"{photo_folder(photo_id)}/master.jpg"


def rendition_name(photo_id: uuid.UUID, size: int, extension: str, crop: int = 0) -> str:
    """Return the name of one rendition.

    Args:
        photo_id: of the photo.
        size: its greatest edge.
        extension: ``webp`` or ``jpg``.
        crop: the number of the crop (``Photo.crop_shown``); 0 is the photo as it came.
    """
    within = f"{crop}/" if crop else ""
    return f"{photo_folder(photo_id)}/{within}{size}.{extension}"


def rendition_names(photo_id: uuid.UUID, crop: int = 0) -> list[str]:
    """Return the names of every rendition of a crop."""
    return [rendition_name(photo_id, size, each, crop) for size in SIZES for each in EXTENSIONS]


def keep_original(data: bytes) -> str:
    """Store an upload as it came, under a random name that owes nothing to the sender's.

    Returns:
        The name.
    """
    return private_storage().save(f"originals/{secrets.token_hex(20)}", ContentFile(data))


def keep_part(data: bytes) -> str:
    """Store a piece of an upload under a random name, and return that."""
    return private_storage().save(f"uploads/{secrets.token_hex(20)}", ContentFile(data))


def joined(names: list[str]) -> bytes:
    """Return the contents of files, one after the other.

    Raises:
        FileNotFoundError: one of them is gone.
    """
    parts = []
    for name in names:
        with private_storage().open(name, "rb") as part:
            parts.append(part.read())
    return b"".join(parts)


def keep_renditions(photo_id: uuid.UUID, photo: SafePhoto, crop: int = 0) -> None:
    """Store every rendition of a crop, in place of what a run before may have left."""
    for rendition in photo.renditions:
        name = rendition_name(photo_id, rendition.size, rendition.extension, crop)
        put_private(name, rendition.data)


def keep_master(photo_id: uuid.UUID, photo: SafePhoto) -> None:
    """Store the whole photo, in place of what a run before may have left."""
    put_private(master_name(photo_id), photo.master)


def has_master(photo_id: uuid.UUID) -> bool:
    """Tell whether the whole photo is kept; it is not of photos older than masters."""
    return private_storage().exists(master_name(photo_id))


def read_master(photo_id: uuid.UUID) -> bytes:
    """Return the whole photo that crops are cut from.

    Photos of before there were masters were never cropped: their largest rendition is whole.

    Raises:
        FileNotFoundError: the photo has no files any more.
    """
    try:
        return joined([master_name(photo_id)])
    except FileNotFoundError:
        return joined([rendition_name(photo_id, max(SIZES), "jpg")])


def delete_files(names: list[str]) -> None:
    """Delete files; one that is gone already is no error."""
    for name in names:
        private_storage().delete(name)


def delete_photo(photo_id: uuid.UUID) -> None:
    """Delete every file of a photo, whatever a broken-off run may have left; bears repeating."""
    _delete_folder(photo_folder(photo_id))


def _delete_folder(folder: str) -> None:
    storage = private_storage()
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in folders:
        _delete_folder(f"{folder}/{name}")
    delete_files([f"{folder}/{name}" for name in files])
