"""What a few trials, their frames, units, lines and amounts must be, by what was done: the model.

It knows no service and no table. What it leaves to the shop is which of several fit units is taken,
and on which day something falls due: these are told to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tests.trials.steps.amounts import PAID, Charge, Proposal
from tests.trials.steps.terms import (
    DAMAGED_SHARE,
    DEPOSIT,
    FEE,
    LATE_SHARE,
)
from tests.trials.steps.trial import AFTER_HER, OVER, WITH_HER, Item, Trial

# To where a unit goes by what it was found to be, and from where it can.
GOES = {"good": "available", "repair": "repair", "damaged": "retired"}
COMES = {
    "good": {"inspection", "repair"},
    "repair": {"inspection"},
    "damaged": {"inspection", "repair"},
}


@dataclass
class Unit:
    """A unit: where it is, and for whom it is held."""

    variant: int
    state: str = "available"
    held_for: int | None = None
    # Graded so that it is not to be shown.
    worn: bool = False


class Shop:
    """All of it, and what each step does to it."""

    def __init__(self) -> None:
        self.units: dict[int, Unit] = {}
        self.trials: dict[str, Trial] = {}
        # Who waits for what, in order; a unit is held for some of them.
        self.line: list[tuple[int, int]] = []
        self.picking: set[int] = set()
        self.now: datetime | None = None

    def charges(self) -> Iterator[Charge]:
        for trial in self.trials.values():
            for item in trial.items:
                yield from item.charges.values()
            if trial.late is not None:
                yield trial.late

    def holder(self, unit: int) -> Trial | None:
        for trial in self.trials.values():
            if any(item.unit == unit and item.holds for item in trial.items):
                return trial
        return None

    def held(self, user: int | None, variant: int) -> list[int]:
        return [
            pk
            for pk, unit in self.units.items()
            if unit.variant == variant and unit.state == "available" and unit.held_for == user
        ]

    def free(self, variant: int, user: int | None) -> list[int]:
        """Return the units of a variant a customer can have; hers alone where some are held."""
        if user is not None and (hers := self.held(user, variant)):
            return hers
        return self.held(None, variant)

    def reserve(self, unit: int, user: int) -> None:
        variant = self.units[unit].variant
        assert unit in self.free(variant, user)
        self.units[unit].state, self.units[unit].held_for = "reserved", None
        self.line = [each for each in self.line if each != (user, variant)]

    def shelve(self, *units: int) -> None:
        """Put units on the shelf; who waits first has one held for her."""
        for pk in units:
            unit = self.units[pk]
            unit.state, unit.held_for = "available", None
            self.promise(pk)

    def mend(self, pk: int) -> None:
        """Put a unit back on the shelf as good as it was."""
        self.units[pk].worn = False
        self.shelve(pk)

    def promise(self, pk: int) -> None:
        unit = self.units[pk]
        for user, variant in self.line:
            if variant != unit.variant or self.held(user, variant):
                continue
            if not self.cannot_take(user):
                unit.held_for = user
                return

    def cannot_take(self, user: int) -> bool:
        """Tell whether a customer is passed over: her box is out, or picked by somebody."""
        mine = [each for each in self.trials.values() if each.user == user]
        under_way = [each for each in mine if each.state not in OVER]
        return bool(under_way) and not any(each.is_swappable() for each in under_way)

    def lapse(self, user: int, variant: int) -> None:
        """Let a hold run out: who cannot take it keeps her place, and the next is served."""
        if not self.cannot_take(user):
            self.leave(user, variant)
            return
        for pk in self.held(user, variant):
            self.units[pk].held_for = None
            self.promise(pk)

    def move(self, pk: int, state: str) -> None:
        self.units[pk].state, self.units[pk].held_for = state, None

    def end(self, trial: Trial, state: str) -> None:
        trial.state = state
        for item in trial.items:
            if item.holds:
                item.holds = item.open = False
                # Off its shelf it is nobody's until it is put back there.
                off = item.picked or item.packed
                if off:
                    self.move(item.unit, "inspection")
                else:
                    self.let_go_of(item.unit, missing=item.short)

    def let_go_of(self, pk: int, *, missing: bool) -> None:
        """Let a unit go that nobody took from its shelf: there it is free, if it is fit for it."""
        if self.units[pk].worn:
            self.move(pk, "repair")
        elif missing:
            self.move(pk, "lost")
        else:
            self.shelve(pk)

    def is_worn(self, trial: Trial) -> bool:
        return any(item.holds and self.units[item.unit].worn for item in trial.items)

    def ship(self, trial: Trial) -> None:
        trial.state = "shipped"
        for item in trial.items:
            self.move(item.unit, "out")

    def deliver(self, trial: Trial) -> None:
        if trial.state == "packed":
            self.ship(trial)
        trial.state, trial.delivered = "delivered", True

    def turn_back(self, trial: Trial) -> None:
        trial.state, trial.returning_at = "returning", self.now
        for item in trial.items:
            if item.holds and self.units[item.unit].state == "out":
                self.move(item.unit, "in_transit_back")

    def told(self, trial: Trial, leg: str, at: datetime, status: str) -> None:
        """Take over what a carrier says, and what follows for the trial."""
        trial.told[leg].append((at, status))
        before = trial.state
        if leg == "return":
            if status in ("in_transit", "delivered") and before in ("shipped", "delivered"):
                self.deliver(trial)
                self.turn_back(trial)
        elif trial.parcel(leg) == "sent_back":
            if before in ("packed", "shipped", "delivered"):
                if before == "packed":
                    self.ship(trial)
                trial.turned = True
                self.turn_back(trial)
        elif before in ("packed", "shipped"):
            if trial.parcel(leg) == "delivered":
                self.deliver(trial)
            elif before == "packed" and trial.parcel(leg) != "labelled":
                self.ship(trial)

    def settle(self, item: Item, outcome: str) -> None:
        was, item.outcome = item.outcome, outcome
        item.open = item.holds = False
        gone = "retired" if was == "kept" else "lost"
        away = {"out", "in_transit_back"}
        came = outcome in ("returned", "damaged")
        state = self.units[item.unit].state
        if state in away or (came and state == gone):
            goes = {"kept": "retired", "lost": "lost"}.get(outcome, "inspection")
            self.move(item.unit, goes)

    def receive(self, trial: Trial) -> None:
        if trial.state == "shipped":
            trial.delivered = True
        if trial.state in ("shipped", "delivered", "returning"):
            trial.state, trial.received_at = "received", self.now

    def charge_kept(self, trial: Trial) -> None:
        over = trial.due_at is not None and self.now is not None and trial.due_at < self.now
        if trial.state in OVER or not (over or trial.state == "received"):
            return
        for item in trial.items:
            if item.keeping and item.open and not item.being_charged:
                item.being_charged = True
                # Asked for as missing before she said so: that is not owed twice.
                if item.away_charge() is None:
                    item.charges["kept"] = Charge(item.price)

    def let_go(self, item: Item) -> None:
        charge = item.away_charge()
        if charge is not None and charge.state == "owed":
            charge.state = "waived"

    def close_if_settled(self, trial: Trial) -> None:
        if trial.state not in AFTER_HER or any(item.open for item in trial.items):
            return
        if trial.owed():
            return
        if trial.late is None and (fee := trial.late_fee()):
            trial.late = Charge(fee)
        elif not any(item.proposal and item.proposal.is_open() for item in trial.items):
            trial.state = "closed"

    def may_check_in(self, trial: Trial, item: Item, finding: str) -> bool:
        """Tell whether a frame may be checked in: it is away, or came back after all."""
        if item.inspected:
            return False
        if trial.state not in WITH_HER and item.outcome not in ("lost", "kept"):
            return False
        holder = self.holder(item.unit)
        if holder is not None and holder is not trial:
            # Found and given out again meanwhile: it cannot lie in this box.
            return False
        gone = "retired" if item.outcome == "kept" else "lost"
        state = self.units[item.unit].state
        comes = {gone} if not item.open else {"out", "in_transit_back"}
        return state in comes | COMES[finding]

    def check_in(self, trial: Trial, item: Item, finding: str, *, in_time: bool) -> None:
        charge = item.away_charge()
        self.let_go(item)
        self.settle(item, "damaged" if finding == "damaged" else "returned")
        self.units[item.unit].worn = finding != "good"
        if GOES[finding] == "available":
            self.shelve(item.unit)
        else:
            self.move(item.unit, GOES[finding])
        item.inspected, item.inspected_at, item.found = True, self.now, finding
        owed_nothing = charge is item.charges.get("unreturned") and trial.owes_nothing(self.now)
        back = (in_time or owed_nothing) and finding != "damaged"
        if charge is not None and (charge.state in PAID or charge.from_deposit) and back:
            paid = charge.from_deposit or charge.amount
            due_back = paid * (1 if owed_nothing else LATE_SHARE)
            fee = min(trial.late_fee(), due_back)
            if fee and trial.late is None:
                trial.late = Charge(fee, state="paid", kept_back=True)
                due_back -= fee
            if charge.from_deposit:
                charge.from_deposit -= due_back
            else:
                charge.due_back = due_back
        if finding != "good" and trial.state != "closed" and not trial.turned:
            item.proposal = Proposal(item.price * DAMAGED_SHARE)
        if trial.state == "received":
            self.close_if_settled(trial)

    def correct(self, trial: Trial, item: Item, finding: str) -> None:
        """Put right what a frame was found to be; when it came stays."""
        if item.found == finding:
            return
        proposal, unit, goes = item.proposal, self.units[item.unit], GOES[finding]
        assert item.inspected
        assert trial.state not in OVER
        assert proposal is None or proposal.state in ("proposed", "withdrawn")
        item.found, item.outcome = finding, "damaged" if finding == "damaged" else "returned"
        if proposal is None:
            item.proposal = Proposal(item.price * DAMAGED_SHARE)
        else:
            proposal.state = "withdrawn" if finding == "good" else "proposed"
        unit.worn = finding != "good"
        if unit.state != goes and not {unit.state, goes} <= {"available", "reserved"}:
            assert unit.held_for is None
            assert unit.state in GOES.values()
            if goes == "available":
                self.shelve(item.unit)
            else:
                self.move(item.unit, goes)
        if trial.state == "received":
            self.close_if_settled(trial)

    def lose(self, trial: Trial, leg: str) -> None:
        trial.given_up.add(leg)
        for item in trial.items:
            if item.open and not (leg == "return" and item.keeping):
                self.let_go(item)
                self.settle(item, "lost")
        if leg == "outbound":
            trial.state = "closed"
            for proposal in filter(None, (item.proposal for item in trial.items)):
                proposal.state = "waived" if proposal.is_open() else proposal.state
        else:
            self.close_if_settled(trial)

    def refund(self) -> None:
        """Give back what is due."""
        for trial in self.trials.values():
            trial.given_back = trial.to_give_back()
        for charge in self.charges():
            charge.refunded, charge.due_back = charge.refunded + charge.due_back, Decimal(0)
            charge.stray = Decimal(0)
            if charge.refunded:
                whole = charge.refunded == charge.amount
                charge.state = "refunded" if whole else "partly_refunded"

    def money(self) -> Decimal:
        """Return what was paid and not given back."""
        fees = (FEE + DEPOSIT - each.given_back for each in self.trials.values() if each.paid)
        kept = (each.paid + each.stray - each.refunded for each in self.charges())
        return sum(kept, sum(fees, Decimal(0)))

    def counted(self, units: list[int], seen: list[int]) -> None:
        """Accept what a count of a variant found, and what it did not."""
        for pk in units:
            if pk not in seen and self.units[pk].state == "available":
                self.move(pk, "lost")
        for pk in seen:
            if self.units[pk].state in ("lost", "retired"):
                self.move(pk, "inspection")
            elif self.units[pk].state in ("repair", "inspection") and not self.units[pk].worn:
                self.shelve(pk)

    def leave(self, user: int, variant: int) -> None:
        """End a wait; what was held goes to the next."""
        held = self.held(user, variant)
        self.line = [each for each in self.line if each != (user, variant)]
        for pk in held:
            self.shelve(pk)
