"""Photos that come in pieces: begun, added to, finished, and swept away where they broke off.

The row knows how many bytes have come and in which files; a piece counts once its row is written.
So of two that are sent for one place one wins, and what a broken connection left is found again.
"""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.photos.errors import (
    PhotoRefusedError,
    TooManyPhotosError,
    TooManyUploadsError,
    UploadMissingError,
    UploadOffsetError,
    UploadTooLargeError,
)
from sharing.photos.files import delete_files, joined, keep_original, keep_part
from sharing.photos.models import PhotoUpload, PhotoUploadPart
from sharing.photos.services.adding import (
    UPLOADS_AN_HOUR,
    check_consent,
    check_frame,
    check_photo,
    check_room,
    put_photo,
)
from shop.customers.models import User
from shop.foundation.errors import LorgnetteError
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_name, lock_row
from shop.foundation.photos.headers import MAX_BYTES
from trials.home_trials.models import TrialItem

KEPT_FOR = timedelta(hours=24)
OPEN_UPLOADS = 20
OPEN_BYTES = 200 * 1024 * 1024
# A client that sends a byte at a time is none: each piece is a file and a row.
PARTS = 400


def begin_upload(
    *, user: User, trial_item_id: uuid.UUID, length: int, consent_version: str
) -> PhotoUpload:
    """Begin a photo that comes in pieces.

    Args:
        user: the customer.
        trial_item_id: the frame she wears, one of a trial of hers that has arrived.
        length: how many bytes it will have.
        consent_version: the wording she agreed to, ``CONSENT_VERSION``.

    Raises:
        PhotoMissingError: the frame is not one of her trials'.
        NotAtHomeError: the trial has not arrived.
        ConsentMissingError: she has not agreed to the present wording.
        UploadTooLargeError: a photo may not be so heavy.
        TooManyPhotosError: with those on their way the frame has as many as it may have.
        TooManyUploadsError: too much of hers is on its way already.
        TooManyError: she has begun too many this hour.
    """
    check_consent(consent_version)
    check_frame(user, trial_item_id)
    if not 0 < length <= MAX_BYTES:
        raise UploadTooLargeError(_("A photo has at least one byte and 20 MB at most."))
    count_against("photo-upload", str(user.pk), limit=2 * UPLOADS_AN_HOUR, seconds=3600)
    with transaction.atomic():
        lock_name(f"photo-uploads:{user.pk}")
        waiting = PhotoUpload.objects.filter(user=user, photo=None, refusal="")
        waiting = waiting.filter(expires_at__gt=timezone.now())
        open_now = waiting.aggregate(number=Count("pk"), length=Sum("length"))
        if open_now["number"] >= OPEN_UPLOADS or (open_now["length"] or 0) + length > OPEN_BYTES:
            raise TooManyUploadsError(
                _("Too many photos are on their way already. Let them arrive, or cancel some.")
            )
        item = TrialItem.objects.get(pk=trial_item_id)
        check_room(item, waiting=waiting.filter(trial_item=item).count())
        return PhotoUpload.objects.create(
            user=user,
            trial_item=item,
            consent_version=consent_version,
            length=length,
            expires_at=timezone.now() + KEPT_FOR,
        )


def upload_of(*, user: User, upload_id: uuid.UUID) -> PhotoUpload:
    """Return an upload of a customer's own that has not expired.

    Raises:
        UploadMissingError: there is none.
    """
    mine = PhotoUpload.objects.filter(pk=upload_id, user=user, expires_at__gt=timezone.now())
    upload = mine.first()
    if upload is None:
        raise UploadMissingError(_("This upload is not here any more. Choose the photo again."))
    return upload


def add_part(*, user: User, upload_id: uuid.UUID, offset: int, data: bytes) -> PhotoUpload:
    """Add bytes to an upload; with the last of them it becomes a photo.

    Args:
        user: the customer.
        upload_id: an upload of hers.
        offset: where ``data`` belongs; it must be where the upload ends now.
        data: the next bytes, perhaps none.

    Returns:
        The upload as it now is.

    Raises:
        UploadMissingError: there is no such upload.
        UploadOffsetError: it ends elsewhere, perhaps because another request was faster.
        UploadTooLargeError: there are more bytes than were declared, or too many pieces.
        PhotoRefusedError: it is whole now, and no photo that can be taken.
        TooManyPhotosError: it is whole now, and the frame has got too many meanwhile.
        TooManyError: it is whole now, and too many came this hour; finish it later.
    """
    upload = upload_of(user=user, upload_id=upload_id)
    _check_place(upload, offset, len(data))
    if data:
        upload = _written(upload_id, offset, data)
    return finish_upload(upload_id) if upload.is_whole else upload


