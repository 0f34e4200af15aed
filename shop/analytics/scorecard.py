"""The social scorecard: one definition of each figure, for page, API and CSV alike.

All of it is computed from events, in three queries. ``recount`` counts the same a second time by
another way, and ``manage.py recount_scorecard`` compares the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import connection
from django.utils import timezone

from shop.analytics.figures import Label, Rate, ratio

# A trial that led to a paid order within so many days of its delivery converted.
CONVERSION_DAYS = 30
# Shared means that the owner sent a link by an act we saw, or that somebody came by one: whoever
# copies an address by hand is not seen, and before acts were noted nobody was. A link merely made
# has not been shared, then as now.
STAGES = ("delivered", "gallery", "shared", "seen", "voted", "ordered")

TRIALS = """
WITH delivered AS (
    SELECT subject_id AS trial, min(occurred_at) AS at
    FROM shop_event
    WHERE name = 'trial_delivered' AND subject_type = 'trial'
    GROUP BY subject_id
    HAVING min(occurred_at) >= %(since)s AND min(occurred_at) < %(until)s
), wished AS (
    SELECT e.subject_id AS trial, min(e.person_id) AS customer
    FROM shop_event e JOIN delivered d ON d.trial = e.subject_id
    WHERE e.name = 'trial_requested' AND e.subject_type = 'trial'
    GROUP BY e.subject_id
), votes AS (
    -- Each vote as it stands: the last word said of whether it counts.
    SELECT DISTINCT ON (trial, coalesce(e.details->>'vote', e.id::text))
        e.details->>'trial' AS trial,
        CASE e.name
            WHEN 'vote_cast' THEN coalesce((e.details->>'counted')::boolean, true)
            ELSE e.name = 'vote_restored'
        END AS counted
    FROM shop_event e JOIN delivered d ON d.trial = e.details->>'trial'
    WHERE e.name IN ('vote_cast', 'vote_excluded', 'vote_restored')
    ORDER BY trial, coalesce(e.details->>'vote', e.id::text), e.occurred_at DESC,
        e.name <> 'vote_cast' DESC
), social AS (
    SELECT e.details->>'trial' AS trial,
        bool_or(e.name = 'gallery_created') AS gallery,
        bool_or(e.name IN ('link_shared', 'link_viewed')) AS shared,
        bool_or(e.name = 'link_viewed') AS seen
    FROM shop_event e JOIN delivered d ON d.trial = e.details->>'trial'
    WHERE e.name IN ('gallery_created', 'link_shared', 'link_viewed')
    GROUP BY 1
), outcome AS (
    SELECT d.trial, d.at,
        coalesce(s.gallery, false) AS gallery,
        coalesce(s.gallery AND s.shared, false) AS shared,
        coalesce(s.gallery AND s.shared AND s.seen, false) AS seen,
        coalesce(s.gallery AND s.shared AND s.seen, false)
            AND EXISTS (SELECT FROM votes v WHERE v.trial = d.trial AND v.counted) AS voted,
        EXISTS (
            SELECT 1 FROM shop_event o
            WHERE o.name = 'order_paid' AND o.person_type = 'customer'
                AND o.person_id = w.customer
                AND o.occurred_at >= d.at AND o.occurred_at < d.at + %(window)s
        ) AS ordered
    FROM delivered d LEFT JOIN wished w USING (trial) LEFT JOIN social s USING (trial)
)
SELECT date_trunc('week', at AT TIME ZONE 'UTC')::date AS week,
    count(*) AS delivered,
    count(*) FILTER (WHERE gallery) AS gallery,
    count(*) FILTER (WHERE shared) AS shared,
    count(*) FILTER (WHERE seen) AS seen,
    count(*) FILTER (WHERE voted) AS voted,
    count(*) FILTER (WHERE voted AND ordered) AS ordered,
    count(*) FILTER (WHERE shared AND ripe) AS sharers,
    count(*) FILTER (WHERE shared AND ripe AND ordered) AS sharers_ordered,
    count(*) FILTER (WHERE NOT shared AND ripe) AS others,
    count(*) FILTER (WHERE NOT shared AND ripe AND ordered) AS others_ordered,
    count(*) FILTER (WHERE NOT ripe) AS open
