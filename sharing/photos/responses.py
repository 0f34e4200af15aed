"""Sending a photo's file to somebody who may see it."""

import uuid

from django.http import FileResponse, Http404

from sharing.photos.files import master_name, rendition_name
from sharing.photos.models import Photo, PhotoState
from shop.foundation.photos.decoding import SIZES
from shop.foundation.private_files import private_file

CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


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
