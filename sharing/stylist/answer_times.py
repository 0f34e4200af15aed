"""How long customers wait for the stylist: one definition, for page and API alike.

A *wait* begins with the first question after an answer, or of a thread, and ends with the next
answer, which names that question's event as its cause. What a customer adds meanwhile begins no
new wait. It is plain time that passed, nights and Sundays in it, as the customer lives through it.
A *first* wait is that of a thread's first question. Waits belong to the period in which they began.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from shop.analytics.figures import FEWEST, Rate

PROMISE = timedelta(hours=24)

WAITS = """
WITH asked AS (
    SELECT id, occurred_at AS at, coalesce((details->>'first')::boolean, false) AS is_first
    FROM shop_event
    WHERE name = 'thread_asked' AND (details->>'begins_waiting')::boolean
        AND occurred_at >= %(since)s AND occurred_at < %(until)s
), answered AS (
    SELECT caused_by, min(occurred_at) AS at
    FROM shop_event
    WHERE name = 'thread_answered' AND caused_by IS NOT NULL AND occurred_at >= %(since)s
    GROUP BY caused_by
), waits AS (
    SELECT q.is_first, extract(epoch FROM a.at - q.at) AS seconds,
        a.at <= q.at + %(promise)s AS within,
        -- Open ones count against the promise once it is broken, and are left out until then.
        a.at IS NOT NULL OR q.at + %(promise)s <= %(now)s AS is_judged
    FROM asked q LEFT JOIN answered a ON a.caused_by = q.id
)
SELECT count(*), count(seconds),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds),
    count(*) FILTER (WHERE within), count(*) FILTER (WHERE is_judged)
FROM waits WHERE is_first OR NOT %(first_only)s
"""


@dataclass(frozen=True)
class Times:
    """How long one kind of wait took.

    Attributes:
        asked: how many began.
        answered: how many have ended.
        median: half of the ended ones took no longer; nothing below ``FEWEST`` of them.
        p90: nine of ten took no longer; likewise.
        within: those that ended within ``PROMISE``, of those that ended or are older than it.
    """

    asked: int
    answered: int
    median: timedelta | None
    p90: timedelta | None
    within: Rate


@dataclass(frozen=True)
class AnswerTimes:
    """All waits of a period, and first ones among them."""

    since: datetime
    until: datetime
    first: Times
    every: Times


def answer_times(*, since: datetime, until: datetime, now: datetime | None = None) -> AnswerTimes:
    """Return how long customers waited whose wait began in a period: two queries.

    Args:
        since: from this moment on.
        until: up to this moment.
        now: when waits still open are judged; the present by default.
    """
    values = {"since": since, "until": until, "promise": PROMISE, "now": now or timezone.now()}
    return AnswerTimes(
        since,
        until,
        first=_times({**values, "first_only": True}),
        every=_times({**values, "first_only": False}),
    )


def _times(values: dict[str, Any]) -> Times:
    with connection.cursor() as cursor:
        cursor.execute(WAITS, values)
        asked, answered, median, p90, within, judged = cursor.fetchone()
    enough = answered >= FEWEST
    return Times(
        asked=asked,
        answered=answered,
        median=timedelta(seconds=float(median)) if enough else None,
        p90=timedelta(seconds=float(p90)) if enough else None,
        within=Rate(within, judged),
    )
