"""A small year through the shop's own services: nothing lost, nothing owed out of sight."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing.util import register_after_fork
from pathlib import Path

import pytest

from sharing.simulation.dealing import UndealableError, deal_out
from sharing.simulation.diary import PausedError
from sharing.simulation.pausing import NothingKeptError, bring_out
from sharing.simulation.plan import Plan
from sharing.simulation.running import play
from sharing.simulation.together import Meeting, PlayerFailedError, play_together
from sharing.simulation.warehouse import work_a_day
from sharing.simulation.world import World

BEGIN = datetime(2025, 3, 3, tzinfo=UTC)
SMALL = Plan(customers=25, trials=40, days=15, variants=8, seed=7, beat_hours=24, processes=2)


def _nothing(_done: float, _world: World) -> None:
    pass


def _stop_in_the_middle(_done: float, world: World) -> None:
    if world.diary.now >= BEGIN + timedelta(days=9):
        raise PausedError


def _shares_all_of(before: list[World], dealt: list[World]) -> None:
    """See that everybody and everything written down is in one part, and each part a whole one."""
    assert [world.part for world in dealt] == list(range(len(dealt)))
    assert {world.parts for world in dealt} == {len(dealt)}
    for world in dealt:
        acts = world.diary.acts
        assert sum(act is work_a_day for _at, act, _args in acts) == 1
        assert all(
            each is world for _at, _act, args in acts for each in args if type(each) is World
        )
        # Numbers nobody had, and no other part will have.
        assert world.next_number > max(_numbers(before))
    assert len({world.next_number % len(dealt) for world in dealt}) == len(dealt)
    assert sorted(_numbers(dealt)) == sorted(_numbers(before))
    assert _acts(dealt) == _acts(before)
    assert sum((world.counts for world in dealt), Counter()) == sum(
        (world.counts for world in before), Counter()
    )
    for name in ("parcels", "handed_over"):
        had = [len(getattr(world, name)) for world in before]
        assert sum(len(getattr(world, name)) for world in dealt) == sum(had)


def _numbers(worlds: list[World]) -> list[int]:
    return [
        int(user.email[len("customer") : user.email.index("@")])
        for world in worlds
        for user in world.people
    ]


def _acts(worlds: list[World]) -> list[tuple[datetime, str]]:
    return sorted(
        (moment, act.__name__)
        for world in worlds
        for moment, act, _args in world.diary.acts
        if act is not work_a_day
    )


@pytest.mark.django_db(transaction=True)
def test_a_small_year_put_away_and_gone_on_with_by_more_ends_with_everything_accounted_for(
    tmp_path: Path,
) -> None:
    with pytest.raises(PausedError):
        play(SMALL, begin=BEGIN, told=_stop_in_the_middle, folder=tmp_path)
    with pytest.raises(UndealableError):
        bring_out(tmp_path, -1)
    before = bring_out(tmp_path)
    more = deal_out(before, 4)
    # Fewer again, and no divisor of what it was.
    worlds = deal_out(more, 3)
    for dealt in (more, worlds):
        _shares_all_of(before, dealt)
    # One of few customers may have placed none so far.
    placed = [world.counts["trials placed"] for world in worlds]
    assert max(placed) < SMALL.trials
    assert sum(placed) > 0
    assert len({world.diary.now for world in worlds}) == 1
    with pytest.raises(NothingKeptError):
        bring_out(tmp_path)
    found = play(SMALL, begin=BEGIN, told=_nothing, folder=tmp_path, worlds=worlds)

    assert found.problems == []
    counts = dict(found.counts)
    assert counts["trials placed"] >= SMALL.trials
    assert counts["boxes back"] > 10
    assert counts["votes"] > 0
    assert counts["orders placed"] > 0


@pytest.mark.django_db(transaction=True)
def test_who_fails_keeps_nobody_waiting(capfd: pytest.CaptureFixture[str]) -> None:
    meeting = Meeting(2)

    def live(part: int) -> None:
        if part == 1:
            raise ValueError("A shop has no such error.")
        meeting.wait()

    with pytest.raises(PlayerFailedError):
        play_together([0, 1], meeting, live)
    assert "A shop has no such error." in capfd.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_a_player_ends_nothing_that_its_parent_began() -> None:
    """A broker's connection is closed in a child so, and waits for an answer its parent gets."""
    begun = Meeting(1)
    register_after_fork(begun, lambda _it: os._exit(1))

    meeting = Meeting(2)
    assert play_together([0, 1], meeting, lambda _part: meeting.wait()) == [0, 1]


def test_nobody_acts_before_the_latest_of_all() -> None:
    meeting = Meeting(1)

    assert meeting.latest(BEGIN + timedelta(hours=2)) == BEGIN + timedelta(hours=2)
    assert meeting.latest(BEGIN) == BEGIN + timedelta(hours=2)
