"""What becomes of a count's findings: each is accepted or left as it is, by somebody, once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.errors import LorgnetteError
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.costs.models import CostRates
from trials.units.errors import (
    CountMissingError,
    CountOpenError,
    FindingDecidedError,
    FindingStaleError,
    MayNotGiveUpError,
    UnitInTrialError,
    UnitReasonMissingError,
    WriteOffUnseenError,
)
from trials.units.models import CountedUnit, TrialUnit
from trials.units.services.moving import move_unit
from trials.units.services.tending import PERMISSION, place_unit
from trials.units.states import IN_A_TRIAL, ON_THE_SHELF, CountState, UnitState

Finding, Decision = CountedUnit.Finding, CountedUnit.Decision
NOT_SEEN = gettext_noop("Not on its shelf when it was counted.")
SEEN = gettext_noop("Found on a shelf when it was counted.")
# What the books gave up is looked at before it is given out; the rest lies where it belongs.
GIVEN_UP = frozenset({UnitState.LOST, UnitState.RETIRED})


def accept_finding(
    *, counted_id: int, by: User, to_state: UnitState | None = None, lost: bool = False
) -> CountedUnit:
    """Make the books say what was counted: one finding, once.

    What was not seen is lost; what lay on another shelf has that shelf now; what was found is
    inspected where it had been given up, else available.

    Args:
        counted_id: the line of the report.
        by: who decided.
        to_state: of a found unit: ``available`` or ``inspection``, where ops know better.
        lost: she has seen that a unit is written off by it, and what that costs; counts only where
            one is.

    Raises:
        CountMissingError: there is no such finding.
        CountOpenError: the count is not finished.
        UnitInTrialError: a trial holds the unit: it is replaced or checked in there.
        FindingStaleError: the unit has moved since.
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
        if (refusal := refusal_of(counted, unit, by=by)) is not None:
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


def refusal_of(counted: CountedUnit, unit: TrialUnit, *, by: User) -> LorgnetteError | None:
    """Return why a finding cannot be accepted as its unit is; nothing where it can.

    Args:
        counted: what was found.
        unit: its unit as it is now.
        by: who would accept it.
    """
    if counted.finding == Finding.MISSING and unit.state == UnitState.RESERVED:
        return UnitInTrialError(
            _("%(barcode)s is reserved for a trial. Have another unit packed there first.")
            % {"barcode": unit.barcode},
            state=unit.state,
        )
    if counted.finding == Finding.MISSING:
        if unit.state != UnitState.AVAILABLE:
            return _stale(unit)
        return None if by.has_perm(PERMISSION) else _not_hers(unit)
    if counted.finding == Finding.MISPLACED:
        return None if unit.state in ON_THE_SHELF else _stale(unit)
    if unit.state in IN_A_TRIAL:
        return UnitInTrialError(
            _("%(barcode)s is “%(state)s” with a trial. Check it in there.")
            % {"barcode": unit.barcode, "state": unit.get_state_display()},
            state=unit.state,
        )
    moved = unit.state not in (UnitState.AVAILABLE, counted.believed_state)
    return _stale(unit) if moved else None


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
    if goes != unit.state:
        move_unit(unit=unit, to_state=goes, by=by, reason=SEEN)
    if counted.count.location:
        _put(unit, counted.count.location, by)


def _put(unit: TrialUnit, location: str, by: User) -> None:
    place_unit(unit_id=unit.pk, location=location, by=by, reason=SEEN)


def _stale(unit: TrialUnit) -> FindingStaleError:
    return FindingStaleError(
        _("%(barcode)s has moved since it was counted: “%(state)s” now. Leave it as it is.")
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
