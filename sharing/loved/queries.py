"""What a customer is alike in, and what friends of those like her loved: two queries a page."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from sharing.circles.models import Block, Membership
from sharing.circles.states import CircleState
from sharing.galleries.models import GalleryItem
from sharing.loved.models import Likeness, LovedFrame
from shop.customers.models import User

# So many frames are found at most; which of them can be tried now is for the box to know.
MOST = 60
# What people tried at home, bought or saved; a frame counts once a person.
WORN = """
SELECT trial.user_id AS person, variant.frame_id
FROM trials_trialitem item
JOIN trials_trial trial ON trial.id = item.trial_id
JOIN shop_variant variant ON variant.id = item.variant_id
WHERE trial.delivered_at IS NOT NULL AND item.packed_at IS NOT NULL AND trial.user_id {people}
UNION
SELECT bought.user_id, variant.frame_id
FROM shop_orderline line
JOIN shop_order bought ON bought.id = line.order_id
JOIN shop_variant variant ON variant.id = line.variant_id
WHERE bought.state IN ('paid', 'fulfilled', 'completed') AND bought.user_id {people}
UNION
SELECT saved.owner_id, saved.frame_id
FROM sharing_bookmark saved
WHERE saved.frame_id IS NOT NULL AND NOT saved.of_staff AND saved.owner_id {people}
"""
# A width or shape is hers where more than half of two or more frames have it.
ALIKE = """
SELECT person, 'width' AS kind, width AS value FROM (
    SELECT person, frame.width, count(*) AS n, sum(count(*)) OVER (PARTITION BY person) AS total
    FROM worn JOIN shop_frame frame ON frame.id = worn.frame_id GROUP BY person, frame.width
) widths WHERE n * 2 > total AND total >= 2 AND width <> ''
UNION ALL
SELECT person, 'shape', shape FROM (
    SELECT person, frame.shape, count(*) AS n, sum(count(*)) OVER (PARTITION BY person) AS total
    FROM worn JOIN shop_frame frame ON frame.id = worn.frame_id GROUP BY person, frame.shape
) shapes WHERE n * 2 > total AND total >= 2 AND shape <> ''
"""
HERS = f"WITH worn AS ({WORN.format(people='= %(user)s')}) SELECT kind, value FROM ({ALIKE}) alike"  # noqa: S608 - of constants


@dataclass(frozen=True)
class Found:
    """A frame friends loved, and what their customers and she have in common."""

    frame_id: int
    likeness: Likeness


def likeness_of(user: User) -> dict[str, str]:
    """Return the width and the shape that are hers, as far as either is known: one query."""
    with connection.cursor() as cursor:
        cursor.execute(HERS, {"user": user.pk})
        return dict(cursor.fetchall())


def loved_for(user: User, *, since: datetime) -> list[Found]:
    """Return what friends loved on galleries of customers like somebody, hers left out.

    What she showed her own friends is not told again, so that all that was counted are others.
    Nothing is found that is not as wide as what she wears, where that is known. Friends of her
    circles come first, then those who wear her width; of each the frame most loved.

    Args:
        user: who looks.
        since: nothing that was counted before.
    """
    hers = likeness_of(user)
    likenesses = Q(kind=Likeness.CIRCLE, value__in=_circles_of(user))
    for kind, value in hers.items():
        likenesses |= Q(kind=kind, value=value)
    shown = GalleryItem.objects.filter(gallery__owner=user, variant__frame=OuterRef("frame"))
    rows = LovedFrame.objects.filter(likenesses, ~Exists(shown), counted_at__gt=since)
    if width := hers.get(Likeness.WIDTH):
        rows = rows.filter(frame__width=width)
    nearest = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(Likeness)),
        output_field=IntegerField(),
    )
    ordered = rows.order_by(nearest, "-customers", "pk").values_list("frame", "kind")[:MOST]
    found: dict[int, Found] = {}
    for frame_id, kind in ordered:
        found.setdefault(frame_id, Found(frame_id, Likeness(kind)))
    return list(found.values())


def _circles_of(user: User) -> QuerySet[Membership, str]:
    """Return the numbers of the open circles she is in where nobody keeps her away."""
    present = Membership.objects.present()
    blocks = Block.objects.filter(
        blocked=user,
        blocker__in=present.filter(circle=OuterRef(OuterRef("circle"))).values("user"),
    )
    mine = Membership.objects.seen_by(user).filter(circle__state=CircleState.OPEN)
    return mine.filter(~Exists(blocks)).values_list(Cast("circle", CharField()))
