"""The event table's months: each a partition, so that old ones can be detached whole."""

from datetime import date

from django.db import connection
from django.utils import timezone

# The table as the models' migration makes it becomes a partitioned one of the same columns.
PARTITION = """
CREATE TABLE shop_event_months (LIKE shop_event INCLUDING DEFAULTS)
    PARTITION BY RANGE (occurred_at);
DROP TABLE shop_event;
ALTER TABLE shop_event_months RENAME TO shop_event;
ALTER TABLE shop_event ADD CONSTRAINT shop_event_pkey PRIMARY KEY (id, occurred_at);
CREATE TABLE shop_event_default PARTITION OF shop_event DEFAULT;
CREATE INDEX event_by_name ON shop_event (name, occurred_at);
CREATE INDEX event_by_subject ON shop_event (subject_type, subject_id);
CREATE INDEX event_by_person ON shop_event (person_type, person_id, occurred_at);
CREATE INDEX event_by_trial ON shop_event ((details->>'trial')) WHERE details ? 'trial';
"""
MERGE = """
CREATE TABLE shop_event_whole (LIKE shop_event INCLUDING DEFAULTS);
INSERT INTO shop_event_whole SELECT * FROM shop_event;
DROP TABLE shop_event;
ALTER TABLE shop_event_whole RENAME TO shop_event;
ALTER TABLE shop_event ADD CONSTRAINT shop_event_pkey PRIMARY KEY (id);
CREATE INDEX event_by_name ON shop_event (name, occurred_at);
CREATE INDEX event_by_subject ON shop_event (subject_type, subject_id);
CREATE INDEX event_by_person ON shop_event (person_type, person_id, occurred_at);
"""
DONE_LATELY = """
SELECT coalesce(last_analyze > now() - interval '20 hours', false)
FROM pg_stat_user_tables WHERE relid = 'shop_event'::regclass
"""


def _month(first: date, ahead: int) -> date:
    months = first.year * 12 + first.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def ensure_partitions(*, months_ahead: int = 3) -> list[str]:
    """Make the partitions of this month and the next ones; the beat calls it daily.

    Args:
        months_ahead: how far. A month without one falls into the default partition, from which
            rows are not moved: hence well ahead.

    Returns:
        The names of those made now.
    """
    this_month = timezone.now().date().replace(day=1)
    made = []
    with connection.cursor() as cursor:
        for ahead in range(months_ahead + 1):
            begin, end = _month(this_month, ahead), _month(this_month, ahead + 1)
            name = f"shop_event_{begin:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone() != (None,):
                continue
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM shop_event_default"
                " WHERE occurred_at >= %s AND occurred_at < %s)",
                [begin, end],
            )
            if cursor.fetchone() == (True,):
                # Rows came before the partition did; they stay readable where they are.
                continue
            cursor.execute(
                f"CREATE TABLE {name} PARTITION OF shop_event"
                f" FOR VALUES FROM ('{begin} 00:00+00') TO ('{end} 00:00+00')"
            )
            made.append(name)
    return made


def count_values_anew() -> bool:
    """Have PostgreSQL look at what the months hold together, once a day; the beat calls it hourly.

    It does so by itself for each month and never for the whole, and without it expects a handful of
    what there are thousands of: the scorecard of a year took minutes and not seconds.

    Returns:
        Whether it did now.
    """
    with connection.cursor() as cursor:
        cursor.execute(DONE_LATELY)
        if cursor.fetchone() == (True,):
            return False
        cursor.execute("ANALYZE shop_event")
    return True
