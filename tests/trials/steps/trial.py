"""A trial, its frames, and what was told of its parcels: a part of the model."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tests.trials.steps.amounts import AWAY, Charge, Proposal
from tests.trials.steps.terms import DEPOSIT, FEE, WAY_BACK, first_scan, handed_over, late_fee

OVER = ("closed", "cancelled", "declined")
WITH_HER = ("shipped", "delivered", "returning", "received")
AFTER_HER = ("delivered", "returning", "received")


@dataclass
class Item:
    """A frame of a trial; ``row`` names it in the shop."""

    row: UUID
    variant: int
    unit: int
    price: Decimal
    outcome: str = "at_home"
    open: bool = True
    holds: bool = True
    packed: bool = False
    picked: bool = False
    short: bool = False
    inspected: bool = False
    inspected_at: datetime | None = None
    found: str = ""
    proposal: Proposal | None = None
    keeping: bool = False
    being_charged: bool = False
    charges: dict[str, Charge] = field(default_factory=dict)

    def owed(self) -> list[Charge]:
        return [each for each in self.charges.values() if each.state == "owed"]

    def away_charge(self) -> Charge | None:
        return next((self.charges[each] for each in AWAY if each in self.charges), None)


@dataclass
class Trial:
    """A trial and what was told of its parcels."""

    user: int
    items: list[Item]
    state: str = "requested"
    paid: bool = False
    called_off: bool = False
    given_back: Decimal = Decimal(0)
    late: Charge | None = None
    received_at: datetime | None = None
    returning_at: datetime | None = None
    said_sent_at: datetime | None = None
    # That she sent it, she has taken back before.
    took_back: bool = False
    batch: int | None = None
    labelled: bool = False
    delivered: bool = False
    # Brought back by the carrier, which could not deliver it.
    turned: bool = False
    extended: bool = False
    said_empty: bool = False
    charge_at: datetime | None = None
    due_at: datetime | None = None
    reminded_at: datetime | None = None
    told: dict[str, list[tuple[datetime, str]]] = field(
        default_factory=lambda: {"outbound": [], "return": []}
    )
    given_up: set[str] = field(default_factory=set)

    def is_swappable(self) -> bool:
        """Tell whether a frame can be swapped into it: nobody picks or packs it yet."""
        packed = any(each.packed for each in self.items)
        return self.state in ("requested", "approved") and self.batch is None and not packed

    def parcel(self, leg: str) -> str:
        """Return where a parcel is: on its way out sent back for good, back delivered for good."""
        told = sorted(self.told[leg])
        turned = [at for at, status in told if status == "sent_back"]
        arrived = [at for at, status in told if status == "delivered"]
        if arrived and (not turned or (leg == "return" and arrived[0] < turned[0])):
            return "delivered"
        if turned:
            return "sent_back"
        return told[-1][1] if told else "labelled"

    def never_arrived(self) -> bool:
        """Tell whether what was paid for it goes back: its box never left, or never reached her."""
        if self.turned and self.state == "closed":
            return True
        lost = all(item.outcome == "lost" for item in self.items)
        never = self.state == "closed" and (not self.delivered or "outbound" in self.given_up)
        return self.state in ("cancelled", "declined") or (never and lost)

    def to_give_back(self) -> Decimal:
        """Return what of fee and deposit goes back, now that it is over, or has before."""
        if not self.paid or self.state not in OVER:
            return self.given_back
        whole = FEE + DEPOSIT if self.never_arrived() else DEPOSIT
        return max(self.given_back, whole - self.kept_deposit())

    def kept_deposit(self) -> Decimal:
        """Return what the deposit paid of debts that were written off."""
        late = [self.late] if self.late else []
        charges = [*late, *(each for item in self.items for each in item.charges.values())]
        return sum((each.from_deposit for each in charges), Decimal(0))

    def handed_over_at(self, here: datetime) -> datetime:
        """Return when what was found at the shop then left her hands, in doubt for her."""
        if self.received_at is not None and here > self.received_at:
            # In another parcel than the one there is, of which nobody tells.
            return here - WAY_BACK
        return handed_over(
            scan=first_scan(self.told["return"]),
            moved=self.returning_at,
            said=self.said_sent_at,
            here=here,
        )

    def late_fee(self) -> Decimal:
        """Return the fee for what came back: that of what was handed over last."""
        ends = [
            self.handed_over_at(item.inspected_at)
            for item in self.items
            if item.inspected_at is not None and item.outcome in ("returned", "damaged")
        ]
        return late_fee(self.charge_at, max(ends)) if ends else Decimal(0)

    def owes_nothing(self, now: datetime) -> bool:
        """Tell whether what comes back now was handed over before the days of grace ended."""
        return self.charge_at is None or self.handed_over_at(now) <= self.charge_at

    def owed(self) -> bool:
        late = self.late is not None and self.late.state == "owed"
        return late or any(item.owed() for item in self.items)

    def left_to_pick(self) -> bool:
        return any(not (item.picked or item.packed or item.short) for item in self.items)

    def all_fetched(self) -> bool:
        return all(item.picked or item.packed for item in self.items)
