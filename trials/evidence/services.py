"""Taking evidence in, making it safe, and forgetting it when its time is over."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.customers.models import User
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.photos import headers
from shop.foundation.photos.apart import decode_apart
from shop.foundation.private_files import private_storage
from trials.evidence.errors import (
    EvidenceElsewhereError,
    EvidenceRefusedError,
    TooMuchEvidenceError,
)
from trials.evidence.files import delete_files, evidence_names, keep_original, keep_safe
from trials.evidence.models import EvidencePhoto, EvidenceSource, EvidenceState
from trials.home_trials.models import Trial, TrialItem

# Of one frame by one side, or of the box as a whole.
MOST_PHOTOS = 8
CUSTOMERS_AN_HOUR = 40
KEPT = (EvidenceState.PENDING, EvidenceState.READY)
REFUSALS = {
    "too_heavy": gettext_lazy("This photo has more than 20 MB. Send a smaller copy."),
    "too_large": gettext_lazy("This photo has more than 25 megapixels. Send a smaller copy."),
    "wrong_type": gettext_lazy(
        "This is no photo we can read. Send a JPEG, PNG, WebP, HEIC or AVIF file."
    ),
    "moving": gettext_lazy("This picture moves. Send a still photo."),
    "broken": gettext_lazy(
        "This photo is damaged, perhaps it was not copied whole. Send it once more."
    ),
    "too_hard": gettext_lazy(
        "This photo takes too much time or memory to open. Send a smaller copy as a JPEG."
    ),
}


def add_evidence(
    *,
    trial_id: uuid.UUID,
    file: UploadedFile,
    by: User,
    source: EvidenceSource,
    item_id: uuid.UUID | None = None,
) -> EvidencePhoto:
    """Take a photo in. It is shown to nobody until it has been made safe (``render_evidence``).

    Args:
        trial_id: whose frame or box it shows.
        file: what was sent; its name and declared type are not believed.
        by: who took it.
        source: the check-in table or the customer.
        item_id: the frame it shows; nothing for the box as a whole.

    Raises:
        EvidenceElsewhereError: the frame is not one of the trial.
        EvidenceRefusedError: the file is no photo, too large, or moves.
        TooMuchEvidenceError: ``MOST_PHOTOS`` show the same already.
        TooManyError: the customer has sent too many this hour.
    """
    if source == EvidenceSource.CUSTOMER:
        count_against("evidence", str(by.pk), limit=CUSTOMERS_AN_HOUR, seconds=3600)
    data: bytes = file.read(headers.MAX_BYTES + 1)
    try:
        headers.check(data)
    except headers.RefusedError as error:
        raise EvidenceRefusedError(REFUSALS[error.code], reason=error.code) from error
    original = keep_original(data)
    try:
        with transaction.atomic():
            # Two senders at once: the second counts what the first has added.
            trial = lock_row(Trial, trial_id)
            if item_id and not TrialItem.objects.filter(pk=item_id, trial=trial).exists():
                raise EvidenceElsewhereError(_("This frame is not in this trial."))
            there = EvidencePhoto.objects.filter(
                trial=trial, item_id=item_id, source=source, state__in=KEPT
            )
            if there.count() >= MOST_PHOTOS:
                raise TooMuchEvidenceError(
                    _("%(most)s photos are enough. They are kept already.") % {"most": MOST_PHOTOS}
                )
            photo = EvidencePhoto.objects.create(
                trial=trial, item_id=item_id, source=source, taken_by=by, original=original
            )
            publish("evidence.render", {"photo": str(photo.pk)})
            return photo
    except BaseException:
        delete_files([original])
        raise


def render_evidence(photo_id: uuid.UUID) -> None:
    """Make a photo safe and delete what was sent. Bears to be repeated.

    It is decoded outside any transaction, in a process of its own.
    """
    photo = EvidencePhoto.objects.filter(pk=photo_id, state=EvidenceState.PENDING).first()
    if photo is None:
        return
    try:
        with private_storage().open(photo.original, "rb") as original:
            safe = decode_apart(original.read(headers.MAX_BYTES + 1))
    except headers.RefusedError as error:
        _settle(photo_id, EvidenceState.REFUSED, refusal=error.code)
        return
    keep_safe(photo_id, safe)
    if not _settle(photo_id, EvidenceState.READY):
        # Erased while it was being decoded.
        delete_files(evidence_names(photo_id))


def erase_evidence(*, photo_ids: Iterable[uuid.UUID]) -> int:
    """Erase photos with all their files; those erased already count for nothing.

    Returns:
        How many were erased now.
    """
    erased = 0
    for photo_id in photo_ids:
        with transaction.atomic():
            photo = lock_row(EvidencePhoto, photo_id)
            if photo.state == EvidenceState.ERASED:
                continue
            names = [*evidence_names(photo_id), *filter(None, [photo.original])]
            publish("evidence.delete_files", {"names": names})
            photo.state, photo.original = EvidenceState.ERASED, ""
            photo.save(update_fields=["state", "original"])
            erased += 1
    return erased


def erase_old_evidence() -> int:
    """Erase photos older than ``EVIDENCE_KEPT_DAYS`` of trials that are over.

    Returns:
        How many were erased now.
    """
    since = timezone.now() - timedelta(days=settings.EVIDENCE_KEPT_DAYS)
    old = EvidencePhoto.objects.filter(
        taken_at__lt=since, trial__closed_at__lt=since, state__in=KEPT
    )
    return erase_evidence(photo_ids=list(old.values_list("pk", flat=True)))


def _settle(photo_id: uuid.UUID, state: EvidenceState, *, refusal: str = "") -> bool:
    """Note what became of a photo; tell whether it is to be shown."""
    with transaction.atomic():
        photo = lock_row(EvidencePhoto, photo_id)
        if photo.state != EvidenceState.PENDING:
            return photo.state == EvidenceState.READY
        publish("evidence.delete_files", {"names": [photo.original]})
        photo.state, photo.refusal, photo.original = state, refusal, ""
        photo.save(update_fields=["state", "refusal", "original"])
        return True
