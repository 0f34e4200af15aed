"""Several processes that play one year at the same time, each with its own people and boxes.

They live in one database and meet there as a shop's web and worker processes do. What they share
beside it is in a ``Meeting``: where they wait for each other, and the latest moment of any of
them. No act happens before it, so that what one process did is in nobody's future.
"""

import multiprocessing
import os
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from threading import BrokenBarrierError
from typing import Any, TypeVar

from django.db import connection

from shop.foundation import limits

# The stage is set before the players come: each is born on it, with all that stands there.
_fork = multiprocessing.get_context("fork")
# No round takes so long; who is killed outright tells nobody.
LONGEST_WAIT_SECONDS = 3600

World = TypeVar("World")


class PlayerFailedError(Exception):
    """A process of the year ended early; it said why in its own words."""


class Meeting:
    """Where the processes of one year meet."""

    def __init__(self, size: int) -> None:
        """Arrange a meeting.

        Args:
            size: how many processes come.
        """
        self._barrier = _fork.Barrier(size, timeout=LONGEST_WAIT_SECONDS)
        self._latest = _fork.Value("d", 0.0)
        self._left = _fork.Array("q", size)
        self._ended = _fork.Event()

    def wait(self) -> None:
        """Wait until every process is here.

        Raises:
            PlayerFailedError: one of them will not come any more.
        """
        try:
            self._barrier.wait()
        except BrokenBarrierError as error:
            raise PlayerFailedError from error

    def latest(self, moment: datetime) -> datetime:
        """Return a process's next moment: what it planned, or the latest of any if that is later.

        Args:
            moment: an aware time.
        """
        with self._latest:
            self._latest.value = max(self._latest.value, moment.timestamp())
            return max(datetime.fromtimestamp(self._latest.value, tz=UTC), moment)

    def left(self, part: int, acts: int) -> int:
        """Say how many acts one process has before it; return how many all have, once all said.

        Args:
            part: which process, from 0.
            acts: how many it has.
        """
        self._left[part] = acts
        self.wait()
        count = sum(self._left[:])
        self.wait()
        return count

    def end(self) -> None:
        """Let nobody go on after the meeting."""
        self._ended.set()

    @property
    def has_ended(self) -> bool:
        """Whether somebody wants nobody to go on."""
        return self._ended.is_set()

    def break_up(self) -> None:
        """Keep nobody waiting for a process that failed."""
        self._barrier.abort()


def play_together(
    worlds: Sequence[World], meeting: Meeting, live: Callable[[World], None]
) -> list[World]:
    """Play each world in a process of its own, the first in this one, and return what they became.

    Args:
        worlds: one for each process; they must be fit to be pickled.
        meeting: where they meet.
        live: plays one world.

    Raises:
        PlayerFailedError: one of them failed.
    """
    # Connections are one process's; each makes its own.
    connection.close()
    players = [_start(world, meeting, live) for world in worlds[1:]]
    try:
        live(worlds[0])
    except BaseException:
        meeting.break_up()
        raise
    finally:
        came = [_receive(end) for _pid, end in players]
        for pid, _end in players:
            os.waitpid(pid, 0)
    return [worlds[0], *map(_there, came)]


def _start(world: Any, meeting: Meeting, live: Callable[[Any], None]) -> tuple[int, Connection]:
    """Fork a player; not by multiprocessing, which would end what others of this process began."""
    here, there = _fork.Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        here.close()
        _be_a_player(world, meeting, live, there)
    there.close()
    return pid, here


def _be_a_player(
    world: Any, meeting: Meeting, live: Callable[[Any], None], end: Connection
) -> None:
    well = False
    try:
        limits.forget_connection()
        live(world)
        end.send(world)
        well = True
    finally:
        if not well:
            meeting.break_up()
            traceback.print_exc()
        # What the stage's owner began is the owner's to end.
        os._exit(0)


def _receive(end: Connection) -> Any:
    try:
        return end.recv()
    except EOFError:
        return None


def _there(world: World | None) -> World:
    if world is None:
        raise PlayerFailedError
    return world
