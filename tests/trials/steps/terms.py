"""The terms under which the small shop of the steps sends boxes."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

FEE, DEPOSIT = Decimal("4.00"), Decimal("6.00")
LATE_RETURN, LATE_SHARE = timedelta(days=20), Decimal("0.8")
DAMAGED_SHARE = Decimal("0.4")
LATE_FEE, MOST_LATE_FEE = Decimal("2.00"), Decimal("10.00")
ZONE = ZoneInfo("Europe/Berlin")


def late_fee(charge_at: datetime | None, back_at: datetime) -> Decimal:
    """Return what it costs that the last frame came back at some time: so much a calendar day."""
    if charge_at is None:
        return Decimal(0)
    days = (back_at.astimezone(ZONE).date() - charge_at.astimezone(ZONE).date()).days
    return min(max(days, 0) * LATE_FEE, MOST_LATE_FEE)
