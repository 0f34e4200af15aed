"""What becomes of a count's findings: each is accepted or left as it is, by somebody, once."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.errors import LorgnetteError
from shop.foundation.locks import lock_row
from shop.foundation.outbox import news, publish
from shop.foundation.plain_text import one_line
from trials.costs.models import CostRates
from trials.units.errors import (
    CountMissingError,
    CountOpenError,
    FindingDecidedError,
    FindingStaleError,
    MayNotGiveUpError,
    NotForTheShelfError,
    UnitInTrialError,
    UnitReasonMissingError,
    WriteOffUnseenError,
)
from trials.units.models import CountedUnit, Grade, TrialUnit, UnitMovement
from trials.units.services.moving import move_unit
from trials.units.services.tending import PERMISSION, place_unit
from trials.units.states import IN_A_TRIAL, ON_THE_SHELF, CountState, UnitState

Finding, Decision = CountedUnit.Finding, CountedUnit.Decision
NOT_SEEN = gettext_noop("Not on its shelf when it was counted.")
SEEN = gettext_noop("Found on a shelf when it was counted.")
# What the books gave up is looked at before it is given out; the rest lies where it belongs.
GIVEN_UP = frozenset({UnitState.LOST, UnitState.RETIRED})
# Where a found unit may be said to go.
FOUND_GOES = (UnitState.AVAILABLE, UnitState.INSPECTION)
# What was given up is there: whoever was charged for it, or claims for it, is to hear of it.
UNIT_FOUND = "units.found"
news(UNIT_FOUND)


def accept_finding(
    *, counted_id: int, by: User, to_state: UnitState | None = None, lost: bool = False
) -> CountedUnit:
    """Make the books say what was counted: one finding, once.

    What was not seen is lost; what lay on another shelf has that shelf now; what was found is
    inspected where it had been given up, else available.

    Args:
        counted_id: the line of the report.
        by: who decided.
        to_state: of a found unit: one of ``FOUND_GOES``, where ops know better.
        lost: she has seen that a unit is written off by it, and what that costs; counts only where
            one is.

    Raises:
        CountMissingError: there is no such finding.
        CountOpenError: the count is not finished.
        UnitInTrialError: a trial holds the unit: it is replaced or checked in there.
        FindingStaleError: the unit has moved, or was seen, since.
        NotForTheShelfError: it is found and its grade is D, or it is to go where none goes.
        FindingDecidedError: it was left as it is.
        MayNotGiveUpError: it writes a unit off, for which she lacks the permission
            ``trials.give_up_trialunit``.
        WriteOffUnseenError: it writes a unit off, which she has not seen.
    """
    with transaction.atomic():
        counted = _locked(counted_id)
        if counted.decision == Decision.ACCEPTED:
            return counted
        _check_undecided(counted)
        unit = lock_row(TrialUnit, counted.unit_id)
        since = CountedUnit.objects.filter(changed_since(), pk=counted.pk).exists()
        refusal = refusal_of(counted, unit, by=by, changed=since, to_state=to_state)
        if refusal is not None:
            raise refusal
        if counted.finding == Finding.MISSING:
            if not lost:
                raise _unseen(unit)
            move_unit(unit=unit, to_state=UnitState.LOST, by=by, reason=NOT_SEEN)
        elif counted.finding == Finding.MISPLACED:
            _put(unit, counted.count.location, by)
        else:
            _take_in(unit, counted, by, to_state)
        return _decide(counted, Decision.ACCEPTED, by=by)


def dismiss_finding(*, counted_id: int, by: User, reason: str) -> CountedUnit:
    """Leave the books as they are, and say why.

    Raises:
        UnitReasonMissingError: no reason was given.
        CardNumberError: the reason holds a card number.
        CountMissingError: there is no such finding.
        CountOpenError: the count is not finished.
        FindingDecidedError: it was accepted.
    """
    reason = one_line(reason)
    refuse_card_numbers(reason)
    if not reason:
        raise UnitReasonMissingError(_("Say why, for those who read it later."))
    with transaction.atomic():
        counted = _locked(counted_id)
        if counted.decision == Decision.DISMISSED:
            return counted
        _check_undecided(counted)
        return _decide(counted, Decision.DISMISSED, by=by, note=reason)


def _locked(counted_id: int) -> CountedUnit:
    try:
        counted = lock_row(CountedUnit, counted_id, related=["count", "unit"])
    except CountedUnit.DoesNotExist as error:
        raise CountMissingError(_("There is no such line in this count.")) from error
    if counted.count.state == CountState.OPEN:
        raise CountOpenError(_("The count goes on. Finish it first."))
    if not counted.finding:
        raise CountMissingError(_("Nothing differs there; there is nothing to decide."))
    return counted


def _check_undecided(counted: CountedUnit) -> None:
    if counted.decision:
        raise FindingDecidedError(
            _("%(barcode)s was decided already: “%(decision)s”.")
            % {"barcode": counted.unit.barcode, "decision": counted.get_decision_display()}
        )


def changed_since() -> Q:
    """Return what finds lines whose unit was moved, or seen by another count, since theirs ended.

    A unit that was out meanwhile lies on its shelf again as if nothing had been. That one was asked
    for, or no longer is, has moved nothing.
    """
    on_paper = Q(from_state=UnitState.AVAILABLE, to_state=UnitState.RESERVED) | Q(
        from_state=UnitState.RESERVED, to_state=UnitState.AVAILABLE
    )
    moved = UnitMovement.objects.filter(
        ~on_paper, subject=OuterRef("unit"), at__gt=OuterRef("count__ended_at")
    )
    seen = CountedUnit.objects.filter(
        unit=OuterRef("unit"), seen_at__gt=OuterRef("count__ended_at")
    ).exclude(count=OuterRef("count"))
    return Q(Exists(moved)) | Q(Exists(seen))


def refusal_of(
    counted: CountedUnit,
    unit: TrialUnit,
    *,
    by: User,
    changed: bool,
    to_state: UnitState | None = None,
) -> LorgnetteError | None:
    """Return why a finding cannot be accepted as its unit is; nothing where it can.

    Args:
        counted: what was found.
        unit: its unit as it is now.
        by: who would accept it.
        changed: whether ``changed_since`` finds it.
        to_state: where a found unit is to go, if somebody said so.
    """
    if counted.finding == Finding.MISSING and unit.state == UnitState.RESERVED:
        return UnitInTrialError(
            _("%(barcode)s is reserved for a trial. Have another unit packed there first.")
            % {"barcode": unit.barcode},
            state=unit.state,
        )
    if counted.finding == Finding.MISSING:
        if unit.state != UnitState.AVAILABLE or changed:
            return _stale(unit)
        return None if by.has_perm(PERMISSION) else _not_hers(unit)
    if counted.finding == Finding.MISPLACED:
        return None if unit.state in ON_THE_SHELF and not changed else _stale(unit)
    if unit.state in IN_A_TRIAL:
        return UnitInTrialError(
            _("%(barcode)s is “%(state)s” with a trial. Check it in there.")
            % {"barcode": unit.barcode, "state": unit.get_state_display()},
            state=unit.state,
        )
    if unit.state == UnitState.AVAILABLE:
        return None
    if unit.state != counted.believed_state or changed:
        return _stale(unit)
    goes = to_state or goes_to(unit)
    if goes not in FOUND_GOES or (goes == UnitState.AVAILABLE and unit.grade == Grade.D):
        return NotForTheShelfError(
            _("%(barcode)s has grade %(grade)s and is “%(state)s”: see to it on its own page.")
            % {
                "barcode": unit.barcode,
                "grade": unit.grade,
                "state": unit.get_state_display(),
            }
        )
    return None


def booked_for(prices: Iterable[Money]) -> Money | None:
    """Return what is booked for units of these prices that are written off.

    Args:
        prices: of their variants.

    Returns:
        The sum; nothing where no cost rates were entered.
    """
    rates = CostRates.current()
    if rates is None:
        return None
    return sum((rates.value(price) for price in prices), Money(0, rates.currency))


def goes_to(unit: TrialUnit) -> UnitState:
    """Return where a found unit goes if nobody knows better."""
    return UnitState.INSPECTION if unit.state in GIVEN_UP else UnitState.AVAILABLE


def _take_in(unit: TrialUnit, counted: CountedUnit, by: User, to_state: UnitState | None) -> None:
    goes = to_state or goes_to(unit)
    if unit.state in GIVEN_UP:
        move_unit(unit=unit, to_state=UnitState.INSPECTION, by=by, reason=SEEN)
        publish(UNIT_FOUND, {"unit": unit.pk, "by": by.pk})
    if goes != unit.state:
        move_unit(unit=unit, to_state=goes, by=by, reason=SEEN)
    if counted.count.location:
        _put(unit, counted.count.location, by)


def _put(unit: TrialUnit, location: str, by: User) -> None:
    place_unit(unit_id=unit.pk, location=location, by=by, reason=SEEN)


def _stale(unit: TrialUnit) -> FindingStaleError:
    return FindingStaleError(
        _(
            "%(barcode)s has moved or was seen since it was counted: “%(state)s” now."
            " Leave it as it is."
        )
        % {"barcode": unit.barcode, "state": unit.get_state_display()},
        state=unit.state,
    )


def _not_hers(unit: TrialUnit) -> MayNotGiveUpError:
    return MayNotGiveUpError(
        _("Only a manager may write %(barcode)s off. Ask one to decide about it.")
        % {"barcode": unit.barcode}
    )


def _unseen(unit: TrialUnit) -> WriteOffUnseenError:
    cost = booked_for([unit.variant.price])
    words = _(
        "This writes %(barcode)s off as lost, and nothing was done. Confirm that you mean it."
    )
    if cost is not None:
        words = _(
            "This writes %(barcode)s off as lost, for which %(cost)s is booked, and nothing was"
            " done. Confirm that you mean it."
        )
    return WriteOffUnseenError(
        words % {"barcode": unit.barcode, "cost": cost},
        cost=None if cost is None else str(cost.amount),
        currency=None if cost is None else str(cost.currency),
    )


def _decide(
    counted: CountedUnit, decision: CountedUnit.Decision, *, by: User, note: str = ""
) -> CountedUnit:
    counted.decision, counted.decided_by, counted.note = decision, by, note[:300]
    counted.decided_at = timezone.now()
    counted.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    return counted
