"""The clock of a simulation: acts in their order, and beat in between."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import time_machine
from celery import current_app
from django.conf import settings

from shop.foundation.outbox import carry_out_due

Act = Callable[..., None]

# Figures counted anew for pages, over all there is: nobody looks at pages here, nothing follows
# from them, and every round would count the whole year again.
FIGURES = frozenset({"economics-keep", "planning-keep"})
FIGURES_EVERY = timedelta(days=7)


class Diary:
    """What is to happen, and the clock that is turned to it."""

    def __init__(self, begin: datetime, clock: time_machine.Traveller, *, beat: timedelta) -> None:
        """Open a diary.

        Args:
            begin: what the clock shows.
            clock: it.
            beat: how often beat's jobs run at most; what they look for is a matter of days.
        """
        self.now = begin
        self._every = beat
        self._clock = clock
        self._acts: list[tuple[datetime, int, Act, tuple[Any, ...]]] = []
        self._order = itertools.count()
        self._next_beat = begin
        self._rang: dict[str, datetime] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the clock, which belongs to one process."""
        return {**self.__dict__, "_clock": None}

    def go_on_by(self, clock: time_machine.Traveller) -> None:
        """Go on by another clock, after the diary was put away and read again."""
        self._clock = clock

    def at(self, moment: datetime, act: Act, *args: Any) -> None:
        """Write an act down; one of the past happens next."""
        entry = (max(moment, self.now), next(self._order), act, args)
        heapq.heappush(self._acts, entry)

    def after(self, wait: timedelta, act: Act, *args: Any) -> None:
        """Write an act down that happens when some time has passed."""
        self.at(self.now + wait, act, *args)

    def is_empty_but_for(self, acts: int) -> bool:
        """Tell whether no more than so many acts are written down."""
        return len(self._acts) <= acts

    def run(self, until: datetime, *, told: Callable[[datetime], None]) -> None:
        """Let everything happen up to a moment.

        Args:
            until: an aware time.
            told: called with the time after each round of beat; it may end the run by raising.
        """
        while self._next_beat <= until:
            while self._acts and self._acts[0][0] <= self._next_beat:
                moment, _order, act, args = heapq.heappop(self._acts)
                self._turn(moment)
                act(*args)
            self._turn(self._next_beat)
            self._beat()
            # Before anybody is told, who may stop it here: what is put away then is whole.
            self._next_beat += self._every
            told(self.now)

    def _turn(self, moment: datetime) -> None:
        self.now = moment
        self._clock.move_to(moment)

    def _beat(self) -> None:
        carry_out_all()
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
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
