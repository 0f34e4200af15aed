"""Pictures in answers: checked as they come, made safe by the worker, as customers' photos are."""

import uuid

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404

from sharing.photos.files import (
    delete_files,
    keep_original,
    keep_renditions,
    rendition_name,
    rendition_names,
)
from sharing.photos.responses import CONTENT_TYPES
from sharing.photos.services.adding import check_photo
from sharing.stylist.models import Message, PicturePart, Thread
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.photos import headers
from shop.foundation.photos.apart import decode_apart
from shop.foundation.private_files import private_file, private_storage


def keep_picture(file: UploadedFile) -> str:
    """Store a picture that may go with an answer, unless its first bytes say that it is none.

    Returns:
        Its name in private storage, for ``services.answer``; ``drop_picture`` it where that fails.

    Raises:
        PhotoRefusedError: the file is no photo, too large, or moves.
    """
    data: bytes = file.read(headers.MAX_BYTES + 1)
    check_photo(data)
    return keep_original(data)


def drop_picture(original: str) -> None:
    """Delete a picture whose answer was not taken."""
    if original:
        delete_files([original])


def picture_file(picture_id: uuid.UUID, size: int, extension: str) -> FileResponse:
    """Return one rendition of an answer's picture; the caller has asked who is looking.

    Raises:
        Http404: the picture has no such rendition.
    """
    if extension not in CONTENT_TYPES:
        raise Http404
    return private_file(rendition_name(picture_id, size, extension), CONTENT_TYPES[extension])


def render_picture(message_id: int) -> None:
    """Make an answer's picture safe and delete what was uploaded. Bears to be repeated."""
    message = Message.objects.filter(pk=message_id, picture_state=PicturePart.PENDING).first()
    if message is None or message.picture is None:
        return
    try:
        with private_storage().open(message.original, "rb") as original:
            safe = decode_apart(original.read(headers.MAX_BYTES + 1))
    except headers.RefusedError as error:
        _settle(message, PicturePart.REFUSED, refusal=error.code)
        return
    keep_renditions(message.picture, safe)
    if not _settle(message, PicturePart.READY):
        # Erased while it was being decoded.
        delete_files(rendition_names(message.picture))


def _settle(message: Message, state: PicturePart, *, refusal: str = "") -> bool:
    with transaction.atomic():
        lock_row(Thread, message.thread_id)
        message.refresh_from_db()
        if message.picture_state != PicturePart.PENDING:
            return message.picture_state == PicturePart.READY
        publish("photos.delete_files", {"names": [message.original]})
        message.picture_state, message.refusal, message.original = state, refusal, ""
        message.save(update_fields=["picture_state", "refusal", "original"])
        return True
