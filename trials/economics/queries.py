"""Contribution margin per trial: one query, for page, API and CSV.

Counted is what was booked in the period, whenever the trial was. What is booked for no trial is a
row of its own, so that all rows together are the ledger, to the cent: ``difference`` says by how
much they are not, and is zero.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from math import sqrt
from typing import Any

from django.db import connection

from shop.analytics.figures import Label
from shop.analytics.statistics import Z_95
from shop.foundation.money import decimals
from shop.foundation.postgres.snapshot import one_snapshot
from trials.economics.lines import ACCOUNTS, ENTRIES, ORDER_DAYS
from trials.returns.services.making import PURPOSES

# Below so many trials no interval of their mean is given: margins are skewed, and the normal
# distribution stands for their mean only where there are enough of them.
FEWEST = 30


class By(StrEnum):
    """What trials are grouped by."""

    PROGRAMME = "programme"
    FRAME = "frame"
    CUSTOMER = "customer"
    SOURCE = "source"


# A group's key and its name, of a trial and the frame its amount is for.
GROUPS = {
    By.PROGRAMME: "programme.name",
    By.FRAME: "frame.name",
    # New where she had asked for no trial, and paid for no order, before.
    By.CUSTOMER: """CASE WHEN EXISTS (
            SELECT 1 FROM trials_trial earlier
            WHERE earlier.user_id = trial.user_id AND earlier.requested_at < trial.requested_at
        ) OR EXISTS (
            SELECT 1 FROM shop_order earlier
            WHERE earlier.user_id = trial.user_id AND earlier.paid_at < trial.requested_at
        ) THEN 'returning' ELSE 'new' END""",
    # By the last touch before the trial was asked for.
    By.SOURCE: "CASE WHEN trial.link <> '' THEN 'referred' ELSE 'other' END",
}

# Amounts of one trial and account. For frames, what is booked for the box as a whole is shared
# evenly among its frames: each gets the difference of two rounded shares of the whole, so that they
# sum to it to the smallest coin.
OF_TRIALS = """
SELECT trial_id, NULL::bigint AS variant_id, account, sum(amount) AS amount
FROM entries WHERE trial_id IS NOT NULL GROUP BY trial_id, account
"""
OF_FRAMES = """
SELECT trial_id, variant_id, account, sum(amount) AS amount FROM (
    SELECT trial_id, variant_id, account, amount
    FROM entries WHERE trial_id IS NOT NULL AND variant_id IS NOT NULL
    UNION ALL
    SELECT whole.trial_id, item.variant_id, whole.account,
        round(whole.amount * item.place / item.frames, %(decimals)s)
            - round(whole.amount * (item.place - 1) / item.frames, %(decimals)s)
    FROM (
        SELECT trial_id, account, sum(amount) AS amount FROM entries
        WHERE trial_id IS NOT NULL AND variant_id IS NULL GROUP BY trial_id, account
    ) whole
    JOIN (
        SELECT trial_id, variant_id, row_number() OVER box AS place,
            count(*) OVER (PARTITION BY trial_id) AS frames
        FROM trials_trialitem
        WHERE trial_id IN (SELECT trial_id FROM entries)
        WINDOW box AS (PARTITION BY trial_id ORDER BY id)
    ) item ON item.trial_id = whole.trial_id
) shared GROUP BY trial_id, variant_id, account
"""
MARGINS = """
WITH entries AS MATERIALIZED (
    SELECT * FROM ({entries}) entry WHERE currency = %(currency)s
), amounts AS (
    {amounts}
), each AS (
    SELECT trial_id, variant_id, jsonb_object_agg(account, amount) AS accounts,
        sum(amount) AS margin
    FROM amounts GROUP BY trial_id, variant_id
), named AS (
    SELECT {group} AS name, each.*
    FROM each
    JOIN trials_trial trial ON trial.id = each.trial_id
    JOIN trials_programmeversion version ON version.id = trial.programme_version_id
    JOIN trials_programme programme ON programme.id = version.programme_id
    LEFT JOIN shop_variant variant ON variant.id = each.variant_id
    LEFT JOIN shop_frame frame ON frame.id = variant.frame_id
), counted AS (
    SELECT name, count(*) AS n, count(DISTINCT trial_id) AS trials,
        sum(margin) AS margin, coalesce(stddev_samp(margin), 0) AS deviation
    FROM named GROUP BY name
), summed AS (
    SELECT name, jsonb_object_agg(account, amount::text) AS accounts FROM (
        SELECT name, key AS account, sum(value::numeric) AS amount
        FROM named, jsonb_each_text(accounts) GROUP BY name, key
    ) one GROUP BY name
)
SELECT counted.name, counted.n, counted.trials, counted.margin, counted.deviation, summed.accounts
FROM counted LEFT JOIN summed ON summed.name = counted.name
UNION ALL
SELECT NULL, 0, 0, coalesce(sum(amount), 0), 0,
    coalesce(jsonb_object_agg(account, amount::text), '{{}}'::jsonb)
