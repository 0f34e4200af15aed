"""A year that fails after it was gone on with goes on from where it was put away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from psycopg import sql

from sharing.simulation.copies import COPY, FOLDER
from sharing.simulation.diary import PausedError
from sharing.simulation.pausing import NothingKeptError
from sharing.simulation.plan import Plan
from sharing.simulation.running import simulate
from sharing.simulation.stage import SUFFIX
from sharing.simulation.world import World

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
BEGIN = datetime(2025, 3, 3, tzinfo=UTC)
SMALL = Plan(customers=25, trials=40, days=15, variants=8, seed=7, beat_hours=24, processes=2)


@pytest.fixture(autouse=True)
def _own_databases() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        for suffix in (SUFFIX, f"{SUFFIX}{COPY}"):
            name = sql.Identifier(f"{connection.settings_dict['NAME']}{suffix}")
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def test_a_year_that_fails_is_gone_on_with_from_where_it_was_put_away(tmp_path: Path) -> None:
    placed = []

    def stop(_done: float, world: World) -> None:
        if world.diary.now >= BEGIN + timedelta(days=5):
            raise PausedError

    def fail(_done: float, world: World) -> None:
        if world.diary.now >= BEGIN + timedelta(days=9):
            raise ValueError("The shop has an error.")

    def note(_done: float, world: World) -> None:
        placed.append((world.diary.now, world.counts["trials placed"]))

    folder = tmp_path / "year"
    with pytest.raises(NothingKeptError):
        simulate(SMALL, begin=BEGIN, told=note, folder=folder, resume=True)
    with pytest.raises(PausedError):
        simulate(SMALL, begin=BEGIN, told=stop, folder=folder)
    with pytest.raises(ValueError, match="an error"):
        simulate(SMALL, begin=BEGIN, told=fail, folder=folder, resume=True)
    found = simulate(SMALL, begin=BEGIN, told=note, folder=folder, resume=True)

    assert placed[0][0] < BEGIN + timedelta(days=7)
    assert found.problems == []
    assert not (folder / FOLDER).exists()
    with pytest.raises(NothingKeptError):
        simulate(SMALL, begin=BEGIN, told=note, folder=folder, resume=True)
