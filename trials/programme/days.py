"""Counting days, at home, of grace and as late, by a programme's rule and the box's country."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from trials.programme.models import DayCount

SATURDAY = 5


def nth_day(start: date, days: int, *, count: str, country: str) -> date:
    """Return the day that is the ``days``-th after ``start``.

    Args:
        start: the day nothing is counted of, such as that of delivery.
        days: how many are counted; 0 for ``start`` itself.
        count: a ``DayCount``: every day; every day, the last moved on to a working day; or
            working days alone.
        country: two-letter code of whose weekends and public holidays count. Of a country whose
            holidays nobody has written down, Saturday and Sunday alone do.
    """
    if count == DayCount.EVERY_DAY:
        return start + timedelta(days=days)
    if count == DayCount.LAST_WORKING:
        day = start + timedelta(days=days)
        while not is_working(day, country):
            day += timedelta(days=1)
        return day
    day = start
    for _counted in range(days):
        day += timedelta(days=1)
        while not is_working(day, country):
            day += timedelta(days=1)
    return day


def end_of_nth_day(
    moment: datetime, days: int, *, count: str, country: str, zone: ZoneInfo
) -> datetime:
    """Return the last microsecond of the local day that is the ``days``-th after ``moment``'s.

    Args:
        moment: an aware time.
        days: how many are counted.
        count: as of ``nth_day``.
        country: as of ``nth_day``.
        zone: whose calendar days are meant.
    """
    day = nth_day(moment.astimezone(zone).date(), days, count=count, country=country)
    return datetime.combine(day, time.max, tzinfo=zone)


def days_after(start: date, end: date, *, count: str, country: str) -> int:
    """Return how many days of a programme have passed on ``end``; never more than the calendar's.

    Of working days those alone. Where the last day moves on to a working day, the fewest whose
    last, moved on so, has not passed before ``end``.

    Args:
        start: the day nothing is counted of, such as the last of grace.
        end: the last day that is counted.
        count: as of ``nth_day``.
        country: as of ``nth_day``.

    Returns:
        0 where ``end`` is not after ``start``.
    """
    days = max((end - start).days, 0)
    if count == DayCount.WORKING_DAYS:
        passed = (start + timedelta(days=each + 1) for each in range(days))
        return sum(is_working(day, country) for day in passed)
    if count == DayCount.LAST_WORKING:
        while days > 1 and not is_working(start + timedelta(days=days - 1), country):
            days -= 1
    return days


def is_working(day: date, country: str) -> bool:
    """Tell whether people of a country work on a day, as far as the whole country goes."""
    if (calendar := _calendar(country)) is None:
        return day.weekday() < SATURDAY
    return calendar.is_working_day(day)


@lru_cache(maxsize=256)
def _calendar(country: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None
