"""What waits to be picked, and what lies where; each in fixed queries."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from shop.catalogue.models import variant_words
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from trials.fulfilment.errors import BatchMissingError
from trials.fulfilment.models import (
    Pick,
    PickBatch,
    PickTote,
    UnitNotFound,
    tote_code,
)
from trials.fulfilment.states import BatchState
from trials.home_trials.models import TrialItem
from trials.home_trials.states import TrialState
from trials.units.models import Grade
from trials.units.states import UnitState

# The first units that trials are short of, or that are fetched late; who has found these is shown
# further ones.
SHOWN_SHORT = 20
TOTE_CODE = re.compile(r"B(\d{1,9})-(\d{1,3})")


@dataclass(frozen=True)
class PickLine:
    """One unit to be fetched, in values: a batch has up to three hundred of them.

    Attributes:
        tote: the position of the tote into which it goes, and ``tote_code`` on its label.
        trial: its number.
        frame: name, colour and size of the variant.
        location: the shelf; empty for none.
        picked: it was taken from there: it lies in the tote, or is in the box already.
        off_shelf: it is nobody's now, and waits to be put on its shelf again.
        worn: it was graded D since, and goes out to nobody.
        short: it was not on its shelf, and no other is free.
    """

    tote: int
    tote_code: str
    trial: str
    trial_state: str
    variant_id: int
    frame: str
    sku: str
    unit_id: int
    barcode: str
    location: str
    picked: bool
    off_shelf: bool
    worn: bool
    short: bool

    @property
    def called_off(self) -> bool:
        """Whether nothing goes to the customer; what is with her, or was, is not called off."""
        return self.trial_state in (TrialState.CANCELLED, TrialState.DECLINED)

    @property
    def put_back(self) -> bool:
        """Whether it was taken for a box that was called off, and is not on its shelf again."""
        return self.called_off and self.picked and self.off_shelf

    @property
    def leave(self) -> bool:
        """Whether its box was called off before anybody took it."""
        return self.called_off and not self.picked

    @property
    def open(self) -> bool:
        """Whether it is still to be fetched."""
        return not (self.picked or self.short or self.trial_state != TrialState.APPROVED)


def batches() -> QuerySet[PickBatch]:
    """Return batches, latest first, with ``boxes``, ``units`` and ``picked``, their numbers."""
    totes = PickTote.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    trials = PickTote.objects.filter(batch=OuterRef(OuterRef("pk"))).values("trial")
    items = TrialItem.objects.filter(trial__in=trials).order_by().annotate(all=Value(1))
    picks = Pick.objects.filter(tote__batch=OuterRef("pk")).order_by().values("tote__batch")
    shown = PickBatch.objects.select_related("created_by").order_by("-pk")
    return shown.annotate(
        boxes=Subquery(totes.annotate(n=Count("pk")).values("n")),
        units=Subquery(items.values("all").annotate(n=Count("pk")).values("n")),
        picked=Subquery(picks.annotate(n=Count("pk")).values("n")),
    )


BATCHES = PreparedQuery(lambda: batches().filter(AnyOf(F("pk"), Slot("keys"))))


def batch_by_id(batch_id: int) -> PickBatch:
    """Return one batch.

    Raises:
        BatchMissingError: there is none of that number.
    """
    batch = PickBatch.objects.select_related("created_by").filter(pk=batch_id).first()
    if batch is None:
        raise BatchMissingError(_("There is no batch %(number)s.") % {"number": batch_id})
    return batch


def _picked(batch: int | Slot) -> QuerySet[Pick]:
    return Pick.objects.filter(tote__batch_id=batch)


def _still_missing() -> QuerySet[UnitNotFound]:
    """Return the notes of units that a box still waits for; packing closes them by its item."""
    return UnitNotFound.objects.filter(
        found_at=None,
        replaced_by=None,
        item__unit=F("unit"),
        item__not_found_at__isnull=False,
        item__packed_at=None,
    )


def _short(batch: int | Slot) -> QuerySet[UnitNotFound]:
    return _still_missing().filter(tote__batch_id=batch)


def count_open(batch: PickBatch) -> int:
    """Return how many units of a batch are still to be fetched, as ``PickLine.open`` tells.

    Each scan asks, so it reads no line: a batch would be read as often as it has units.
    """
    counted = _OPEN.rows(batch=batch.pk)
    return int(counted[0][0]) if counted else 0


def count_short(batch: PickBatch) -> int:
    """Return how many boxes of a batch still wait for a unit that was not on its shelf."""
    return _short(batch.pk).filter(tote__trial__state=TrialState.APPROVED).count()


def _open() -> QuerySet[TrialItem, Any]:
    batch = Slot("batch")
    totes = PickTote.objects.filter(batch_id=batch).values("trial")
    items = TrialItem.objects.filter(trial__in=totes, trial__state=TrialState.APPROVED)
    # Told by the item: a unit may have been picked here for another box, and be back on its shelf.
    items = items.filter(packed_at=None, picked_at=None)
    # Read once and looked into, where one ``EXISTS`` a unit would be as many looks into the batch.
    items = items.exclude(unit__in=_short(batch).values("unit"))
    return items.order_by().values("trial__state").values_list(Count("pk"))


_OPEN = PreparedValues(_open)


def pick_lines(batch: PickBatch) -> list[PickLine]:
    """Return what a batch fetches, in the order of the walk: by shelf, then by frame."""
    lying = {(tote, unit) for tote, unit in _PICKED.rows(batch=batch.pk)}
    short = {unit for (unit,) in _SHORT.rows(batch=batch.pk)}
    lines = [
        PickLine(
            tote=tote,
            tote_code=tote_code(batch.pk, tote),
            trial=trial,
            trial_state=state,
            variant_id=variant,
            frame=variant_words(frame, colour, size),
            sku=sku,
            unit_id=unit,
            barcode=barcode,
            location=location,
            # Of a box that was called off its tote tells, whatever became of its items.
            picked=bool(picked_at or packed_at)
            or (state != TrialState.APPROVED and (tote, unit) in lying),
            off_shelf=unit_state == UnitState.INSPECTION,
            worn=grade == Grade.D,
            short=unit in short,
        )
        for (
            tote,
            trial,
            state,
            picked_at,
            packed_at,
            variant,
            frame,
            colour,
            size,
            sku,
            unit,
            unit_state,
            grade,
            barcode,
            location,
        ) in _FETCHED.rows(batch=batch.pk)
    ]
    return sorted(lines, key=lambda line: (shelf_order(line.location), line.frame, line.tote))


def _fetched() -> QuerySet[TrialItem, Any]:
    items = TrialItem.objects.filter(trial__totes__batch_id=Slot("batch")).order_by()
    return items.values_list(
        *("trial__totes__position", "trial__number", "trial__state", "picked_at", "packed_at"),
        *("variant_id", "variant__frame__name", "variant__colour", "variant__size"),
        *("variant__sku", "unit_id", "unit__state", "unit__grade", "unit__barcode"),
        "unit__location",
    )


_FETCHED = PreparedValues(_fetched)
_PICKED = PreparedValues(lambda: _picked(Slot("batch")).values_list("tote__position", "unit_id"))
_SHORT = PreparedValues(lambda: _short(Slot("batch")).values_list("unit_id"))


def shelf_order(location: str) -> list[tuple[int, int, str]]:
    """Return by what shelves are sorted: A2 stands before A10; units without one come last."""
    if not location:
        return [(2, 0, "")]
    parts = re.findall(r"\d{1,18}|\D+", location.upper())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


def tote_by_code(code: str) -> PickTote | None:
    """Return the tote of a scanned label, with its trial; nothing where the code is none."""
    found = TOTE_CODE.fullmatch(code)
    if found is None:
        return None
    totes = PickTote.objects.select_related("trial").filter(
        batch=int(found[1]), position=int(found[2])
    )
    return totes.first()


def units_short() -> QuerySet[UnitNotFound]:
    """Return the units that trials wait for, none being free, the first missed first."""
    return (
        _still_missing()
        .filter(tote__released=False, tote__trial__state=TrialState.APPROVED)
        .select_related("tote__trial", "tote__batch", "unit", "item__variant__frame")
        .order_by("at", "pk")
    )


SHORT = PreparedQuery(lambda: units_short()[:SHOWN_SHORT])


@dataclass(frozen=True)
class LateUnit:
    """A unit that is still to be fetched though its batch was picked: it took another's place.

    Attributes:
        batch: the batch's number.
        trial: the trial's number.
        frame: name, colour and size of the variant.
        location: the shelf; empty for none.
    """

    batch: int
    trial: str
    frame: str
    barcode: str
    location: str

    @property
    def name(self) -> str:
        """What its batch is called."""
        return f"B{self.batch}"


def units_to_fetch_late() -> list[LateUnit]:
    """Return the first of what took another unit's place in a box whose batch was picked."""
    return [
        LateUnit(batch, trial, variant_words(frame, colour, size), barcode, location)
        for batch, trial, frame, colour, size, barcode, location in _LATE.rows()
    ]


def _late() -> QuerySet[TrialItem, Any]:
    items = TrialItem.objects.filter(
        trial__state=TrialState.APPROVED,
        trial__totes__batch__state=BatchState.PICKED,
        picked_at=None,
        packed_at=None,
        not_found_at=None,
    )
    shown = items.order_by("trial__totes__batch_id", "pk").values_list(
        *("trial__totes__batch_id", "trial__number", "variant__frame__name", "variant__colour"),
        *("variant__size", "unit__barcode", "unit__location"),
    )
    return shown[:SHOWN_SHORT]


_LATE = PreparedValues(_late)


def open_batches() -> QuerySet[PickBatch]:
    """Return the batches that are being picked, the oldest first."""
    return batches().filter(state=BatchState.PICKING).order_by("pk")
