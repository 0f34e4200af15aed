"""What is owed in the model, and what is proposed to be."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

# A charge for a frame that is away; the frame is hers once it is paid.
AWAY = ("unreturned", "kept")
PAID = ("paid", "partly_refunded", "refunded")


@dataclass
class Charge:
    """What is owed for a frame, and what became of it."""

    amount: Decimal
    state: str = "owed"
    paid: Decimal = Decimal(0)
    due_back: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    # Paid by the deposit, once it was written off.
    from_deposit: Decimal = Decimal(0)
    # Paid though it was let go: that goes back in full, once.
    stray: Decimal = Decimal(0)
    was_stray: bool = False
    # Kept from what was given back for a frame: no card was asked.
    kept_back: bool = False


@dataclass
class Proposal:
    """What is proposed to be charged for damage."""

    amount: Decimal
    state: str = "proposed"
    answer_until: datetime | None = None

    def is_open(self) -> bool:
        return self.state in ("proposed", "accepted", "objected")
