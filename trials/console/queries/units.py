"""Units and counts as lists and as one page show them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shop.catalogue.models import Variant
from shop.foundation.postgres.attaching import attach
from shop.foundation.postgres.queries import PreparedCount, PreparedQuery, Slot
from trials.console.errors import TooManyLabelsError, UnitMissingError
from trials.fulfilment.queries.batches import shelf_order
from trials.home_trials.models import TrialItem
from trials.returns.models.inspections import Inspection
from trials.units.barcodes import PREFIX, normalised
from trials.units.errors import CountMissingError
from trials.units.models import CountedUnit, TrialUnit, UnitCount, UnitMovement
from trials.units.shelves import shelf

# What a unit's page and the API show of its history, and of who made it.
MOVED = (
    *("subject", "from_state", "to_state", "at", "reason"),
    *("trial_id", "location", "grade", "actor"),
)
INSPECTED = (
    *("unit", "finding", "grade", "note", "at", "inspected_by", "corrected_at"),
    *("item__trial__number", "item__trial"),
)
NAMES = ("name", "email")
MOST_LABELS = 1000
MOST_SHELVES = 500


@dataclass(frozen=True)
class UnitFilter:
    """What a list of units is narrowed down to; empty for all.

    Attributes:
        state: a unit's state.
        words: a barcode or its beginning, a shelf, a SKU or a part of a frame's name.
        location: the shelf, as it is written on it.
        variant_id: the variant.
        first, last: keys of units that were made together.
    """

    state: str = ""
    words: str = ""
    location: str = ""
    variant_id: int | None = None
    first: int | None = None
    last: int | None = None


def units_matching(by: UnitFilter) -> QuerySet[TrialUnit]:
    """Return units with ``trial_number``, the trial that holds each, the latest made first.

    Each filter has an index; words of the catalogue are looked up there, for it is the smaller.
    """
    units = _narrowed(TrialUnit.objects.all(), by)
    return _shown(units).order_by("-pk")


def _narrowed(units: QuerySet[TrialUnit], by: UnitFilter) -> QuerySet[TrialUnit]:
    if by.state:
        units = units.filter(state=by.state)
    if by.location:
        units = units.filter(location=by.location.upper())
    if by.variant_id is not None:
        units = units.filter(variant_id=by.variant_id)
    if by.first is not None:
        units = units.filter(pk__gte=by.first)
    if by.last is not None:
        units = units.filter(pk__lte=by.last)
    words = by.words.strip()
    if not words:
        return units
    code = normalised(words)
    if code.startswith(PREFIX) and code[len(PREFIX) :].isdigit():
        return units.filter(barcode__startswith=code)
    named = Variant.objects.filter(Q(sku__icontains=words) | Q(frame__name__icontains=words))
    ids = list(named.order_by("pk").values_list("pk", flat=True))
    # A unit may have come with a label of its own.
    labelled = Q(barcode__startswith=code) if code else Q()
    return units.filter(Q(variant_id__in=ids) | Q(location=words.upper()) | labelled)


def _shown(units: QuerySet[TrialUnit]) -> QuerySet[TrialUnit]:
    holding = TrialItem.objects.filter(unit=OuterRef("pk"), holds_unit=True)
    return units.select_related("variant__frame").annotate(
        trial_number=Subquery(holding.values("trial__number")[:1])
    )


def keyset_page(
    units: QuerySet[TrialUnit], *, before: int | None, after: int | None, size: int
) -> tuple[list[TrialUnit], bool, bool]:
    """Return one page of units, the latest first, found by its edge and not by counting.

    Args:
        units: as ``units_matching`` returns them.
        before: the page goes on below this key; None for the first page.
        after: instead, the page that ends above this key.
        size: how many.

    Returns:
        The units, whether there are later ones, and whether there are earlier ones.
    """
    if after is not None:
        rows = list(units.filter(pk__gt=after).order_by("pk")[: size + 1])
        return rows[:size][::-1], len(rows) > size, True
    if before is not None:
        units = units.filter(pk__lt=before)
    rows = list(units[: size + 1])
    return rows[:size], before is not None, len(rows) > size


def shelves_in_use() -> list[str]:
    """Return the shelves that units belong on, in the order of the walk."""
    named = TrialUnit.objects.exclude(location="").order_by()
    return sorted(named.values_list("location", flat=True).distinct(), key=shelf_order)


def shelves_to_label(named: Iterable[str]) -> list[str]:
    """Return the shelves whose labels are printed: those named, each once, or all in use.

    Args:
        named: as people write them; none for all.

    Raises:
        ShelfInvalidError: one has too long a name.
        CardNumberError: one is a card number.
        TooManyLabelsError: none is in use, or they are more than five hundred.
    """
    wanted = dict.fromkeys(filter(None, (shelf(each) for each in named)))
    shelves = list(wanted) or shelves_in_use()
    if not 1 <= len(shelves) <= MOST_SHELVES:
        raise TooManyLabelsError(
            _("Name 1 to %(most)s shelves to print labels for, such as A1, A2.")
            % {"most": MOST_SHELVES},
            most=MOST_SHELVES,
        )
    return shelves


# A unit that went out a hundred times has five hundred; who wants them all asks for them.
LATEST_MOVEMENTS = 40


def staff_unit(barcode: str, *, latest: bool = False) -> TrialUnit:
    """Return one unit with its movements and inspections, in three queries.

    Args:
        barcode: as scanned or typed.
        latest: only with its last ``LATEST_MOVEMENTS`` movements.

    Raises:
        UnitMissingError: there is none of that barcode.
    """
    unit = _shown(TrialUnit.objects.filter(barcode=normalised(barcode))).first()
    if unit is None:
        raise UnitMissingError(
            _("No unit has the barcode %(barcode)s.") % {"barcode": normalised(barcode)[:40]}
        )
    attach(unit, "movements", (_LATEST if latest else _MOVEMENTS).rows(unit=unit.pk))
    attach(unit, "inspections", _INSPECTIONS.rows(unit=unit.pk))
    return unit


def count_movements(unit: TrialUnit) -> int:
    """Return how many movements a unit that was ever moved has in all."""
    return _COUNT.row(unit=unit.pk)[0]


def _movements() -> QuerySet[UnitMovement]:
    moved = UnitMovement.objects.select_related("actor").filter(subject_id=Slot("unit"))
    return moved.only(*MOVED, *(f"actor__{name}" for name in NAMES))


_MOVEMENTS = PreparedQuery(_movements)
_LATEST = PreparedQuery(lambda: _movements().order_by("-pk")[:LATEST_MOVEMENTS])
_COUNT = PreparedCount(lambda: UnitMovement.objects.filter(subject_id=Slot("unit")), "at")
_INSPECTIONS = PreparedQuery(
    lambda: (
        Inspection.objects.select_related("inspected_by", "item__trial")
        .only(*INSPECTED, *(f"inspected_by__{name}" for name in NAMES))
        .filter(unit_id=Slot("unit"))
    )
)


def units_to_label(units: QuerySet[TrialUnit]) -> list[TrialUnit]:
    """Return the units whose labels are printed, in the order they were made.

    Raises:
        TooManyLabelsError: none, or more than a thousand.
    """
    found = list(units.order_by("pk")[: MOST_LABELS + 1])
    if not 1 <= len(found) <= MOST_LABELS:
        raise TooManyLabelsError(
            _("Choose 1 to %(most)s units to print labels for.") % {"most": MOST_LABELS},
            most=MOST_LABELS,
        )
    return found


def staff_counts() -> QuerySet[UnitCount]:
    """Return counts with how much was expected, seen, found and not decided yet, latest first."""
    differs = ~Q(finding="")
    # Most are of a shelf: joined, all frames there are would be looked through for each of them.
    counts = UnitCount.objects.prefetch_related("variant__frame", "started_by")
    return counts.annotate(
        expected=_how_many(Q(expected=True)),
        seen=_how_many(Q(seen_at__isnull=False)),
        findings=_how_many(differs),
        undecided=_how_many(differs & Q(decision="")),
    )


def _how_many(which: Q) -> Coalesce:
    # Counted row by row of the page: a join would count every line of every count there was.
    lines = CountedUnit.objects.filter(which, count=OuterRef("pk")).order_by()
    counted = lines.values("count").annotate(n=Count("pk")).values("n")[:1]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def staff_count(count_id: uuid.UUID) -> UnitCount:
    """Return one count.

    Raises:
        CountMissingError: there is none.
    """
    count = staff_counts().filter(pk=count_id).first()
    if count is None:
        raise CountMissingError(_("There is no such count."))
    return count


def report_lines(count: UnitCount) -> QuerySet[CountedUnit]:
    """Return what differed, what waits for a decision first; ``trial_number`` holds each."""
    holding = TrialItem.objects.filter(unit=OuterRef("unit"), holds_unit=True)
    return (
        CountedUnit.objects.filter(count=count)
        .exclude(finding="")
        .select_related("unit__variant__frame", "seen_by", "decided_by")
        .annotate(trial_number=Subquery(holding.values("trial__number")[:1]))
        .order_by("decision", "finding", "pk")
    )


def last_seen(count: UnitCount, *, limit: int) -> list[dict[str, Any]]:
    """Return what was scanned last, as the checklist of a station shows it."""
    seen = CountedUnit.objects.filter(count=count, seen_at__isnull=False)
    rows = seen.select_related("unit__variant__frame", "seen_by").order_by("-seen_at", "-pk")
    return [
        {
            "label": row.unit.variant,
            "note": f"{row.unit.barcode} · {row.seen_by or _('the shop')}",
            "done": True,
            "badge_label": "" if row.expected else _("not expected"),
            "badge_state": "",
        }
        for row in rows[:limit]
    ]
