"""What else might go into a box: counted from what was kept, and shown only where enough is known.

Both grounds are descriptive: what others kept, and how wide is what she kept herself. Neither says
that she will like a frame because of it.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.catalogue.queries import image_urls
from shop.customers.models import User
from trials.home_trials.models import Box, Trial, TrialItem
from trials.home_trials.states import ItemOutcome
from trials.units.models import TrialUnit
from trials.units.states import UnitState

# So many customers must have kept a frame, or she so many frames, before anything is made of it.
LEAST_CUSTOMERS = 3
LEAST_KEPT = 2
# How many of those who tried a frame of the box are looked at.
MOST_CUSTOMERS = 2000
SHOWN = 3


class Ground(TextChoices):
    """Why a frame is suggested, as it is told."""

    KEPT_BY_OTHERS = "kept_by_others", _("Kept by others who tried a frame from your box")
    WIDTH = "width", _("As wide as the frames you kept")


@dataclass(frozen=True)
class Suggestion:
    """A variant free to be tried now, and why it is shown.

    Attributes:
        variant: with its frame.
        image_url: its picture; empty where it has none.
        ground: why.
        customers: how many others kept it; 0 where that is not the ground.
    """

    variant: Variant
    image_url: str
    ground: Ground
    customers: int = 0


def box_suggestions(box: Box | None, user: User | None) -> list[Suggestion]:
    """Return up to three frames to go with those in a box: five queries at most.

    What at least three others kept comes first, the most kept first; then what is as wide as most
    of what she kept. Nothing is shown that is in the box, or that nobody can try now.

    Args:
        box: hers or a visitor's; nothing is suggested for an empty one.
        user: who looks, if she is known.
    """
    inside = list(box.items.values_list("variant_id", "variant__frame_id")) if box else []
    if not inside:
        return []
    frames = {frame_id for _variant_id, frame_id in inside}
    free = _free(frames)
    counts = _kept_by_others([variant_id for variant_id, _frame_id in inside], user)
    found = [
        (variant, Ground.KEPT_BY_OTHERS, counts[variant.pk])
        for variant in free.filter(pk__in=counts)
    ]
    found = sorted(found, key=lambda each: (-each[2], each[0].pk))[:SHOWN]
    width = _width_kept(user) if user else ""
    if width:
        known = {variant.frame_id for variant, _ground, _count in found}
        fitting = free.filter(frame__width=width).exclude(frame__in=known)
        # One colour of each frame.
        once = fitting.order_by("frame_id", "position", "pk").distinct("frame_id")
        found += [(variant, Ground.WIDTH, 0) for variant in once[: SHOWN - len(found)]]
    pictures = image_urls([variant.pk for variant, _ground, _count in found])
    return [
        Suggestion(variant, pictures.get(variant.pk, ""), ground, count)
        for variant, ground, count in found
    ]


def _free(frames_inside: Collection[int]) -> QuerySet[Variant]:
    units = TrialUnit.objects.filter(
        variant=OuterRef("pk"), state=UnitState.AVAILABLE, held_for=None
    )
    return (
        Variant.objects.filter(Exists(units), active=True, frame__published=True)
        .exclude(frame__in=frames_inside)
        .select_related("frame")
    )


def _kept_by_others(variant_ids: list[int], user: User | None) -> dict[int, int]:
    """Return how many customers who tried one of these kept another, by the other's id."""
    tried = Trial.objects.filter(items__variant__in=variant_ids, closed_at__isnull=False)
    if user is not None:
        tried = tried.exclude(user=user)
    who = tried.order_by("-requested_at").values("user")[:MOST_CUSTOMERS]
    kept = TrialItem.objects.filter(
        ~Q(variant__in=variant_ids), outcome=ItemOutcome.KEPT, trial__user__in=who
    )
    rows = (
        kept.order_by()
        .values_list("variant")
        .annotate(customers=Count("trial__user", distinct=True))
        .filter(customers__gte=LEAST_CUSTOMERS)
    )
    return dict(rows)


def _width_kept(user: User) -> str:
    """Return the width most of the frames have that she kept; empty where too few are known."""
    kept = TrialItem.objects.filter(trial__user=user, outcome=ItemOutcome.KEPT)
    widths = Counter(kept.values_list("variant__frame__width", flat=True))
    if widths.total() < LEAST_KEPT:
        return ""
    width, count = widths.most_common(1)[0]
    return str(width) if count * 2 > widths.total() else ""
