"""When somebody may be written to: by day, and about many small things once in the evening."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_UNTIL = time(22), time(8)
DIGEST_AT = time(18)


def next_waking(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return ``moment``, or the end of the quiet hours it falls into.

    Args:
        moment: an aware time.
        zone: the reader's.
    """
    local = moment.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, tzinfo=zone)


def next_digest(moment: datetime, zone: ZoneInfo, *, not_today: bool = False) -> datetime:
    """Return when the next digest goes out.

    Args:
        moment: an aware time.
        zone: the reader's.
        not_today: today's has gone out already.
    """
    local = moment.astimezone(zone)
    late = not_today or local.time() >= DIGEST_AT
    return datetime.combine(local.date() + timedelta(days=int(late)), DIGEST_AT, tzinfo=zone)


def start_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the begin of the local day of ``moment``."""
    return datetime.combine(moment.astimezone(zone).date(), time.min, tzinfo=zone)