def finish_upload(upload_id: uuid.UUID) -> PhotoUpload:
    """Make a photo of an upload that is whole. Bears to be repeated.

    Raises:
        PhotoRefusedError: it is no photo that can be taken; the upload remembers that.
        TooManyPhotosError: the frame has as many as it may have; likewise.
        TooManyError: she has sent too many this hour.
    """
    upload = PhotoUpload.objects.select_related("user").get(pk=upload_id)
    if upload.is_settled or not upload.is_whole:
        return upload
    count_against("photo", str(upload.user_id), limit=UPLOADS_AN_HOUR, seconds=3600)
    names = list(upload.parts.values_list("name", flat=True))
    try:
        data = joined(names)
    except FileNotFoundError:
        upload.refresh_from_db()
        if upload.is_settled:
            # Somebody else has finished it between two lines.
            return upload
        raise
    original = ""
    try:
        check_photo(data)
        original = keep_original(data)
        with transaction.atomic():
            photo = put_photo(
                user=upload.user,
                trial_item_id=upload.trial_item_id,
                original=original,
                consent_version=upload.consent_version,
            )
            upload = lock_row(PhotoUpload, upload_id)
            if upload.is_settled:
                # Somebody else was finishing it, too.
                transaction.set_rollback(True)
            else:
                upload.photo = photo
                upload.save(update_fields=["photo"])
                upload.parts.all().delete()
    except (PhotoRefusedError, TooManyPhotosError) as error:
        delete_files([original] if original else [])
        _refuse(upload_id, str(error.extra.get("reason", error.code)))
        delete_files(names)
        raise
    except BaseException:
        delete_files([original] if original else [])
        raise
    if upload.photo_id != photo.pk:
        names = [original]
    delete_files(names)
    return upload


def cancel_upload(*, user: User, upload_id: uuid.UUID) -> None:
    """Forget an upload and what came of it so far; a photo it has become stays.

    Raises:
        UploadMissingError: there is no such upload.
    """
    _forget([upload_of(user=user, upload_id=upload_id).pk])


def sweep_uploads() -> None:
    """Finish what is whole and was left lying, forget what has expired."""
    now = timezone.now()
    expired = PhotoUpload.objects.filter(expires_at__lte=now)
    _forget(list(expired.values_list("pk", flat=True)[:1000]))
    left = PhotoUpload.objects.filter(photo=None, refusal="", received__gt=0)
    for upload in left.filter(expires_at__gt=now):
        # Whoever sent the last byte finishes it at once, unless the process died.
        if upload.is_whole and now - upload.expires_at + KEPT_FOR > timedelta(minutes=2):
            finish_quietly(upload.pk)


def finish_quietly(upload_id: uuid.UUID) -> None:
    """Finish an upload where nobody waits for the answer; why it was refused is in its row."""
    try:
        finish_upload(upload_id)
    except LorgnetteError:
        return


def forget_uploads_of(*, user: User) -> None:
    """Forget all that a customer has begun to send, for one who is to be forgotten herself."""
    _forget(list(PhotoUpload.objects.filter(user=user).values_list("pk", flat=True)))


def _check_place(upload: PhotoUpload, offset: int, size: int) -> None:
    if upload.received != offset:
        raise UploadOffsetError(
            _("This upload has %(offset)s bytes. Go on from there.") % {"offset": upload.received},
            offset=upload.received,
        )
    if offset + size > upload.length:
        raise UploadTooLargeError(_("These are more bytes than were announced."))


def _written(upload_id: uuid.UUID, offset: int, data: bytes) -> PhotoUpload:
    name = keep_part(data)
    try:
        with transaction.atomic():
            upload = PhotoUpload.objects.select_for_update().filter(pk=upload_id).first()
            if upload is None:
                raise UploadMissingError(
                    _("This upload is not here any more. Choose the photo again.")
                )
            _check_place(upload, offset, len(data))
            if upload.parts.count() >= PARTS:
                raise UploadTooLargeError(_("These are too many pieces. Send larger ones."))
            PhotoUploadPart.objects.create(upload=upload, start=offset, size=len(data), name=name)
            upload.received = offset + len(data)
            upload.save(update_fields=["received"])
    except BaseException:
        delete_files([name])
        raise
    return upload


def _refuse(upload_id: uuid.UUID, code: str) -> None:
    with transaction.atomic():
        upload = lock_row(PhotoUpload, upload_id)
        if not upload.is_settled:
            upload.refusal = code[:40]
            upload.save(update_fields=["refusal"])
            upload.parts.all().delete()


def _forget(upload_ids: list[uuid.UUID]) -> None:
    for upload_id in upload_ids:
        with transaction.atomic():
            upload = PhotoUpload.objects.select_for_update().filter(pk=upload_id).first()
            if upload is None:
                continue
            names = list(upload.parts.values_list("name", flat=True))
            upload.delete()
        delete_files(names)
