"""How many trials wait in each queue, counted without reading them."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.trials import requested_trial
from trials.console.queries.queues import queues
from trials.console.queries.trials import FILTERS
from trials.home_trials.models import Trial

pytestmark = pytest.mark.django_db


def test_queues_are_counted_from_their_index_and_no_trial_is_read() -> None:
    requested_trial()
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert queues(timezone.now())["requested"].count == 1
    sql, params = next(each for each in asked if "UNION ALL" in each[0])
    with connection.cursor() as cursor:
        # Of a table as small as this all is read, or found by any index.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        for other in (each.name for each in Trial._meta.indexes if each.name != "trial_queues"):
            cursor.execute(f"DROP INDEX {other}")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count("Index Only Scan using trial_queues") == len(FILTERS)
