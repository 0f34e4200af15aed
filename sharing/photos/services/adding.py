"""Taking photos in and making them safe."""

import uuid

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

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
    delete_photo,
    keep_master,
    keep_original,
    keep_renditions,
)
from sharing.photos.models import Photo, PhotoState
from shop.analytics.names import EventName
from shop.analytics.services import customer, record
from shop.customers.models import User
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.photos import headers
from shop.foundation.photos.apart import decode_apart
from shop.foundation.photos.decoding import SafePhoto
from shop.foundation.private_files import private_storage
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
    check_consent(consent_version)
    check_frame(user, trial_item_id)
    count_against("photo", str(user.pk), limit=UPLOADS_AN_HOUR, seconds=3600)
    data: bytes = file.read(headers.MAX_BYTES + 1)
    check_photo(data)
    original = keep_original(data)
    try:
        with transaction.atomic():
            return put_photo(
                user=user,
                trial_item_id=trial_item_id,
                original=original,
                consent_version=consent_version,
            )
    except BaseException:
        delete_files([original])
        raise


def render_photo(photo_id: uuid.UUID) -> None:
    """Make a photo safe and delete what was uploaded. Bears to be repeated.

    It is decoded outside any transaction, in a process of its own (``apart.py``).
    """
    photo = Photo.objects.filter(pk=photo_id, state=PhotoState.PENDING).first()
    if photo is None:
        return
    try:
        with private_storage().open(photo.original, "rb") as original:
            safe = decode_apart(original.read(headers.MAX_BYTES + 1))
    except headers.RefusedError as error:
        _settle(photo_id, state=PhotoState.REFUSED, refusal=error.code)
        return
    keep_master(photo_id, safe)
    keep_renditions(photo_id, safe)
    if not _settle(photo_id, state=PhotoState.READY, safe=safe):
        # Erased while it was being decoded.
        delete_photo(photo_id)


def check_frame(user: User, trial_item_id: uuid.UUID) -> None:
    """Refuse a frame that a customer cannot be photographed in.

    Raises:
        PhotoMissingError: the frame is not one of her trials'.
        NotAtHomeError: the trial has not arrived.
    """
    item = (
        TrialItem.objects.select_related("trial").filter(pk=trial_item_id, trial__user=user).first()
    )
    if item is None:
        raise PhotoMissingError(_("This frame is not in one of your trials."))
    if item.trial.delivered_at is None:
        raise NotAtHomeError(_("Your frames have not arrived yet. Come back when they have."))


def check_consent(version: str) -> None:
    """Refuse another consent than that to the present wording.

    Raises:
        ConsentMissingError: it is another.
    """
    if version != CONSENT_VERSION:
        raise ConsentMissingError(_("Please agree that we may keep and show the photo."))


def check_photo(data: bytes) -> None:
    """Refuse what can be refused without decoding it.

    Raises:
        PhotoRefusedError: the file is no photo, too large, or moves.
    """
    try:
        headers.check(data)
    except headers.RefusedError as error:
        raise PhotoRefusedError(REFUSALS[error.code], reason=error.code) from error


def check_room(item: TrialItem, *, waiting: int = 0) -> None:
    """Refuse one more photo of a frame that has as many as it may have.

    Args:
        item: the frame.
        waiting: photos of it on their way here.

    Raises:
        TooManyPhotosError: it has.
    """
    kept = item.photos.exclude(state__in=[PhotoState.REFUSED, PhotoState.ERASED]).count()
    if kept + waiting >= PHOTOS_A_FRAME:
        raise TooManyPhotosError(
            _("A frame can have %(limit)s photos. Remove one first.") % {"limit": PHOTOS_A_FRAME},
            limit=PHOTOS_A_FRAME,
        )


def put_photo(
    *, user: User, trial_item_id: uuid.UUID, original: str, consent_version: str
) -> Photo:
    """Write down a photo whose file is kept, in the caller's transaction.

    Raises:
        TooManyPhotosError: the frame has ``PHOTOS_A_FRAME`` photos already.
    """
    # Two tabs at once: the second counts what the first has added.
    item = lock_row(TrialItem, trial_item_id)
    check_room(item)
    photo = Photo.objects.create(
        user=user, trial_item=item, original=original, consent_version=consent_version
    )
    publish("photos.render", {"photo": str(photo.pk)})
    return photo


def _settle(
    photo_id: uuid.UUID, *, state: PhotoState, refusal: str = "", safe: SafePhoto | None = None
) -> bool:
    with transaction.atomic():
        photo = lock_row(Photo, photo_id)
        if photo.state != PhotoState.PENDING:
            return photo.state == PhotoState.READY
        publish("photos.delete_files", {"names": [photo.original]})
        photo.state, photo.refusal, photo.original = state, refusal, ""
        photo.settled_at = timezone.now()
        if safe is not None:
            photo.width, photo.height = safe.width, safe.height
            photo.master_width, photo.master_height = safe.master_size
            photo.placeholder = safe.placeholder
        photo.save(
            update_fields=[
                "state",
                "refusal",
                "original",
                "width",
                "height",
                "master_width",
                "master_height",
                "placeholder",
                "settled_at",
            ]
        )
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
