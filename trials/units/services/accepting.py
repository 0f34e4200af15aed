"""Accepting all findings of a count at one go, by who has seen what comes of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models, transaction
from django.db.models import ExpressionWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.errors import LorgnetteError
from shop.foundation.locks import lock_row
from trials.units.errors import CountChangedError, CountOpenError
from trials.units.models import CountedUnit, UnitCount
from trials.units.services.resolving import (
    accept_finding,
    booked_for,
    changed_since,
    goes_to,
    refusal_of,
)
from trials.units.states import CountState, UnitState

Finding = CountedUnit.Finding


class Fate(models.TextChoices):
    """What comes of a finding that is accepted."""

    LOST = "lost", gettext_lazy("Written off as lost")
    PLACED = "placed", gettext_lazy("Has the shelf it was found on")
    AVAILABLE = "available", gettext_lazy("Available")
    INSPECTION = "inspection", gettext_lazy("To inspection")
    LEFT = "left", gettext_lazy("Left as it is")


@dataclass(frozen=True)
class Foreseen:
    """What would come of one finding.

    Attributes:
        counted: with its unit, variant and frame.
        fate: what.
        why: why it would be left, in words; else empty.
    """

    counted: CountedUnit
    fate: Fate
    why: str = ""


@dataclass(frozen=True)
class Outlook:
    """What would come of all findings of a count that are not decided yet.

    Attributes:
        lines: one each.
        cost: what is booked for those that are lost; nothing where no cost rates were entered.
    """

    lines: Sequence[Foreseen]
    cost: Money | None

    @property
    def by_fate(self) -> Mapping[Fate, list[Foreseen]]:
        """Return the lines by what comes of them, the worst first; no empty ones."""
        found = {fate: [each for each in self.lines if each.fate == fate] for fate in Fate}
        return {fate: lines for fate, lines in found.items() if lines}

    @property
    def expected(self) -> int:
        """How many are to be decided."""
        return len(self.lines)

    @property
    def lost(self) -> int:
        """How many units would be written off."""
        return len(self.by_fate.get(Fate.LOST, []))


@dataclass
class Accepted:
    """What came of accepting all.

    Attributes:
        count: how many findings were accepted.
        refused: why others were not, in words.
    """

    count: int = 0
    refused: list[str] = field(default_factory=list)


def foresee(count: UnitCount, *, by: User, line: int | None = None) -> Outlook:
    """Return what would come of accepting all that is left of a count, in three queries.

    Args:
        count: which one.
        by: who would accept it; without the permission to write units off, those are left.
        line: of one finding of it alone; nothing comes of one that is decided.

    Raises:
        CountOpenError: it is not finished.
    """
    if count.state == CountState.OPEN:
        raise CountOpenError(_("The count goes on. Finish it first."))
    left = CountedUnit.objects.filter(count=count, decision="").exclude(finding="")
    if line is not None:
        left = left.filter(pk=line)
    rows = left.select_related("unit__variant__frame").order_by("finding", "pk")
    rows = rows.annotate(changed=ExpressionWrapper(changed_since(), models.BooleanField()))
    lines = [_foreseen(counted, by) for counted in rows]
    prices = [each.counted.unit.variant.price for each in lines if each.fate == Fate.LOST]
    return Outlook(lines, booked_for(prices))


def _foreseen(counted: CountedUnit, by: User) -> Foreseen:
    changed: bool = counted.changed  # type: ignore[attr-defined]
    refusal = refusal_of(counted, counted.unit, by=by, changed=changed)
    if refusal is not None:
        return Foreseen(counted, Fate.LEFT, str(refusal))
    if counted.finding == Finding.MISSING:
        return Foreseen(counted, Fate.LOST)
    if counted.finding == Finding.MISPLACED:
        return Foreseen(counted, Fate.PLACED)
    available = goes_to(counted.unit) == UnitState.AVAILABLE
    return Foreseen(counted, Fate.AVAILABLE if available else Fate.INSPECTION)


def accept_all(*, count_id: uuid.UUID, by: User, expected: int, lost: int) -> Accepted:
    """Accept every finding of a count that is not decided yet; one that cannot be stops no other.

    Args:
        count_id: a finished count.
        by: who decided.
        expected: how many she saw that were to be decided; see ``foresee``.
        lost: how many of them she saw that would be written off.

    Returns:
        How many were accepted, and why others were not.

    Raises:
        CountOpenError: the count is not finished.
        CountChangedError: it is no longer as she saw it; nothing was done.
    """
    with transaction.atomic():
        outlook = foresee(lock_row(UnitCount, count_id), by=by)
        if (expected, lost) != (outlook.expected, outlook.lost):
            raise _changed(count_id, outlook)
    result = Accepted()
    for each in sorted(outlook.lines, key=lambda line: line.counted.pk):
        try:
            accept_finding(counted_id=each.counted.pk, by=by, lost=each.fate == Fate.LOST)
        except LorgnetteError as error:
            result.refused.append(str(error))
        else:
            result.count += 1
    return result


def _changed(count_id: uuid.UUID, outlook: Outlook) -> CountChangedError:
    left = ngettext(
        "%(n)s finding is left to decide.", "%(n)s findings are left to decide.", outlook.expected
    )
    goes = ngettext(
        "%(n)s unit would be written off.", "%(n)s units would be written off.", outlook.lost
    )
    now = " ".join([left % {"n": outlook.expected}, goes % {"n": outlook.lost}])
    decided = CountedUnit.objects.filter(count_id=count_id).exclude(decision="")
    last = decided.select_related("unit", "decided_by").order_by("-decided_at").first()
    what = _("Nothing was done: the count is not as you saw it.")
    if last is not None:
        what = _("Nothing was done: %(who)s decided about %(barcode)s, “%(decision)s”.") % {
            "who": last.decided_by or _("somebody"),
            "barcode": last.unit.barcode,
            "decision": last.get_decision_display(),
        }
    return CountChangedError(f"{what} {now}", expected=outlook.expected, lost=outlook.lost)
