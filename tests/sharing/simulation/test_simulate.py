"""A small year through the shop's own services: nothing lost, nothing owed out of sight."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sharing.simulation.pausing import NothingKeptError, PausedError, bring_out
from sharing.simulation.plan import Plan
from sharing.simulation.running import play
from sharing.simulation.world import World

BEGIN = datetime(2025, 3, 3, tzinfo=UTC)
SMALL = Plan(customers=25, trials=40, days=15, variants=8, seed=7, beat_hours=24)


def _nothing(_done: float, _world: World) -> None:
    pass


def _stop_in_the_middle(_done: float, world: World) -> None:
    if world.diary.now >= BEGIN + timedelta(days=9):
        raise PausedError


@pytest.mark.django_db(transaction=True)
def test_a_small_year_put_away_in_the_middle_ends_with_everything_accounted_for(
    tmp_path: Path,
) -> None:
    with pytest.raises(PausedError):
        play(SMALL, begin=BEGIN, told=_stop_in_the_middle, folder=tmp_path)
    world = bring_out(tmp_path)
    assert 0 < world.counts["trials placed"] < SMALL.trials
    with pytest.raises(NothingKeptError):
        bring_out(tmp_path)
    found = play(SMALL, begin=BEGIN, told=_nothing, folder=tmp_path, world=world)

    assert found.problems == []
    counts = dict(found.counts)
    assert counts["trials placed"] >= SMALL.trials
    assert counts["boxes back"] > 10
    assert counts["votes"] > 0
    assert counts["orders placed"] > 0
