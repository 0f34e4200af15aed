"""What is to leave by when: boxes that are late, due today or due later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.foundation.clock import end_of_day
from shop.foundation.postgres.queries import PreparedValues, Slot
from trials.fulfilment.models import PickTote
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import TrialState


class Due(TextChoices):
    """How urgent a box is."""

    LATE = "late", _("Late")
    TODAY = "today", _("Due today")
    LATER = "later", _("Due later")


class Stage(TextChoices):
    """How far a box is that has not left."""

    PICK = "pick", _("To pick")
    BATCH = "batch", _("Being picked")
    PACKED = "packed", _("Packed")


@dataclass(frozen=True)
class ToShip:
    """How many boxes of one urgency stand at each stage."""

    due: Due
    pick: int
    batch: int
    packed: int

    @property
    def count(self) -> int:
        """How many there are."""
        return self.pick + self.batch + self.packed


def boxes_to_ship(due: str = "", *, now: datetime | Slot) -> QuerySet[Trial]:
    """Return the trials whose boxes have not left, the most urgent first.

    Each has ``leaves_by``, ``stage``, ``batch``, the number of the batch it is in, and ``frames``.

    Args:
        due: one of ``Due``; all for anything else.
        now: an aware time, by which urgency is judged; or a slot for it, and then one named
            ``tonight`` is to be filled, too, unless ``due`` is late.
    """
    waiting = Trial.objects.filter(state__in=[TrialState.APPROVED, TrialState.PACKED])
    waiting = waiting.annotate(leaves_by=Coalesce("ship_by", "requested_at"))
    if due in Due.values:
        waiting = waiting.filter(_when(Due(due), now))
    totes = PickTote.objects.filter(trial=OuterRef("pk"), released=False)
    items = TrialItem.objects.filter(trial=OuterRef("pk")).order_by().values("trial")
    return (
        waiting.annotate(
            stage=_stage(),
            batch=Subquery(totes.values("batch")[:1]),
            frames=Subquery(items.annotate(n=Count("pk")).values("n")),
        )
        .select_related("user")
        .order_by("leaves_by", "pk")
    )


def waiting_for_picking(due: str = "", *, now: datetime | None = None) -> QuerySet[Trial]:
    """Return the approved trials that are in no batch, the most urgent first.

    Args:
        due: one of ``Due``; all for anything else.
        now: an aware time, by which urgency is judged; the present if not given.
    """
    batched = PickTote.objects.filter(trial=OuterRef("pk"), released=False)
    waiting = Trial.objects.filter(~Exists(batched), state=TrialState.APPROVED)
    waiting = waiting.annotate(leaves_by=Coalesce("ship_by", "requested_at"))
    if due in Due.values:
        waiting = waiting.filter(_when(Due(due), now or timezone.now()))
    return waiting.order_by("leaves_by", "requested_at", "pk")


def counts_to_ship(now: datetime) -> list[ToShip]:
    """Return how many boxes of each urgency stand at each stage, the most urgent first: one query.

    Args:
        now: an aware time.
    """
    rows = _COUNTED.rows(now=now, tonight=_tonight(now))
    counted = {(due, stage): n for due, stage, n in rows}
    return [ToShip(due, *(counted.get((due, stage), 0) for stage in Stage)) for due in Due]


def _counted() -> QuerySet[Trial, Any]:
    waiting = Trial.objects.filter(state__in=[TrialState.APPROVED, TrialState.PACKED])
    cases = (When(_when(due, Slot("now")), then=Value(due)) for due in Due)
    return (
        waiting.annotate(leaves_by=Coalesce("ship_by", "requested_at"))
        .annotate(due=Case(*cases, output_field=CharField()), stage=_stage())
        .order_by()
        .values_list("due", "stage")
        .annotate(n=Count("pk"))
    )


_COUNTED = PreparedValues(_counted)


def _when(due: Due, now: datetime | Slot) -> Q:
    if due == Due.LATE:
        return Q(leaves_by__lt=now)
    tonight = Slot("tonight") if isinstance(now, Slot) else _tonight(now)
    if due == Due.TODAY:
        return Q(leaves_by__gte=now, leaves_by__lte=tonight)
    return Q(leaves_by__gt=tonight)


def _tonight(now: datetime) -> datetime:
    return end_of_day(now, days=0, zone=ZoneInfo(settings.SHOP_TIME_ZONE))


def _stage() -> Case:
    batched = PickTote.objects.filter(trial=OuterRef("pk"), released=False)
    return Case(
        When(state=TrialState.PACKED, then=Value(Stage.PACKED)),
        When(Exists(batched), then=Value(Stage.BATCH)),
        default=Value(Stage.PICK),
        output_field=CharField(),
    )
