"""Times: aware and in UTC; a customer's days are counted in her own zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_day(moment: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """Return the last microsecond of the local day ``days`` after ``moment``'s.

    Args:
        moment: an aware time.
        days: whole calendar days, so that a change of summer time moves nothing.
        zone: the zone whose calendar counts.

    Returns:
        An aware time in ``zone``.
    """
    day = moment.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time.max, tzinfo=zone)
