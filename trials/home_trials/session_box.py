"""Which box a request fills: a visitor's by her session, a customer's by herself."""

import uuid

from django.http import HttpRequest

from trials.home_trials.models import Box, BoxItem
from trials.home_trials.services.boxes import box_for, merge_boxes

BOX_KEY = "box_id"
KNOWN = "_variants_in_box"


def session_box(request: HttpRequest) -> Box | None:
    """Return the box of whoever asks, or nothing if she has not begun one.

    A visitor who has logged in since keeps what she had put in: her two boxes become one.
    """
    remembered = request.session.get(BOX_KEY)
    box_id = uuid.UUID(remembered) if remembered else None
    user = request.user
    if not user.is_authenticated:
        return Box.objects.filter(pk=box_id, user=None).first() if box_id else None
    if box_id:
        box = merge_boxes(user=user, box_id=box_id)
        del request.session[BOX_KEY]
        return box
    return Box.objects.filter(user=user).first()


def box_to_fill(request: HttpRequest) -> Box:
    """Return the box of whoever asks, begun now if there was none."""
    box = session_box(request)
    if box is not None:
        return box
    if request.user.is_authenticated:
        return box_for(user=request.user)
    box = box_for()
    request.session[BOX_KEY] = str(box.pk)
    return box


def variants_in_box(request: HttpRequest) -> set[int]:
    """Return the ids of the variants in the box of whoever asks: read once a request."""
    known: set[int] | None = request.__dict__.get(KNOWN)
    if known is None:
        box = session_box(request)
        inside = BoxItem.objects.filter(box=box).values_list("variant_id", flat=True)
        known = set(inside) if box else set()
        request.__dict__[KNOWN] = known
    return known
