"""What units of each frame did, and how many are needed: one query, for page, API and CSV."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from shop.analytics.figures import Label, Rate
from trials.planning.forecast import Forecast, requests_to_come, units_needed

WEEKS = 12
WEEKS_AHEAD = 4
# A box that left so many days before the period, and is not back, is not waited for any more.
LONGEST_OUT = timedelta(days=90)

# One row a frame that has, or had in the period, a unit. Days are parts of 86,400 seconds.
FRAMES = """
WITH owned AS (
    SELECT variant.frame_id,
        count(*) FILTER (WHERE gone.at IS NULL) AS units,
        sum(greatest(0, extract(epoch FROM coalesce(gone.at, %(until)s)
            - greatest(unit.created_at, %(since)s)))) / 86400 AS days
    FROM trials_trialunit unit
    JOIN shop_variant variant ON variant.id = unit.variant_id
    LEFT JOIN LATERAL (
        SELECT move.at FROM trials_unitmovement move
        WHERE move.subject_id = unit.id AND unit.state IN ('lost', 'retired')
        ORDER BY move.at DESC, move.id DESC LIMIT 1
    ) gone ON true
    GROUP BY variant.frame_id
), tried AS (
    SELECT variant.frame_id,
        sum(greatest(0, extract(epoch FROM least(coalesce(item.settled_at, %(until)s), %(until)s)
            - greatest(trial.shipped_at, %(since)s)))) / 86400 AS days,
        count(*) FILTER (WHERE item.settled_at >= %(since)s) AS settled,
        count(*) FILTER (WHERE item.settled_at >= %(since)s AND item.outcome = 'lost') AS lost,
        count(*) FILTER (WHERE item.settled_at >= %(since)s AND item.outcome = 'damaged')
            AS damaged,
        percentile_cont(0.5) WITHIN GROUP (
            ORDER BY extract(epoch FROM shelf.at - trial.shipped_at) / 86400
        ) FILTER (WHERE item.settled_at >= %(since)s AND shelf.at IS NOT NULL) AS turnaround
    FROM trials_trial trial
    JOIN trials_trialitem item ON item.trial_id = trial.id
    JOIN shop_variant variant ON variant.id = item.variant_id
    LEFT JOIN LATERAL (
        SELECT min(move.at) AS at FROM trials_unitmovement move
        WHERE move.trial_id = trial.id AND move.subject_id = item.unit_id
            AND move.to_state = 'available' AND move.at >= trial.shipped_at
    ) shelf ON true
    WHERE trial.shipped_at >= %(left_since)s AND trial.shipped_at < %(until)s
    GROUP BY variant.frame_id
), asked AS (
    SELECT variant.frame_id, trial.requested_at AS at, false AS turned_away
    FROM trials_trial trial
    JOIN trials_trialitem item ON item.trial_id = trial.id
    JOIN shop_variant variant ON variant.id = item.variant_id
    WHERE trial.requested_at >= %(since)s AND trial.requested_at < %(until)s
    UNION ALL
    SELECT variant.frame_id, entry.joined_at, true
    FROM trials_waitlistentry entry JOIN shop_variant variant ON variant.id = entry.variant_id
    WHERE entry.joined_at >= %(since)s AND entry.joined_at < %(until)s AND entry.state <> 'taken'
    UNION ALL
    -- Asked for in a box and not free. Who then joined the line counts there, and who got the frame
    -- within a week as a request; of one who asks day after day a week counts once.
    SELECT variant.frame_id, refused.at, true
    FROM trials_turnedaway refused JOIN shop_variant variant ON variant.id = refused.variant_id
    WHERE refused.at >= %(since)s AND refused.at < %(until)s
        AND NOT EXISTS (
            SELECT FROM trials_waitlistentry entry
            WHERE entry.user_id = refused.user_id AND entry.variant_id = refused.variant_id
                AND entry.joined_at >= refused.at - interval '7 days'
                AND entry.joined_at < refused.at + interval '7 days')
        AND NOT EXISTS (
            SELECT FROM trials_trial trial
            JOIN trials_trialitem item ON item.trial_id = trial.id
            WHERE trial.user_id = refused.user_id AND item.variant_id = refused.variant_id
                AND trial.requested_at >= refused.at
                AND trial.requested_at < refused.at + interval '7 days')
        AND NOT EXISTS (
            SELECT FROM trials_turnedaway earlier
            WHERE earlier.user_id = refused.user_id AND earlier.variant_id = refused.variant_id
                AND earlier.day < refused.day AND earlier.at >= refused.at - interval '7 days')
), weekly AS (
    SELECT frame_id, sum(turned) AS turned_away, array_agg(week) AS weeks, array_agg(n) AS counts
    FROM (
        SELECT frame_id, floor(extract(epoch FROM at - %(since)s) / 604800)::int AS week,
            count(*) AS n, count(*) FILTER (WHERE turned_away) AS turned
        FROM asked GROUP BY 1, 2
    ) each GROUP BY frame_id
)
SELECT frame.name, owned.units, owned.days, coalesce(tried.days, 0), coalesce(tried.settled, 0),
    coalesce(tried.lost, 0), coalesce(tried.damaged, 0), tried.turnaround,
    coalesce(weekly.turned_away, 0), weekly.weeks, weekly.counts
