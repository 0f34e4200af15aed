"""Sending a photo's file to somebody who may see it."""

import uuid

from django.http import FileResponse, Http404

from sharing.photos.decoding import SIZES
from sharing.photos.files import master_name, private_storage, rendition_name
from sharing.photos.models import Photo, PhotoState

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
    """Return one rendition of a photo that is ready; the caller has asked who is looking.

    Raises:
        Http404: the photo has no such rendition.
    """
    safe = (PhotoState.READY, PhotoState.HIDDEN)
    ready = Photo.objects.filter(pk=photo_id, state__in=safe)
    crop = ready.values_list("crop_shown", flat=True).first()
    if extension not in CONTENT_TYPES or crop is None:
        raise Http404
    name = rendition_name(photo_id, size, extension, crop)
    return private_file(name, CONTENT_TYPES[extension])


def whole_photo(photo_id: uuid.UUID) -> FileResponse:
    """Return the whole photo, for its owner to choose a crop of.

    Raises:
        Http404: it has no files any more.
    """
    try:
        return private_file(master_name(photo_id), CONTENT_TYPES["jpg"])
    except Http404:
        # Of before there were masters, and never cropped.
        return private_file(rendition_name(photo_id, max(SIZES), "jpg"), CONTENT_TYPES["jpg"])
