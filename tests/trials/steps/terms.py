"""The terms under which the small shop of the steps sends boxes."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

FEE, DEPOSIT = Decimal("4.00"), Decimal("6.00")
LATE_RETURN, LATE_SHARE = timedelta(days=20), Decimal("0.8")
DAMAGED_SHARE = Decimal("0.4")
LATE_FEE, MOST_LATE_FEE = Decimal("2.00"), Decimal("10.00")
# How long it takes from the counter to the first scan.
SCAN_TAKES = timedelta(hours=12)
# How long a box is under way of which no scan tells, and how long a customer's word stands for one.
WAY_BACK, WORD_COUNTS_FOR = timedelta(days=5), timedelta(days=4)
ZONE = ZoneInfo("Europe/Berlin")


def late_fee(charge_at: datetime | None, back_at: datetime) -> Decimal:
    """Return what it costs that the last frame came back at some time: so much a calendar day."""
    if charge_at is None:
        return Decimal(0)
    days = (back_at.astimezone(ZONE).date() - charge_at.astimezone(ZONE).date()).days
    return min(max(days, 0) * LATE_FEE, MOST_LATE_FEE)


def first_scan(told: list[tuple[datetime, str]]) -> datetime | None:
    """Return when the carrier had a box; its usual way before, where only the arrival is told.

    By its first scan, less what it may take to come to it.
    """
    scans = sorted(each for each in told if each[1] in ("in_transit", "delivered"))
    if any(status == "in_transit" for _at, status in scans):
        return scans[0][0] - SCAN_TAKES
    return scans[0][0] - WAY_BACK if scans else None


def handed_over(
    *, scan: datetime | None, moved: datetime | None, said: datetime | None, here: datetime
) -> datetime:
    """Return when a box left its customer's hands: by its scan, or else by what is known of it."""
    known = scan or moved or here - WAY_BACK
    return said if said is not None and said <= known <= said + WORD_COUNTS_FOR else known
