"""Evidence as it is shown."""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from shop.customers.models import User
from trials.evidence.models import EvidencePhoto, EvidenceState


def evidence_for(user: User) -> QuerySet[EvidencePhoto]:
    """Return the photos that somebody may see: staff all, a customer those of her own trials."""
    ready = EvidencePhoto.objects.filter(state=EvidenceState.READY)
    return ready if user.is_staff else ready.filter(trial__user=user)


def evidence_of(trial_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, list[EvidencePhoto]]:
    """Return the photos of trials by frame, oldest first, in one query; those of the box by none.

    Args:
        trial_ids: which trials; photos of their boxes as a whole lie together.
    """
    found: dict[uuid.UUID | None, list[EvidencePhoto]] = {}
    shown = Q(state=EvidenceState.READY) | Q(state=EvidenceState.PENDING)
    for photo in EvidencePhoto.objects.filter(shown, trial_id__in=list(trial_ids)):
        found.setdefault(photo.item_id, []).append(photo)
    return found
