"""The days of one trial, counted as its programme says in its customer's zone and country."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from trials.home_trials.models import Trial
from trials.programme.days import end_of_nth_day, is_working, nth_day
from trials.programme.models import DayCount

# A reminder of a day goes out in its morning, by the customer's clock.
REMINDED_AT = time(9)


def last_days(
    trial: Trial, *, since: datetime | None = None, days: int | None = None
) -> tuple[datetime, datetime]:
    """Return the ends of the last day at home and of the last day of grace.

    Args:
        trial: with its programme's version, user and address; its days are being counted.
        since: the time from whose local day on ``days`` are counted; the beginning if not given.
        days: how many; the programme's days at home if not given.
    """
    rules, country, zone = trial.programme_version, trial.address.country, trial.user.zone
    begin = since or trial.counted_from
    assert begin is not None
    due_at = end_of_nth_day(
        begin,
        rules.days_at_home if days is None else days,
        count=rules.day_count,
        country=country,
        zone=zone,
    )
    charge_at = end_of_nth_day(
        due_at, rules.grace_days, count=rules.day_count, country=country, zone=zone
    )
    return due_at, charge_at


def ships_by(approved_at: datetime) -> datetime:
    """Return the end of the last day on which a box leaves in time, in the shop's zone.

    That is ``SHIP_WITHIN_DAYS`` working days of the shop's country after the day that counts. What
    is approved at ``SHIP_CUTOFF_HOUR`` or later, or on a day off, counts as of the next one.

    Args:
        approved_at: an aware time.
    """
    zone, country = ZoneInfo(settings.SHOP_TIME_ZONE), settings.SHOP_COUNTRY
    local = approved_at.astimezone(zone)
    count = DayCount.WORKING_DAYS
    today = local.hour < settings.SHIP_CUTOFF_HOUR and is_working(local.date(), country)
    first = nth_day(local.date(), 0 if today else 1, count=count, country=country)
    day = nth_day(first, settings.SHIP_WITHIN_DAYS, count=count, country=country)
    return datetime.combine(day, time.max, tzinfo=zone)


def reminders(trial: Trial) -> Iterator[tuple[int, datetime]]:
    """Yield the days at home a customer is written to on, and at what time, by rising day.

    The programme's last day means the last day she has, which an extension moves.

    Args:
        trial: as of ``last_days``; one that is not at home yields nothing.
    """
    if trial.counted_from is None or trial.due_at is None:
        return
    rules, zone = trial.programme_version, trial.user.zone
    start, last = trial.counted_from.astimezone(zone).date(), trial.due_at.astimezone(zone).date()
    for number in sorted(set(rules.reminder_days)):
        if number < rules.days_at_home:
            day = nth_day(start, number, count=rules.day_count, country=trial.address.country)
        elif number == rules.days_at_home:
            day = last
        else:
            continue
        yield number, datetime.combine(day, REMINDED_AT, tzinfo=zone)


def next_reminder(trial: Trial, *, after: datetime) -> datetime | None:
    """Return when a customer is written to next while the box is with her.

    Args:
        trial: as of ``last_days``.
        after: an aware time.
    """
    return min((at for _number, at in reminders(trial) if at > after), default=None)


def days_left(trial: Trial, now: datetime) -> int:
    """Return how many local days lie between now and the last day at home; 0 on that day."""
    assert trial.due_at is not None
    zone = trial.user.zone
    last: date = trial.due_at.astimezone(zone).date()
    return max((last - now.astimezone(zone).date()).days, 0)
