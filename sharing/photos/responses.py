"""Sending a photo's file to somebody who may see it."""

import uuid

from django.http import FileResponse, Http404

from sharing.photos.files import private_storage, rendition_name

CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


def private_file(name: str, content_type: str) -> FileResponse:
    """Return a private file, to be kept by no cache: a link withdrawn shows nothing any more.

    Raises:
        Http404: there is no such file.
    """
    try:
        opened = private_storage().open(name, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def photo_file(photo_id: uuid.UUID, size: int, extension: str) -> FileResponse:
    """Return one rendition of a photo; the caller has asked who is looking.

    Raises:
        Http404: the photo has no such rendition.
    """
    if extension not in CONTENT_TYPES:
        raise Http404
    return private_file(rendition_name(photo_id, size, extension), CONTENT_TYPES[extension])
