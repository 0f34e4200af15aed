"""Choosing the part of a photo that friends see."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from sharing.photos.errors import CropRefusedError, PhotoMissingError, PhotoNotReadyError
from sharing.photos.files import (
    delete_files,
    has_master,
    keep_master,
    keep_renditions,
    read_master,
    rendition_names,
)
from sharing.photos.models import Photo, PhotoState
from shop.customers.models import User
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.photos.apart import decode_apart
from shop.foundation.photos.crops import Crop

CROPS_AN_HOUR = 120


def crop_photo(*, user: User, photo_id: uuid.UUID, crop: Crop) -> Photo:
    """Choose the part of a photo that is shown; its renditions are made soon after.

    Args:
        user: the customer.
        photo_id: a photo of hers that is ready.
        crop: the part, of the whole photo and not of what an earlier crop left.

    Raises:
        CropRefusedError: it does not lie within the photo, or shows too little of it.
        PhotoMissingError: there is no such photo of hers.
        PhotoNotReadyError: it is still being prepared, or was refused.
        TooManyError: she has cropped too often this hour.
    """
    if not crop.fits:
        raise CropRefusedError(
            _("The crop must lie within the photo and show a tenth of each edge at least.")
        )
    if not Photo.objects.filter(pk=photo_id, user=user).exclude(state=PhotoState.ERASED).exists():
        raise PhotoMissingError(_("This photo is not here any more."))
    count_against("crop", str(user.pk), limit=CROPS_AN_HOUR, seconds=3600)
    with transaction.atomic():
        photo = lock_row(Photo, photo_id)
        if photo.state == PhotoState.ERASED:
            raise PhotoMissingError(_("This photo is not here any more."))
        if photo.state != PhotoState.READY:
            raise PhotoNotReadyError(_("This photo is not ready yet. Try again in a moment."))
        if photo.crop != crop:
            photo.crop_left, photo.crop_top = crop.left, crop.top
            photo.crop_width, photo.crop_height = crop.width, crop.height
            photo.crops_chosen += 1
            edges = ("crop_left", "crop_top", "crop_width", "crop_height")
            photo.save(update_fields=[*edges, "crops_chosen"])
            publish("photos.render_crop", {"photo": str(photo.pk)})
    return photo


def render_crop(photo_id: uuid.UUID) -> None:
    """Make the renditions of the crop chosen last and show them. Bears to be repeated.

    They are made outside any transaction, beside those shown now. Should another crop have been
    chosen meanwhile, these are thrown away: that crop has a message of its own.
    """
    photo = Photo.objects.filter(pk=photo_id, state=PhotoState.READY).first()
    if photo is None or not photo.being_cropped:
        return
    number = photo.crops_chosen
    try:
        safe = decode_apart(read_master(photo_id), photo.crop)
    except FileNotFoundError:
        if Photo.objects.filter(pk=photo_id, state=PhotoState.READY).exists():
            raise
        return
    if not has_master(photo_id):
        keep_master(photo_id, safe)
    keep_renditions(photo_id, safe, number)
    with transaction.atomic():
        photo = lock_row(Photo, photo_id)
        shown = photo.crop_shown
        if photo.state == PhotoState.READY and photo.crops_chosen == number > shown:
            photo.width, photo.height = safe.width, safe.height
            photo.master_width, photo.master_height = safe.master_size
            photo.placeholder, photo.crop_shown = safe.placeholder, number
            photo.save(
                update_fields=[
                    *("width", "height", "master_width", "master_height"),
                    *("placeholder", "crop_shown"),
                ]
            )
            publish("photos.delete_files", {"names": rendition_names(photo_id, shown)})
            return
        if photo.state == PhotoState.ERASED:
            publish("photos.delete_photo", {"photo": str(photo_id)})
            return
    if shown != number:
        delete_files(rendition_names(photo_id, number))
