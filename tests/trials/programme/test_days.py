"""Days at home by a programme's rule, over weekends and the holidays of a country."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trials.programme.days import days_after, is_working, nth_day
from trials.programme.models import DayCount

WEDNESDAY, FRIDAY = date(2026, 12, 23), date(2026, 12, 18)


@pytest.mark.parametrize(
    ("count", "country", "last"),
    [
        (DayCount.EVERY_DAY, "DE", date(2026, 12, 25)),
        # Friday and Saturday are Christmas days, then comes Sunday.
        (DayCount.LAST_WORKING, "DE", date(2026, 12, 28)),
        # Christmas Eve is a working day, the next one is Monday.
        (DayCount.WORKING_DAYS, "DE", date(2026, 12, 28)),
        # In Britain Monday makes up for Boxing Day on a Saturday.
        (DayCount.LAST_WORKING, "GB", date(2026, 12, 29)),
        # Nobody has written down the holidays of no country: weekends alone count.
        (DayCount.LAST_WORKING, "ZZ", date(2026, 12, 25)),
    ],
)
def test_two_days_before_christmas_end_as_the_programme_says(
    count: DayCount, country: str, last: date
) -> None:
    assert nth_day(WEDNESDAY, 2, count=count, country=country) == last


@given(
    start=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    days=st.integers(0, 30),
    country=st.sampled_from(["DE", "GB", "US", "IL", "JP", "ZZ"]),
)
def test_working_days_are_counted_one_by_one(start: date, days: int, country: str) -> None:
    last = nth_day(start, days, count=DayCount.WORKING_DAYS, country=country)
    between = [start + timedelta(days=each + 1) for each in range((last - start).days)]

    assert sum(is_working(day, country) for day in between) == days
    assert not days or is_working(last, country)


@given(
    start=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    days=st.integers(0, 30),
    country=st.sampled_from(["DE", "GB", "US", "IL", "JP", "ZZ"]),
)
def test_a_last_day_moves_on_to_the_first_working_one(start: date, days: int, country: str) -> None:
    counted = start + timedelta(days=days)
    last = nth_day(start, days, count=DayCount.LAST_WORKING, country=country)

    assert is_working(last, country)
    skipped = [counted + timedelta(days=each) for each in range((last - counted).days)]
    assert not any(is_working(day, country) for day in skipped)


@pytest.mark.parametrize(
    ("end", "every", "last_moved", "working"),
    [
        (date(2026, 12, 18), 0, 0, 0),
        (date(2026, 12, 19), 1, 1, 0),
        (date(2026, 12, 20), 2, 1, 0),
        # The one late day was Saturday: it lasts until Monday.
        (date(2026, 12, 21), 3, 1, 1),
        (date(2026, 12, 22), 4, 4, 2),
        # Over both Christmas days and the Sunday after them.
        (date(2026, 12, 28), 10, 7, 5),
        (date(2026, 12, 1), 0, 0, 0),
    ],
)
def test_days_after_a_friday_are_counted_as_the_programme_says(
    end: date, every: int, last_moved: int, working: int
) -> None:
    counted = [days_after(FRIDAY, end, count=each, country="DE") for each in DayCount]
    assert counted == [every, last_moved, working]


@given(
    start=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    days=st.integers(0, 60),
    country=st.sampled_from(["DE", "GB", "US", "IL", "JP", "ZZ"]),
    count=st.sampled_from(list(DayCount)),
)
def test_no_rule_counts_more_days_than_the_calendar_nor_fewer_on_the_next_day(
    start: date, days: int, country: str, count: DayCount
) -> None:
    end = start + timedelta(days=days)
    today, tomorrow = (
        days_after(start, each, count=count, country=country)
        for each in (end, end + timedelta(days=1))
    )
    assert 0 <= today <= days
    assert today <= tomorrow


@given(
    start=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    days=st.integers(1, 30),
    country=st.sampled_from(["DE", "GB", "US", "IL", "JP", "ZZ"]),
    count=st.sampled_from(list(DayCount)),
)
def test_the_nth_day_is_so_many_days_after(
    start: date, days: int, country: str, count: DayCount
) -> None:
    assert (
        days_after(
            start, nth_day(start, days, count=count, country=country), count=count, country=country
        )
        <= days
    )
    if count != DayCount.LAST_WORKING:
        assert (
            days_after(
                start,
                nth_day(start, days, count=count, country=country),
                count=count,
                country=country,
            )
            == days
        )
