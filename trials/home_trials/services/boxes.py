"""Filling a box. It reserves nothing: a frame is the customer's once the trial is placed."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.services import customer, record
from shop.catalogue.models import Variant
from shop.catalogue.queries import early_frames
from shop.customers.models import User
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.opening import get_or_open
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.foundation.postgres.updates import update_row
from trials.home_trials.errors import BoxFullError, NotForTrialError
from trials.home_trials.models import Box, BoxItem, Trial
from trials.programme.queries import likely_version
from trials.units.errors import NothingFreeError
from trials.units.queries import available_counts

_OWN = PreparedQuery(lambda: Box.objects.filter(user_id=Slot("user")))


def box_for(*, user: User | None = None, box_id: uuid.UUID | None = None) -> Box:
    """Return a customer's box or a visitor's, made if there is none yet.

    Args:
        user: who is logged in; her box is found by her.
        box_id: the box a visitor's session remembers.

    Returns:
        The box; a visitor's unknown or claimed ``box_id`` gives a new one.
    """
    if user is not None:
        return _OWN.first(user=user.pk) or get_or_open(Box, user=user)[0]
    found = Box.objects.filter(pk=box_id, user=None).first() if box_id else None
    return found or Box.objects.create()


def add_to_box(*, box_id: uuid.UUID, variant_id: int, caused_by: uuid.UUID | None = None) -> Box:
    """Put a frame into a box; one that is in already stays as it is.

    Args:
        box_id: which box.
        variant_id: which frame.
        caused_by: the event that led her to it, such as a friend's bookmark.

    Raises:
        BoxFullError: the programme's number of frames is in.
        NotForTrialError: the frame is not shown in the shop, or there is none.
        NothingFreeError: no unit of it is free.
    """
    with transaction.atomic():
        box = lock_row(Box, box_id, related=["user"])
        limit = likely_version(box.user).frames_per_box
        variant = _variant_for_trial(variant_id, box.user)
        inside = set(box.items.values_list("variant_id", flat=True))
        if variant_id in inside:
            return box
        if len(inside) >= limit:
            raise BoxFullError(
                _("Your box is full with %(limit)s frames. Take one out to add another.")
                % {"limit": limit},
                limit=limit,
            )
        if not available_counts([variant_id], user=box.user)[variant_id]:
            raise NothingFreeError(
                _(
                    "No trial pair of %(frame)s is available at the moment. Wait in line for one, "
                    "or choose another."
                )
                % {"frame": variant},
                variants=[variant_id],
            )
        BoxItem.objects.create(box=box, variant=variant)
        if not inside and box.user is not None:
            _record_filling(box, box.user, caused_by)
        return _touched(box)


def remove_from_box(*, box_id: uuid.UUID, variant_id: int) -> Box:
    """Take a frame out of a box; one that is not in is no error."""
    with transaction.atomic():
        box = lock_row(Box, box_id)
        box.items.filter(variant_id=variant_id).delete()
        return _touched(box)


def merge_boxes(*, user: User, box_id: uuid.UUID) -> Box:
    """Give a visitor's box to the customer she turned out to be, and delete it.

    Nothing she chose is lost: more than the programme allows is for her to take out again.

    Args:
        user: who logged in.
        box_id: the visitor's box; one that is gone or somebody's changes nothing.
    """
    box = box_for(user=user)
    with transaction.atomic():
        locked = {each.pk: each for each in lock_rows(Box, [box.pk, box_id])}
        visitor = locked.get(box_id)
        if visitor is None or visitor.user_id is not None:
            return box
        inside = set(box.items.values_list("variant_id", flat=True))
        coming = list(visitor.items.exclude(variant_id__in=inside))
        for item in coming:
            item.box = box
        BoxItem.objects.bulk_update(coming, ["box"])
        visitor.delete()
        if coming and not inside:
            _record_filling(box, user)
        return box


def record_box_filled(
    *, box: Box, user: User, trials_before: int, caused_by: uuid.UUID | None = None
) -> None:
    """Record that a customer began to fill a box: once for each trial it can become.

    Args:
        box: hers.
        user: the customer.
        trials_before: how many trials she had placed by then.
        caused_by: the event that led to it.
    """
    record(
        EventName.BOX_FILLED,
        key=f"{EventName.BOX_FILLED}:{box.pk}:{trials_before}",
        subject=("box", box.pk),
        person=customer(user),
        caused_by=caused_by,
    )


def _record_filling(box: Box, user: User, caused_by: uuid.UUID | None = None) -> None:
    before = Trial.objects.filter(user=user).count()
    record_box_filled(box=box, user=user, trials_before=before, caused_by=caused_by)


def _variant_for_trial(variant_id: int, user: User | None) -> Variant:
    variant = _VARIANT.first(variant=variant_id)
    if variant is None or not (variant.frame.published or early_frames(user, [variant.frame_id])):
        raise NotForTrialError(
            _("This frame is no longer in the shop. Choose another."), variants=[variant_id]
        )
    return variant


_VARIANT = PreparedQuery(
    lambda: Variant.objects.select_related("frame").filter(pk=Slot("variant"), active=True)
)


def _touched(box: Box) -> Box:
    box.updated_at = timezone.now()
    update_row(box, ["updated_at"])
    return box
