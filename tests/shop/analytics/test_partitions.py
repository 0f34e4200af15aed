"""The months of the event table: PostgreSQL looks at what they hold together."""

import pytest
from django.db import connection

from shop.analytics.partitions import count_values_anew
from shop.analytics.tasks import make_partitions

LOOKED = """
SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relid = 'shop_event'::regclass
"""


def _has_looked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(LOOKED)
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_hourly_job_has_postgresql_look_at_all_months_together_once_a_day() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_reset_single_table_counters('shop_event'::regclass)")
    assert not _has_looked()

    make_partitions()

    assert _has_looked()
    assert not count_values_anew()
