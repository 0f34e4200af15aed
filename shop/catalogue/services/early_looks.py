"""Who may see and try a frame before it is published."""

import uuid
from collections.abc import Iterable
from itertools import product

from django.db import transaction

from shop.catalogue.models import EarlyLook


@transaction.atomic
def set_early_looks(
    *, source: uuid.UUID, user_ids: Iterable[int], frame_ids: Iterable[int]
) -> None:
    """Give these customers leave to see these frames, and take it from all others of the source.

    Args:
        source: who gives it; called with the source's own row locked, so that the last word counts.
        user_ids: customers.
        frame_ids: frames; with either empty, nobody has leave by this source any more.
    """
    EarlyLook.objects.filter(source=source).delete()
    EarlyLook.objects.bulk_create(
        EarlyLook(source=source, user_id=user_id, frame_id=frame_id)
        for user_id, frame_id in product(sorted(set(user_ids)), sorted(set(frame_ids)))
    )
