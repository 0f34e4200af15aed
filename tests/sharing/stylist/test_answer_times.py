"""How long customers wait: what counts as a wait, and what is said of few."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharing.stylist.answer_times import PROMISE, answer_times
from shop.analytics.names import EventName
from shop.analytics.services import SHOP, record

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
END = BEGIN + timedelta(days=28)
NOW = END + timedelta(days=30)


def wait(minutes: int | None, *, at: datetime = BEGIN, first: bool = True) -> None:
    """Record a question and, unless it waits for ever, its answer."""
    thread = ("thread", uuid.uuid4())
    asked = record(
        EventName.THREAD_ASKED,
        key=f"asked:{thread[1]}",
        subject=thread,
        person=SHOP,
        occurred_at=at,
        details={"begins_waiting": True, "first": first},
    )
    if minutes is not None:
        record(
            EventName.THREAD_ANSWERED,
            key=f"answered:{thread[1]}",
            subject=thread,
            person=SHOP,
            occurred_at=at + timedelta(minutes=minutes),
            caused_by=asked,
        )


def measured():
    return answer_times(since=BEGIN, until=END, now=NOW)


def test_few_answers_have_no_median_and_a_share_without_percent() -> None:
    for _each in range(19):
        wait(10)
    found = measured().every
    assert (found.asked, found.answered, found.median, found.p90) == (19, 19, None, None)
    assert (found.within.part, found.within.whole) == (19, 19)
    assert not found.within.is_sure_enough


def test_of_many_the_middle_and_the_ninetieth_are_told() -> None:
    for minutes in range(1, 102):
        wait(minutes)
    found = measured().every
    assert found.median == timedelta(minutes=51)
    assert found.p90 == timedelta(minutes=91)


def test_a_wait_of_exactly_a_day_keeps_the_promise_and_a_longer_one_breaks_it() -> None:
    day = int(PROMISE.total_seconds()) // 60
    wait(day)
    wait(day + 1)
    assert (measured().every.within.part, measured().every.within.whole) == (1, 2)


def test_an_open_wait_counts_against_the_promise_once_it_is_broken() -> None:
    wait(None, at=END - timedelta(hours=1))
    young = answer_times(since=BEGIN, until=END, now=END)
    assert (young.every.asked, young.every.within.whole) == (1, 0)
    old = answer_times(since=BEGIN, until=END, now=END + PROMISE)
    assert (old.every.within.part, old.every.within.whole) == (0, 1)


def test_first_waits_are_told_apart() -> None:
    wait(10)
    wait(20, first=False)
    assert (measured().first.asked, measured().every.asked) == (1, 2)


def test_waits_belong_to_the_period_in_which_they_began() -> None:
    wait(10, at=BEGIN - timedelta(seconds=1))
    wait(10, at=BEGIN)
    wait(10, at=END)
    assert measured().every.asked == 1


def test_what_a_customer_adds_begins_no_wait() -> None:
    record(
        EventName.THREAD_ASKED,
        key="added",
        subject=("thread", 1),
        person=SHOP,
        occurred_at=BEGIN,
        details={"begins_waiting": False, "first": False},
    )
    assert measured().every.asked == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(0, 5000)), max_size=30))
def test_the_shares_are_those_of_a_plain_count(waits: list[int | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE shop_event, shop_eventkey")
    for each in waits:
        wait(each)
    found, done = measured().every, [each for each in waits if each is not None]
    assert (found.asked, found.answered) == (len(waits), len(done))
    assert found.within.part == sum(each <= 24 * 60 for each in done)
    assert found.within.whole == len(waits)


def test_many_waits_take_no_more_queries() -> None:
    with CaptureQueriesContext(connection) as before:
        measured()
    for _each in range(5):
        wait(10)
    with CaptureQueriesContext(connection) as after:
        measured()
    assert len(before) == len(after) == 2
