"""Counting what lies on a shelf, or of a variant: each unit is scanned, twice is as once.

What was expected is written down when the count begins, so that what is packed or comes back while
people count is told from what is missing. Finishing compares and changes nothing.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.opening import get_or_open
from trials.units.barcodes import normalised
from trials.units.errors import (
    CountMissingError,
    CountOverError,
    NoSuchUnitError,
    OtherVariantError,
    ShelfInvalidError,
)
from trials.units.models import (
    CountedUnit,
    CountTransition,
    TrialUnit,
    UnitCount,
    UnitMovement,
)
from trials.units.shelves import shelf
from trials.units.states import COUNT_MOVES, ON_THE_SHELF, CountState, UnitState

AT_A_TIME = 2000


@dataclass(frozen=True)
class Scan:
    """What scanning a unit said.

    Attributes:
        counted: the line it is on, with its unit and variant.
        again: whether it was seen before in this count.
    """

    counted: CountedUnit
    again: bool


def start_count(*, location: str = "", variant_id: int | None = None, by: User) -> UnitCount:
    """Begin to count a shelf or a variant; where somebody counts it already, count with her.

    Args:
        location: the shelf, such as B2.
        variant_id: what is counted wherever it lies, instead of a shelf.
        by: who counts.

    Raises:
        ShelfInvalidError: neither was named, or both.
        CountMissingError: there is no such variant.
    """
    name = shelf(location)
    if bool(name) == (variant_id is not None):
        raise ShelfInvalidError(_("Scan a shelf to count it, or choose a variant."))
    variant = Variant.objects.filter(pk=variant_id).first() if variant_id is not None else None
    if variant is None and variant_id is not None:
        raise CountMissingError(_("There is no such variant."))
    with transaction.atomic():
        # Two at once: the second waits at the unique index, and is given the first one's.
        count, fresh = get_or_open(
            UnitCount,
            location=name,
            variant=variant,
            state=CountState.OPEN,
            defaults={"started_by": by},
        )
        if fresh:
            CountTransition.objects.create(
                subject=count, from_state="", to_state=count.state, actor=by, at=count.started_at
            )
            units = TrialUnit.objects.filter(_of(count), state__in=ON_THE_SHELF).order_by("pk")
            units = units.exclude(_in_a_tote("pk"))
            CountedUnit.objects.bulk_create(
                (
                    CountedUnit(
                        count=count,
                        unit_id=unit_id,
                        expected=True,
                        believed_state=state,
                        believed_location=location,
                    )
                    for unit_id, state, location in units.values_list("pk", "state", "location")
                ),
                batch_size=AT_A_TIME,
            )
        return count


def scan_unit(*, count_id: uuid.UUID, barcode: str, by: User) -> Scan:
    """Note that a unit was seen; seen before, nothing changes.

    Args:
        count_id: the count that goes on.
        barcode: as the scanner read it.
        by: who scanned.

    Raises:
        NoSuchUnitError: no unit has this barcode.
        OtherVariantError: a variant is counted, and the unit is of another.
        CountOverError: the count has ended.
    """
    with transaction.atomic():
        count = lock_row(UnitCount, count_id)
        _check_open(count)
        units = TrialUnit.objects.select_related("variant__frame")
        unit = units.filter(barcode=normalised(barcode)).first()
        if unit is None:
            raise NoSuchUnitError(
                _("No unit has the barcode %(barcode)s. Scan it again.")
                % {"barcode": normalised(barcode)[:40]}
            )
        if count.variant_id is not None and unit.variant_id != count.variant_id:
            raise OtherVariantError(
                _("%(barcode)s is %(frame)s, which is not counted now. Put it back.")
                % {"barcode": unit.barcode, "frame": unit.variant}
            )
        counted, _fresh = CountedUnit.objects.get_or_create(
            count=count,
            unit=unit,
            defaults={
                "expected": False,
                "believed_state": unit.state,
                "believed_location": unit.location,
                "seen_at": timezone.now(),
                "seen_by": by,
            },
        )
        counted.unit = unit
        if counted.seen_at is None:
            counted.seen_at, counted.seen_by = timezone.now(), by
            counted.save(update_fields=["seen_at", "seen_by"])
            return Scan(counted, again=False)
        return Scan(counted, again=not _fresh)


def finish_count(*, count_id: uuid.UUID, by: User) -> UnitCount:
    """End a count and write down what differs; nothing is moved. Finished before, it stays so.

    Raises:
        IllegalMoveError: it was abandoned.
    """
    with transaction.atomic():
        count = lock_row(UnitCount, count_id)
        if count.state == CountState.FINISHED:
            return count
        _end(count, CountState.FINISHED, by=by)
        _compare(count)
        return count


def abandon_count(*, count_id: uuid.UUID, by: User, reason: str = "") -> UnitCount:
    """Give a count up: nothing of it counts, and another can be begun. Again it changes nothing.

    Raises:
        IllegalMoveError: it was finished.
        CardNumberError: the reason holds a card number.
    """
    with transaction.atomic():
        count = lock_row(UnitCount, count_id)
        if count.state == CountState.ABANDONED:
            return count
        _end(count, CountState.ABANDONED, by=by, reason=reason)
        return count


def _end(count: UnitCount, state: CountState, *, by: User, reason: str = "") -> None:
    fields = {"ended_at": timezone.now()}
    move(
        count,
        state,
        moves=COUNT_MOVES,
        history=CountTransition,
        by=by,
        reason=reason,
        fields=fields,
    )


def _compare(count: UnitCount) -> None:
    lines = CountedUnit.objects.filter(count=count)
    came_back = UnitMovement.objects.filter(
        subject=OuterRef("unit"), at__gte=count.started_at, to_state=UnitState.AVAILABLE
    ).exclude(from_state__in=ON_THE_SHELF)
    there_all_the_while = Q(unit__state__in=ON_THE_SHELF, unit__location=F("believed_location"))
    missing = lines.filter(there_all_the_while, ~Exists(came_back), seen_at=None)
    missing = missing.exclude(_in_a_tote("unit"))
    missing.update(finding=CountedUnit.Finding.MISSING)
    seen = lines.filter(expected=False)
    seen.exclude(believed_state__in=ON_THE_SHELF).update(finding=CountedUnit.Finding.FOUND)
    if count.variant_id is None:
        elsewhere = seen.filter(believed_state__in=ON_THE_SHELF)
        elsewhere.exclude(believed_location=count.location).update(
            finding=CountedUnit.Finding.MISPLACED
        )


def _in_a_tote(unit: str) -> Exists:
    """Whether a unit was fetched for a box: reserved still, it is on its shelf no more."""
    fetched = TrialUnit.objects.filter(
        pk=OuterRef(unit), trial_items__holds_unit=True, trial_items__picked_at__isnull=False
    )
    return Exists(fetched)


def _of(count: UnitCount) -> Q:
    if count.variant_id is not None:
        return Q(variant_id=count.variant_id)
    return Q(location=count.location)


def _check_open(count: UnitCount) -> None:
    if count.state != CountState.OPEN:
        raise CountOverError(
            _("This count is over: “%(state)s”. Begin another one.")
            % {"state": count.get_state_display()},
            state=count.state,
        )
