"""Photos of frames and boxes: hers are erased with her other photos, the table's in time."""

from collections.abc import Iterator
from typing import Any

from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from trials.evidence.files import SIZES, evidence_name
from trials.evidence.models import EvidencePhoto, EvidenceSource, EvidenceState
from trials.evidence.services import KEPT, erase_evidence


def export_evidence(user: Any) -> list[dict[str, Any]]:
    """Return when a photo was taken of a frame of hers, by whom, oldest first."""
    photos = EvidencePhoto.objects.filter(trial__user=user)
    columns = ("id", "trial__number", "source", "state", "taken_at")
    return list(photos.values(*columns))


def evidence_files(user: Any) -> Iterator[tuple[str, str]]:
    """Yield each photo of her trials that is ready."""
    for photo in EvidencePhoto.objects.filter(trial__user=user, state=EvidenceState.READY):
        yield f"evidence-{photo.pk}.jpg", evidence_name(photo.pk, max(SIZES))


def erase_her_photos(user: Any) -> int:
    """Erase the photos she took herself."""
    hers = EvidencePhoto.objects.filter(
        trial__user=user, source=EvidenceSource.CUSTOMER, state__in=KEPT
    )
    return erase_evidence(photo_ids=list(hers.values_list("pk", flat=True)))


register_personal_data(
    "trials.evidence",
    holds={"trials.EvidencePhoto": ["original"]},
    export=export_evidence,
    files=evidence_files,
    erase={Scope.PHOTOS: erase_her_photos},
)
keep_personal_data(
    "trials.EvidencePhoto",
    "taken_by",
    why="Who took a photo of a returned frame; the photo goes after EVIDENCE_KEPT_DAYS.",
)
not_personal("trials.EvidencePhoto", "refusal", why="Why a file was refused.")