FROM owned
JOIN shop_frame frame ON frame.id = owned.frame_id
LEFT JOIN tried ON tried.frame_id = owned.frame_id
LEFT JOIN weekly ON weekly.frame_id = owned.frame_id
WHERE owned.units > 0 OR owned.days > 0
ORDER BY frame.name, frame.id
"""


@dataclass(frozen=True)
class FramePlan:
    """What units of one frame did in twelve weeks, and how many are needed.

    Attributes:
        name: of the frame.
        units: owned now: neither lost nor retired.
        utilisation: days out ÷ days owned; nothing of none.
        turnaround: the median days from leaving the shop to the shelf; nothing where none is back.
        lost: of the frames settled in the period.
        damaged: likewise.
        turned_away: times somebody asked for a box with it while none was free, or joined the line
            for it, and was not served.
        weekly: requests of each week, the oldest first, those turned away too.
        demand: of the next four weeks.
        needed: units that serve 95 of 100 turnarounds.
    """

    name: str
    units: int
    utilisation: float | None
    turnaround: float | None
    lost: Rate
    damaged: Rate
    turned_away: int
    weekly: list[int]
    demand: Forecast | None
    needed: int | None
    label: Label = Label.DESCRIPTIVE

    @property
    def to_buy(self) -> int:
        """How many units to buy; zero where nothing is known."""
        return max(0, (self.needed or 0) - self.units)

    @property
    def to_retire(self) -> int:
        """How many units are not needed; zero where nothing is known."""
        return max(0, self.units - self.needed) if self.needed is not None else 0


def frame_plans(*, until: datetime) -> list[FramePlan]:
    """Return the plan of every frame with units, by name, from the twelve weeks before ``until``.

    Args:
        until: now, but for tests.
    """
    since = until - timedelta(weeks=WEEKS)
    values = {"since": since, "until": until, "left_since": since - LONGEST_OUT}
    with connection.cursor() as cursor:
        cursor.execute(FRAMES, values)
        return [_plan(*row) for row in cursor.fetchall()]


def _plan(
    name: str,
    units: int,
    owned: float,
    out: float,
    settled: int,
    lost: int,
    damaged: int,
    turnaround: float | None,
    turned_away: int,
    weeks: list[int] | None,
    counts: list[int] | None,
) -> FramePlan:
    by_week = dict(zip(weeks or [], counts or [], strict=True))
    weekly = [by_week.get(week, 0) for week in range(WEEKS)]
    days = float(turnaround) if turnaround is not None else None
    return FramePlan(
        name=name,
        units=units,
        utilisation=min(1.0, float(out) / float(owned)) if owned else None,
        turnaround=days,
        lost=Rate(lost, settled),
        damaged=Rate(damaged, settled),
        turned_away=int(turned_away),
        weekly=weekly,
        demand=requests_to_come(weekly, WEEKS_AHEAD),
        needed=units_needed(weekly, days),
    )
