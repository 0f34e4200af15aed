"""A small year through the shop's own services: nothing lost, nothing owed out of sight."""

from datetime import UTC, datetime

import pytest

from sharing.simulation.plan import Plan
from sharing.simulation.reckoning import Reckoning
from sharing.simulation.running import play

BEGIN = datetime(2025, 3, 3, tzinfo=UTC)
SMALL = Plan(customers=25, trials=40, days=15, variants=8, seed=7, beat_hours=24)


def _play(plan: Plan) -> Reckoning:
    return play(plan, begin=BEGIN, told=lambda done, world: None)


@pytest.mark.django_db(transaction=True)
def test_a_small_year_ends_with_everything_accounted_for() -> None:
    found = _play(SMALL)

    assert found.problems == []
    counts = dict(found.counts)
    assert counts["trials placed"] > 15
    assert counts["boxes back"] > 10
    assert counts["votes"] > 0
    assert counts["orders placed"] > 0
