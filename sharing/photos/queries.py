"""Photos as they are shown."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from sharing.photos.models import Photo, PhotoState
from shop.customers.models import User


def ready_photos(trial_item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Photo]]:
    """Return the photos that may be shown, oldest first, by trial item: one query."""
    photos = defaultdict(list)
    found = Photo.objects.filter(trial_item_id__in=list(trial_item_ids), state=PhotoState.READY)
    for photo in found:
        photos[photo.trial_item_id].append(photo)
    return photos


def photos_of(*, user: User, trial_item_ids: Iterable[uuid.UUID]) -> QuerySet[Photo]:
    """Return a customer's own photos of some frames, oldest first; erased ones are gone."""
    return Photo.objects.filter(user=user, trial_item_id__in=list(trial_item_ids)).exclude(
        state=PhotoState.ERASED
    )
