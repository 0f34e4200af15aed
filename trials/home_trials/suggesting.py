"""What else might go into a box: counted from what was kept, and shown only where enough is known.

Kept is also what was sent back and bought anew, as where all comes back.

All grounds are descriptive: what others kept, how wide is what she kept herself, and what floors
above know of frames (``register_tips``). None says that she will like a frame because of it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

from shop.analytics.scorecard import CONVERSION_DAYS
from shop.catalogue.models import Variant
from shop.catalogue.queries import image_urls
from shop.customers.models import User
from trials.home_trials.models import Box
from trials.units.models import TrialUnit
from trials.units.states import UnitState

# So many customers must have kept a frame, or she so many frames, before anything is made of it.
LEAST_CUSTOMERS = 3
LEAST_KEPT = 2
# How many of the latest trials are looked at, and how many of them that had a frame of the box: so
# that a shop of a million trials is answered as soon as one of ten thousand.
MOST_TRIALS = 10_000
MOST_CUSTOMERS = 2000
SHOWN = 3

# What people kept: the very frame they had at home, or, where all comes back, a new pair of it that
# was paid within the days the scorecard gives. Each variant once a person. Orders are few beside
# trials, so what was bought is looked for there, and each of them in the trials of its buyer alone.
KEPT = """
SELECT trial.user_id, item.variant_id
FROM trials_trial trial
JOIN trials_trialitem item ON item.trial_id = trial.id
WHERE item.outcome = 'kept' AND trial.user_id {people}
UNION
SELECT bought.user_id, line.variant_id
FROM shop_order bought
JOIN shop_orderline line ON line.order_id = bought.id
JOIN LATERAL (
    SELECT FROM trials_trial trial
    JOIN trials_trialitem item ON item.trial_id = trial.id AND item.variant_id = line.variant_id
    WHERE trial.user_id = bought.user_id AND bought.paid_at >= trial.delivered_at
        AND bought.paid_at < trial.delivered_at + %(days)s * interval '24 hours'
    LIMIT 1
) tried ON true
WHERE bought.state IN ('paid', 'fulfilled', 'completed') AND bought.user_id {people}
"""
KEPT_BY_OTHERS = f"""
WITH latest AS MATERIALIZED (
    SELECT trial.user_id
    FROM (
        SELECT id, user_id, requested_at FROM trials_trial
        WHERE state = 'closed' AND user_id IS DISTINCT FROM %(user)s::bigint
        ORDER BY requested_at DESC
        LIMIT %(trials)s
    ) trial
    WHERE EXISTS (
        SELECT FROM trials_trialitem item
        WHERE item.trial_id = trial.id AND item.variant_id = ANY(%(variants)s::bigint[])
        -- One look for each of these trials, not all trials that ever had one of the variants.
        OFFSET 0
    )
    ORDER BY trial.requested_at DESC
    LIMIT %(customers)s
), kept AS (
    {KEPT.format(people="IN (SELECT user_id FROM latest)")}
)
SELECT variant_id, count(*) FROM kept
WHERE variant_id <> ALL(%(variants)s::bigint[])
GROUP BY variant_id HAVING count(*) >= %(least)s
"""  # noqa: S608 - of constants
WIDTHS_KEPT = f"""
SELECT frame.width, count(*)
FROM ({KEPT.format(people="= %(user)s")}) kept
JOIN shop_variant variant ON variant.id = kept.variant_id
JOIN shop_frame frame ON frame.id = variant.frame_id
GROUP BY frame.width
"""  # noqa: S608 - of constants


class Ground(TextChoices):
    """Why a frame is suggested, as it is told."""

    KEPT_BY_OTHERS = "kept_by_others", _("Kept by others who tried a frame from your box")
    FRIENDS = "friends", _("Loved by friends of others")
    WIDTH = "width", _("As wide as the frames you kept")


@dataclass(frozen=True)
class Tip:
    """A frame that a floor above suggests.

    Attributes:
        frame_id: any; it is shown where a unit of it is free.
        reason: why, in words for her who looks.
    """

    frame_id: int
    reason: str


Tips = Callable[[User], Sequence[Tip]]
_tips: dict[str, Tips] = {}


def register_tips(name: str, tips: Tips) -> None:
    """Register, when its app is ready, what a floor above suggests to a customer, best first.

    Args:
        name: whose they are.
        tips: asked for each page of a box that is not full, so it looks up what was counted before.
    """
    _tips[name] = tips


@dataclass(frozen=True)
class Suggestion:
    """A variant free to be tried now, and why it is shown.

    Attributes:
        variant: with its frame.
        image_url: its picture; empty where it has none.
        ground: why.
        customers: how many others kept it; 0 where that is not the ground.
        reason: why, in words.
    """

    variant: Variant
    image_url: str
    ground: Ground
    customers: int
    reason: str


@dataclass(frozen=True)
class _Candidate:
    variant: Variant
    ground: Ground
    customers: int = 0
    reason: str = ""


def box_suggestions(box: Box | None, user: User | None) -> list[Suggestion]:
    """Return up to three frames to go with those in a box: nine queries at most.

    In turn the best of each ground: what at least three others kept, the most kept first; what
    friends loved; what is as wide as most of what she kept. Nothing is shown that is in the box, or
    that nobody can try now.

    Args:
        box: hers or a visitor's; nothing is suggested for an empty one.
        user: who looks, if she is known.
    """
    inside = list(box.items.values_list("variant_id", "variant__frame_id")) if box else []
    if not inside:
        return []
    free = _free({frame_id for _variant_id, frame_id in inside})
    kept = _kept(free, [variant_id for variant_id, _frame_id in inside], user)
    tips = _tipped(free, user) if user else []
    known = {each.variant.frame_id for each in (*kept, *tips)}
    found = list(_in_turn(kept, tips, _fitting(free, user, known) if user else []))[:SHOWN]
    pictures = image_urls([each.variant.pk for each in found])
    return [
        Suggestion(
            variant=each.variant,
            image_url=pictures.get(each.variant.pk, ""),
            ground=each.ground,
            customers=each.customers,
            reason=each.reason or str(each.ground.label),
        )
        for each in found
    ]


def _in_turn(*grounds: Iterable[_Candidate]) -> Iterable[_Candidate]:
    """Yield the first of each ground, then the second, a frame once."""
    seen: set[int] = set()
    for each in chain.from_iterable(zip_longest(*grounds)):
        if each is not None and each.variant.frame_id not in seen:
            seen.add(each.variant.frame_id)
            yield each


def _kept(free: QuerySet[Variant], inside: list[int], user: User | None) -> list[_Candidate]:
    counts = _kept_by_others(inside, user)
    found = [
        _Candidate(variant, Ground.KEPT_BY_OTHERS, counts[variant.pk])
        for variant in free.filter(pk__in=counts)
    ]
    return sorted(found, key=lambda each: (-each.customers, each.variant.pk))


def _tipped(free: QuerySet[Variant], user: User) -> list[_Candidate]:
    reasons: dict[int, str] = {}
    for tip in chain.from_iterable(tips(user) for tips in _tips.values()):
        reasons.setdefault(tip.frame_id, tip.reason)
    if not reasons:
        return []
    variants = {each.frame_id: each for each in _once(free.filter(frame__in=reasons))}
    return [
        _Candidate(variants[frame_id], Ground.FRIENDS, reason=reason)
        for frame_id, reason in reasons.items()
        if frame_id in variants
    ]


def _fitting(free: QuerySet[Variant], user: User, known: set[int]) -> list[_Candidate]:
    width = _width_kept(user)
    if not width:
        return []
    fitting = _once(free.filter(frame__width=width).exclude(frame__in=known))[:SHOWN]
    return [_Candidate(variant, Ground.WIDTH) for variant in fitting]


def _once(variants: QuerySet[Variant]) -> QuerySet[Variant]:
    """Return one colour of each frame."""
    return variants.order_by("frame_id", "position", "pk").distinct("frame_id")


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
    asked: dict[str, Any] = {
        "variants": variant_ids,
        "user": user.pk if user else None,
        "trials": MOST_TRIALS,
        "customers": MOST_CUSTOMERS,
        "least": LEAST_CUSTOMERS,
        "days": CONVERSION_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEPT_BY_OTHERS, asked)
        return dict(cursor.fetchall())


def _width_kept(user: User) -> str:
    """Return the width most of the frames have that she kept; empty where too few are known."""
    with connection.cursor() as cursor:
        cursor.execute(WIDTHS_KEPT, {"user": user.pk, "days": CONVERSION_DAYS})
        widths = Counter(dict(cursor.fetchall()))
    if widths.total() < LEAST_KEPT:
        return ""
    width, count = widths.most_common(1)[0]
    return str(width) if count * 2 > widths.total() else ""