FROM (
    SELECT account, sum(amount) AS amount FROM entries WHERE trial_id IS NULL GROUP BY account
) rest
ORDER BY 4 DESC, 1
"""
LEDGER = """
SELECT e.account, -sum(e.amount) FROM shop_ledgertransaction t
JOIN shop_ledgerentry e ON e.transaction_id = t.id
WHERE t.at >= %(since)s AND t.at < %(until)s AND e.account = ANY(%(accounts)s)
    AND e.amount_currency = %(currency)s
GROUP BY e.account
"""


@dataclass(frozen=True)
class Margin:
    """What one group of trials earned and cost in a period.

    Attributes:
        name: of the group.
        trials: of how many trials anything was booked.
        boxes: of how many frames in boxes, where trials are grouped by frame; else ``trials``.
        accounts: by account of the ledger, income above zero and costs below.
        margin: their sum, the contribution margin.
        deviation: of the margins of single trials, the sample's standard deviation.
    """

    name: str
    trials: int
    boxes: int
    accounts: dict[str, Decimal]
    margin: Decimal
    deviation: float
    label: Label = Label.DESCRIPTIVE

    @property
    def mean(self) -> Decimal | None:
        """The margin per trial; per frame in a box, where grouped by frame. Nothing of none."""
        return self.margin / self.boxes if self.boxes else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The mean's 95 % interval by the normal distribution; nothing below ``FEWEST``."""
        if self.mean is None or self.boxes < FEWEST:
            return None
        half = Z_95 * self.deviation / sqrt(self.boxes)
        return float(self.mean) - half, float(self.mean) + half


@dataclass(frozen=True)
class TrialMargins:
    """The margins of a period, in one currency.

    Attributes:
        groups: the trials, by group; the highest margin first.
        rest: what belongs to no trial.
        ledger: what the ledger says of the same accounts and period.
    """

    since: datetime
    until: datetime
    currency: str
    by: By
    groups: list[Margin]
    rest: Margin
    ledger: dict[str, Decimal]

    def total(self, account: str) -> Decimal:
        """Return what all trials come to in one account."""
        return self._totals.get(account, Decimal(0))

    @cached_property
    def _totals(self) -> dict[str, Decimal]:
        # Once for all accounts: a page asks for each of them three times, of a thousand frames.
        totals: dict[str, Decimal] = {}
        for group in self.groups:
            for account, amount in group.accounts.items():
                totals[account] = totals.get(account, Decimal(0)) + amount
        return totals

    @property
    def margin(self) -> Decimal:
        """The contribution margin of all trials."""
        return sum((each.margin for each in self.groups), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """The most by which one account of the rows differs from the ledger; zero."""
        return max(
            abs(
                self.total(account)
                + self.rest.accounts.get(account, Decimal(0))
                - self.ledger.get(account, Decimal(0))
            )
            for account in ACCOUNTS
        )


def trial_margins(*, since: datetime, until: datetime, by: By, currency: str) -> TrialMargins:
    """Return what trials earned and cost, by what was booked in a period.

    Args:
        since: the period's beginning.
        until: its end, not part of it.
        by: how trials are grouped.
        currency: amounts of other currencies are left out, here and in the ledger's sums.
    """
    sql = MARGINS.format(
        entries=ENTRIES, amounts=OF_FRAMES if by == By.FRAME else OF_TRIALS, group=GROUPS[by]
    )
    values: dict[str, Any] = {
        "since": since,
        "until": until,
        "currency": currency,
        "accounts": [str(account) for account in ACCOUNTS],
        "order_days": ORDER_DAYS,
        "purposes": list(PURPOSES.values()),
        "decimals": decimals(currency),
    }
    with one_snapshot(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
        cursor.execute(LEDGER, values)
        ledger = dict(cursor.fetchall())
    margins = [_margin(*row) for row in rows]
    return TrialMargins(
        since=since,
        until=until,
        currency=currency,
        by=by,
        groups=[each for each, row in zip(margins, rows, strict=True) if row[0] is not None],
        rest=next(each for each, row in zip(margins, rows, strict=True) if row[0] is None),
        ledger=ledger,
    )


def _margin(
    name: str | None, boxes: int, trials: int, margin: Decimal, deviation: Decimal, accounts: Any
) -> Margin:
    read = json.loads(accounts) if isinstance(accounts, str) else accounts
    return Margin(
        name=name or "",
        trials=trials,
        boxes=boxes,
        accounts={account: Decimal(amount) for account, amount in dict(read or {}).items()},
        margin=margin,
        deviation=float(deviation),
    )
