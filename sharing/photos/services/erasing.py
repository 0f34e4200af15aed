"""Erasing photos, for their owner, for somebody on them who objects, and when their time is up."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.photos.errors import PhotoMissingError
from sharing.photos.models import Photo, PhotoState
from shop.customers.models import User
from shop.foundation.locks import lock_rows
from shop.foundation.outbox import publish


def erase_photo(*, user: User, photo_id: uuid.UUID) -> None:
    """Erase a photo of a customer's own.

    Raises:
        PhotoMissingError: there is none, or it is somebody else's. One erased before is no error.
    """
    if not Photo.objects.filter(pk=photo_id, user=user).exists():
        raise PhotoMissingError(_("This photo is not here any more."))
    erase_photos(photo_ids=[photo_id])


@transaction.atomic
def erase_photos(*, photo_ids: Iterable[uuid.UUID]) -> int:
    """Erase photos: they are shown no more from now on, and all their files are deleted.

    Whole photo, every rendition of every crop, the original if it still waits, and the placeholder
    in the row. The caller has asked whether it may be done. Bears to be repeated: the files of a
    photo erased before are looked for once more.

    Args:
        photo_ids: unknown ones are left out.

    Returns:
        How many were not erased before.
    """
    erased = 0
    for photo in lock_rows(Photo, photo_ids):
        if photo.original:
            publish("photos.delete_files", {"names": [photo.original]})
        publish("photos.delete_photo", {"photo": str(photo.pk)})
        if photo.state != PhotoState.ERASED:
            erased += 1
            photo.state, photo.settled_at = PhotoState.ERASED, timezone.now()
        photo.original = photo.placeholder = ""
        photo.save(update_fields=["state", "original", "placeholder", "settled_at"])
    return erased
