"""What is due to a person of each kind, and all that it comes to when it happens once."""

from dataclasses import dataclass

PRICE, LATE_FEE, DAMAGE = 145_00, 10_00, 58_00
CHARGED = "is yours: we have charged your card"
REFUSED = "We could not charge your card for try-on box"


@dataclass(frozen=True)
class Due:
    """What one person gets, no more and no less.

    Attributes:
        mails: words of each mail's subject.
        stripe: every charge at Stripe: how it went, and how much was taken, in cents.
        charges: what is owed for her trial: why, and what became of it.
        booked: what her ledger says came in at Stripe, in cents.
        holds: the state of every hold on her card.
        trial: the state of her trial; empty where she has none.
    """

    mails: tuple[str, ...]
    stripe: tuple[tuple[str, int], ...] = ()
    charges: tuple[tuple[str, str], ...] = ()
    booked: int = 0
    holds: tuple[str, ...] = ()
    trial: str = ""


def _charged(why: str, mail: str, amount: int = PRICE) -> Due:
    return Due(
        mails=(mail,),
        stripe=(("succeeded", amount),),
        charges=((why, "paid"),),
        booked=amount,
        trial="closed",
    )


def _refused(*stripe: tuple[str, int]) -> Due:
    owed = (("unreturned", "owed"),)
    return Due(mails=(REFUSED,), stripe=stripe, charges=owed, trial="delivered")


KINDS: dict[str, Due] = {
    # Reminders while the box is at home, and once its days are over.
    "first-day": Due(("Your first day with your frames",), trial="delivered"),
    "third-day": Due(("2 more days with your frames",), trial="delivered"),
    "last-day": Due(("Today is the last day of your try-on box",), trial="delivered"),
    "overdue": Due(("Please send your try-on box",), trial="delivered"),
    # What is charged at the end, by cards that pay, that refuse, that want their owner, and later.
    "missing": _charged("unreturned", CHARGED),
    # Three frames of a box are three charges, and one mail.
    "missing-all": Due(
        mails=("We have charged €435.00 for try-on box",),
        stripe=(("succeeded", PRICE),) * 3,
        charges=(("unreturned", "paid"),) * 3,
        booked=3 * PRICE,
        trial="closed",
    ),
    "refused": _refused(("failed", 0)),
    "confirm": _refused(("failed", 0)),
    "refused-again": _refused(("failed", 0), ("failed", 0)),
    "paid-later": Due(
        mails=("is yours: we have charged your card",),
        stripe=(("failed", 0), ("succeeded", PRICE)),
        charges=(("unreturned", "paid"),),
        booked=PRICE,
        trial="closed",
    ),
    "kept": _charged("kept", "is yours"),
    "late": _charged("late", "The late fee for try-on box", LATE_FEE),
    "damaged": _charged("damaged", "The damage to", DAMAGE),
    # What is held: anew, refused anew, and taken.
    "held": Due(
        mails=("is held anew",),
        stripe=(("succeeded", 0), ("succeeded", 0)),
        holds=("authorised", "released"),
        trial="delivered",
    ),
    "held-no-more": Due(
        mails=("is held anew", "Another card for your box"),
        stripe=(("failed", 0), ("succeeded", 0)),
        holds=("authorised", "refused"),
        trial="delivered",
    ),
    "taken": Due(
        mails=(CHARGED,),
        stripe=(("succeeded", PRICE),),
        charges=(("unreturned", "paid"),),
        booked=PRICE,
        holds=("captured",),
        trial="closed",
    ),
    "unpaid": Due(("was not paid in time",), trial="cancelled"),
    # Lines, and votes of friends.
    "next-in-line": Due(("is free for you to try",)),
    "voting-ends": Due(("The voting on your frames ends soon",)),
    "voting-over": Due(("The voting on your frames is over",)),
    "voted-at-night": Due(("The first friend has voted",)),
    "votes-of-a-day": Due(("Your day in short",)),
}


def address(kind: str, number: int) -> str:
    """Return where the person of a kind and number is written to."""
    return f"{kind}.{number}@soak.example"
