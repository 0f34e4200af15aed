"""The clock of a simulation: acts in their order, and beat in between."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import time_machine
from celery import current_app
from django.conf import settings

from sharing.simulation.together import Meeting
from shop.foundation.outbox import carry_out_due

Act = Callable[..., None]

# Figures counted anew for pages, over all there is: nobody looks at pages here, nothing follows
# from them, and every round would count the whole year again.
FIGURES = frozenset({"economics-keep", "planning-keep"})
FIGURES_EVERY = timedelta(days=7)


class PausedError(Exception):
    """The year was stopped between two rounds, to be gone on with."""


class Diary:
    """What is to happen, and the clock that is turned to it."""

    def __init__(
        self,
        begin: datetime,
        clock: time_machine.Traveller | None,
        *,
        beat: timedelta,
        part: int = 0,
        parts: int = 1,
    ) -> None:
        """Open a diary.

        Args:
            begin: what the clock shows.
            clock: it; nothing where it comes later (``go_on_by``).
            beat: how often beat's jobs run at most; what they look for is a matter of days.
            part: which of the diaries of this year it is, from 0.
            parts: how many there are, each played by a process.
        """
        self.part, self.parts = part, parts
        self._meeting = Meeting(parts)
        self.now = begin
        self._every = beat
        self._clock = clock
        self._acts: list[tuple[datetime, int, Act, tuple[Any, ...]]] = []
        self._order = itertools.count()
        self._next_beat = begin
        self._rang: dict[str, datetime] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the clock and the meeting, which belong to what runs now."""
        return {**self.__dict__, "_clock": None, "_meeting": None}

    def go_on_by(self, clock: time_machine.Traveller, meeting: Meeting) -> None:
        """Go on by another clock and with others, after the diary was put away and read again."""
        self._clock, self._meeting = clock, meeting

    @property
    def acts(self) -> list[tuple[datetime, Act, tuple[Any, ...]]]:
        """What is written down, in its order: when, what and of whom."""
        return [(moment, act, args) for moment, _order, act, args in sorted(self._acts)]

    @property
    def next_beat(self) -> datetime:
        """When beat's jobs run next."""
        return self._next_beat

    @property
    def rang(self) -> dict[str, datetime]:
        """When each of the jobs of beat that are this process's ran last."""
        return dict(self._rang)

    def go_on_from(self, next_beat: datetime, rang: dict[str, datetime]) -> None:
        """Take beat over from another diary: when it is next, and when each job ran last."""
        self._next_beat, self._rang = next_beat, dict(rang)

    def meet(self) -> None:
        """Wait for the other processes of this year."""
        self._meeting.wait()

    @property
    def is_closed(self) -> bool:
        """Whether somebody ended the run."""
        return self._meeting.has_ended

    def at(self, moment: datetime, act: Act, *args: Any) -> None:
        """Write an act down; one of the past happens next."""
        entry = (max(moment, self.now), next(self._order), act, args)
        heapq.heappush(self._acts, entry)

    def after(self, wait: timedelta, act: Act, *args: Any) -> None:
        """Write an act down that happens when some time has passed."""
        self.at(self.now + wait, act, *args)

    def are_empty_but_for(self, acts: int) -> bool:
        """Tell whether no more than so many acts are written down in each diary of this year."""
        return self._meeting.left(self.part, len(self._acts)) <= acts * self.parts

    def run(self, until: datetime, *, told: Callable[[datetime], None]) -> None:
        """Let everything happen up to a moment.

        Args:
            until: an aware time.
            told: called with the time after each round of beat; it ends the run, of every process,
                by raising ``PausedError``.
        """
        while self._next_beat <= until and not self.is_closed:
            while self._acts and self._acts[0][0] <= self._next_beat:
                moment, _order, act, args = heapq.heappop(self._acts)
                self._turn(moment)
                act(*args)
            self.meet()
            self._turn(self._next_beat)
            self._beat()
            # Before anybody is told, who may stop it here: what is put away then is whole.
            self._next_beat += self._every
            self.meet()
            try:
                told(self.now)
            except PausedError:
                self._meeting.end()
            self.meet()

    def _turn(self, moment: datetime) -> None:
        self.now = self._meeting.latest(moment)
        assert self._clock is not None
        self._clock.move_to(self.now)

    def _beat(self) -> None:
        carry_out_all()
        for name, entry in list(settings.CELERY_BEAT_SCHEDULE.items())[self.part :: self.parts]:
            every = FIGURES_EVERY if name in FIGURES else timedelta(seconds=entry["schedule"])
            if name not in self._rang or self._rang[name] + every <= self.now:
                self._rang[name] = self.now
                current_app.tasks[entry["task"]].apply(throw=True)
        carry_out_all()
        # The bells that nobody hears here: the outbox was carried out just now.
        current_app.control.purge()


def carry_out_all() -> None:
    """Carry out whatever the outbox holds that is due."""
    while carry_out_due(limit=1000):
        pass
