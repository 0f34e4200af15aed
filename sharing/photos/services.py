"""Taking photos in, making them safe, erasing them."""

import uuid

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.photos import decoding
from sharing.photos.errors import (
    REFUSALS,
    ConsentMissingError,
    NotAtHomeError,
    PhotoMissingError,
    PhotoRefusedError,
    TooManyPhotosError,
)
from sharing.photos.files import (
    delete_files,
    keep_original,
    keep_renditions,
    private_storage,
    rendition_names,
)
from sharing.photos.models import Photo, PhotoState
from shop.analytics.names import EventName
from shop.analytics.services import customer, record
from shop.customers.models import User
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from trials.home_trials.models import TrialItem

# The words shown beside the box that is ticked; a new wording gets a new version.
CONSENT_VERSION = "2026-11"
PHOTOS_A_FRAME = 6
UPLOADS_AN_HOUR = 60


def add_photo(
    *, user: User, trial_item_id: uuid.UUID, file: UploadedFile, consent_version: str
) -> Photo:
    """Take a photo in. It is shown to nobody until it has been made safe (``render_photo``).

    Args:
        user: the customer.
        trial_item_id: the frame she wears, one of a trial of hers that has arrived.
        file: what she sent; its name and declared type are not believed.
        consent_version: the wording she agreed to, ``CONSENT_VERSION``.

    Raises:
        PhotoMissingError: the frame is not one of her trials'.
        NotAtHomeError: the trial has not arrived.
        ConsentMissingError: she has not agreed to the present wording.
        PhotoRefusedError: the file is no photo, too large, or moves.
        TooManyPhotosError: the frame has ``PHOTOS_A_FRAME`` photos already.
        TooManyError: she has sent too many this hour.
    """
    if consent_version != CONSENT_VERSION:
        raise ConsentMissingError(_("Please agree that we may keep and show the photo."))
    _check_frame(user, trial_item_id)
    count_against("photo", str(user.pk), limit=UPLOADS_AN_HOUR, seconds=3600)
    original = keep_original(_checked(file))
    try:
        with transaction.atomic():
            # Two tabs at once: the second counts what the first has added.
            item = lock_row(TrialItem, trial_item_id)
            kept = item.photos.filter(state__in=[PhotoState.PENDING, PhotoState.READY]).count()
            if kept >= PHOTOS_A_FRAME:
                raise TooManyPhotosError(
                    _("A frame can have %(limit)s photos. Remove one first.")
                    % {"limit": PHOTOS_A_FRAME},
                    limit=PHOTOS_A_FRAME,
                )
            photo = Photo.objects.create(
                user=user, trial_item=item, original=original, consent_version=consent_version
            )
            publish("photos.render", {"photo": str(photo.pk)})
    except BaseException:
        delete_files([original])
        raise
    return photo


def render_photo(photo_id: uuid.UUID) -> None:
    """Make a photo safe and delete what was uploaded. Bears to be repeated.

    It decodes outside any transaction. Limits are read from the header before a pixel is decoded;
    a process of its own for each photo, with memory capped by the system, would cost a start of
    Python each.
    """
    photo = Photo.objects.filter(pk=photo_id, state=PhotoState.PENDING).first()
    if photo is None:
        return
    try:
        with private_storage().open(photo.original, "rb") as original:
            safe = decoding.make_safe(original.read(decoding.MAX_BYTES + 1))
    except decoding.RefusedError as error:
        _settle(photo_id, state=PhotoState.REFUSED, refusal=error.code)
        return
    keep_renditions(photo_id, safe)
    if not _settle(photo_id, state=PhotoState.READY, width=safe.width, height=safe.height):
        # Erased while it was being decoded.
        delete_files(rendition_names(photo_id))


def erase_photo(*, user: User, photo_id: uuid.UUID) -> None:
    """Erase a photo: it is shown no more from now on, and its files are deleted.

    Raises:
        PhotoMissingError: there is none, or it is somebody else's. One erased before is no error.
    """
    with transaction.atomic():
        if not Photo.objects.filter(pk=photo_id, user=user).exists():
            raise PhotoMissingError(_("This photo is not here any more."))
        photo = lock_row(Photo, photo_id)
        if photo.state == PhotoState.ERASED:
            return
        files = [*rendition_names(photo.pk), *filter(None, [photo.original])]
        photo.state, photo.original, photo.settled_at = PhotoState.ERASED, "", timezone.now()
        photo.save(update_fields=["state", "original", "settled_at"])
        publish("photos.delete_files", {"names": files})


def _check_frame(user: User, trial_item_id: uuid.UUID) -> None:
    item = (
        TrialItem.objects.select_related("trial").filter(pk=trial_item_id, trial__user=user).first()
    )
    if item is None:
        raise PhotoMissingError(_("This frame is not in one of your trials."))
    if item.trial.delivered_at is None:
        raise NotAtHomeError(_("Your frames have not arrived yet. Come back when they have."))


def _checked(file: UploadedFile) -> bytes:
    data: bytes = file.read(decoding.MAX_BYTES + 1)
    try:
        decoding.check(data)
    except decoding.RefusedError as error:
        raise PhotoRefusedError(REFUSALS[error.code], reason=error.code) from error
    return data


def _settle(
    photo_id: uuid.UUID, *, state: PhotoState, refusal: str = "", width: int = 0, height: int = 0
) -> bool:
    with transaction.atomic():
        photo = lock_row(Photo, photo_id)
        if photo.state != PhotoState.PENDING:
            return photo.state == PhotoState.READY
        publish("photos.delete_files", {"names": [photo.original]})
        photo.state, photo.refusal, photo.original = state, refusal, ""
        photo.width, photo.height, photo.settled_at = width, height, timezone.now()
        photo.save(update_fields=["state", "refusal", "original", "width", "height", "settled_at"])
        if state == PhotoState.READY:
            record(
                EventName.PHOTO_ADDED,
                key=f"photo_added:{photo.pk}",
                subject=("photo", photo.pk),
                person=customer(photo.user),
                details={
                    "trial": str(photo.trial_item.trial_id),
                    "trial_item": str(photo.trial_item_id),
                },
            )
        return True
