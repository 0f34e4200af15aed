"""Who waits for which variant, and what is held for whom, as staff see it."""

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext_lazy

from trials.units.models import WaitlistEntry
from trials.units.queries import is_shown
from trials.units.states import WaitState

FILTERS = {
    "waiting": gettext_lazy("Waiting"),
    "held": gettext_lazy("Held for her"),
    "ended": gettext_lazy("Ended"),
}
# Each part of the list begins with what is most urgent, and is read from an index in that order.
_PARTS: dict[str, tuple[Q, str]] = {
    "waiting": (Q(state=WaitState.WAITING), "joined_at"),
    "held": (Q(state=WaitState.HELD), "held_until"),
    "ended": (Q(ended_at__isnull=False), "-ended_at"),
}

# Keys are 64 bits wide; what is longer is no key.
LONGEST_KEY = 18


def variant_key(sent: str) -> int | None:
    """Return the key of a variant that an address names; nothing where it is no key."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_KEY else None


def waits_matching(state: str, *, variant_id: int | None = None) -> QuerySet[WaitlistEntry]:
    """Return waits with their ``place``: the longest first, the next hold to end, the last ended.

    Those who wait come with ``shown``: whether the frame is one their customer may try.

    Args:
        state: one of ``FILTERS``; those who wait for what is none of them.
        variant_id: the variant; None for all.
    """
    part, order = _PARTS.get(state, _PARTS["waiting"])
    waits = WaitlistEntry.objects.filter(part)
    if variant_id is not None:
        waits = waits.filter(variant_id=variant_id)
    earlier = Q(joined_at__lt=OuterRef("joined_at")) | Q(
        joined_at=OuterRef("joined_at"), pk__lte=OuterRef("pk")
    )
    # Counted row by row of the page, from the index of the line.
    line = WaitlistEntry.objects.filter(
        earlier, variant=OuterRef("variant"), state=WaitState.WAITING
    )
    places = line.order_by().values("variant").annotate(n=Count("pk")).values("n")
    if state not in ("held", "ended"):
        waits = waits.annotate(
            place=Subquery(places, output_field=IntegerField()),
            shown=ExpressionWrapper(is_shown(), output_field=BooleanField()),
        )
    down = "-" if order.startswith("-") else ""
    return (
        waits.select_related("user", "variant__frame")
        .prefetch_related("units")
        .order_by(order, f"{down}pk")
    )