FROM (SELECT *, at + %(window)s <= %(now)s AS ripe FROM outcome) judged
GROUP BY 1 ORDER BY 1
"""

ORDERS = """
SELECT channel, amount_currency, count(*), sum(amount)
FROM shop_event
WHERE name = 'order_paid' AND occurred_at >= %(since)s AND occurred_at < %(until)s
GROUP BY channel, amount_currency, link <> ''
HAVING link <> ''
ORDER BY channel, amount_currency
"""

ACTS = """
SELECT name, count(*) FROM shop_event
WHERE occurred_at >= %(since)s AND occurred_at < %(until)s
    AND name IN ('trial_requested', 'link_viewed', 'vote_cast', 'comment_added',
        'referral_clicked', 'referral_joined', 'order_paid')
GROUP BY name
"""


# Of the period where none, or one that makes no sense, is asked for.
USUAL_DAYS = 90
MOST_DAYS = 3660


def days_asked(text: str) -> int:
    """Return the length of a period as somebody typed it; the usual one if it makes no sense."""
    days = int(text) if text.isdecimal() and len(text) <= len(str(MOST_DAYS)) else 0
    return days if 1 <= days <= MOST_DAYS else USUAL_DAYS


@dataclass
class Week:
    """The trials delivered in one week, as far as each came.

    Attributes:
        monday: the first day, in UTC.
        stages: how many reached each of ``STAGES``; who reached one reached all before it.
        is_open: some of them may still order within the window.
    """

    monday: date
    stages: dict[str, int]
    is_open: bool


@dataclass
class LinkOrders:
    """Paid orders of customers who last came by a friend's link.

    Attributes:
        channel: of that link.
        orders: how many.
        revenue: what they paid, in ``currency``.
        currency: ISO 4217.
    """

    channel: str
    orders: int
    revenue: Decimal
    currency: str
    label: Label = Label.ATTRIBUTED


@dataclass
class Scorecard:
    """The figures of a period.

    Attributes:
        since: from this moment on, of deliveries, orders and acts.
        until: up to this moment.
        weeks: the funnel by week of delivery.
        sharers: conversion of trials whose gallery was shared (see ``STAGES``), ripe ones only.
        others: conversion of all other ripe trials.
        link_orders: orders by friends' links, by channel.
        acts: how often each act happened.
    """

    since: datetime
    until: datetime
    weeks: list[Week]
    sharers: Rate
    others: Rate
    link_orders: list[LinkOrders]
    acts: dict[str, int] = field(default_factory=dict)

    @property
    def stages(self) -> dict[str, int]:
        """The funnel of the whole period."""
        return {stage: sum(week.stages[stage] for week in self.weeks) for stage in STAGES}

    @property
    def steps(self) -> list[tuple[str, Rate]]:
        """Each stage after the first, with its rate from the one before."""
        stages = self.stages
        return [(stage, Rate(stages[stage], stages[before])) for before, stage in pairwise(STAGES)]

    @property
    def conversion(self) -> Rate:
        """Delivered trials with a paid order within the window, of those old enough."""
        return Rate(self.sharers.part + self.others.part, self.sharers.whole + self.others.whole)

    @property
    def sharing_ratio(self) -> float | None:
        """How many times as often sharers ordered: descriptive, for people who share differ."""
        return ratio(self.sharers, self.others)


def _rows(sql: str, values: dict[str, Any]) -> Sequence[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def scorecard(*, since: datetime, until: datetime, now: datetime | None = None) -> Scorecard:
    """Return the figures of a period.

    Args:
        since: from this moment on.
        until: up to this moment.
        now: when a cohort is judged open or ripe; the present by default.
    """
    values: dict[str, datetime | timedelta] = {
        "since": since,
        "until": until,
        "now": now or timezone.now(),
        "window": timedelta(days=CONVERSION_DAYS),
    }
    weeks, totals = [], [0, 0, 0, 0]
    for row in _rows(TRIALS, values):
        monday, counts = row[0], [int(str(cell)) for cell in row[1:]]
        assert isinstance(monday, date)
        stages = dict(zip(STAGES, counts[:6], strict=True))
        weeks.append(Week(monday, stages, is_open=counts[10] > 0))
        totals = [total + count for total, count in zip(totals, counts[6:10], strict=True)]
    return Scorecard(
        since=since,
        until=until,
        weeks=weeks,
        sharers=Rate(totals[1], totals[0]),
        others=Rate(totals[3], totals[2]),
        link_orders=[
            LinkOrders(str(channel), int(str(count)), Decimal(str(revenue)), str(currency))
            for channel, currency, count, revenue in _rows(ORDERS, values)
        ],
        acts={str(name): int(str(count)) for name, count in _rows(ACTS, values)},
    )
