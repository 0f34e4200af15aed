"""``manage.py simulate``: play a year of the shop and see that nothing gets lost."""

import gc
import logging
import math
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sharing.simulation.dealing import UndealableError
from sharing.simulation.diary import PausedError
from sharing.simulation.pausing import NothingKeptError
from sharing.simulation.plan import Plan
from sharing.simulation.reckoning import Reckoning
from sharing.simulation.running import UNTIL_ALL_IS_SETTLED, simulate
from sharing.simulation.world import World

BAR = 40
# Where nobody watches, a line in a log says how far it is, so often.
LINE_SECONDS = 60


class Command(BaseCommand):
    """Play a year through the shop's own services; exit with 1 if something got lost."""

    help = "Play a year of trials, friends and orders in a database of its own, and audit it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how large the year is."""
        plan = Plan()
        parser.add_argument("--customers", type=int, default=plan.customers)
        parser.add_argument("--trials", type=int, default=plan.trials)
        parser.add_argument("--days", type=int, default=plan.days, help="of customers coming")
        parser.add_argument("--variants", type=int, default=plan.variants)
        parser.add_argument(
            "--processes",
            type=int,
            help="which play it at the same time; a year gone on with may be dealt out to more "
            "than before, or fewer",
        )
        parser.add_argument("--seed", type=int, default=plan.seed, help="the same plans the same")
        parser.add_argument(
            "--pause-after", type=float, help="put it away after so many minutes, as Ctrl-C does"
        )
        parser.add_argument("--resume", action="store_true", help="go on with what was put away")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, showing how far it is, and print what came of it."""
        names = ("customers", "trials", "days", "variants", "seed")
        processes = options["processes"]
        plan = Plan(**{name: options[name] for name in names}, processes=processes or 1)
        # Thousands of messages carried out are no news here; what fails ends the simulation.
        logging.disable(logging.INFO)
        # One process for hours: what is loaded by now stays, and garbage is no hurry.
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        self._began = self._said = time.monotonic()
        self._pause_at = self._began + 60 * (options["pause_after"] or math.inf)
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._pause)
        # It ends today, so that what it left can be looked at as the last year's.
        length = timedelta(days=plan.days) + UNTIL_ALL_IS_SETTLED
        midnight = datetime.combine(timezone.now().date(), datetime.min.time(), tzinfo=UTC)
        try:
            found = simulate(
                plan,
                begin=midnight - length,
                told=self._show,
                folder=settings.VAR_DIR / "simulation",
                resume=options["resume"],
                processes=processes,
            )
        except PausedError:
            self.stdout.write("\nIt is put away; --resume goes on with it.")
            return
        except NothingKeptError as error:
            raise CommandError("No year was put away. Begin one without --resume.") from error
        except UndealableError as error:
            raise CommandError(f"{error} Leave --processes out for as many as before.") from error
        self._print(found)

    def _print(self, found: Reckoning) -> None:
        self.stderr.write("")
        for name, number in found.counts:
            self.stdout.write(f"{number:>9,}  {name}")
        for of, state, number in found.states:
            self.stdout.write(f"{number:>9,}  {of}: {state}")
        self.stdout.write(f"It took {time.monotonic() - self._began:,.0f} s of this process.")
        for problem in found.problems:
            self.stdout.write(self.style.ERROR(problem))
        if found.problems:
            raise CommandError(f"{len(found.problems)} things are not as they must be.")
        self.stdout.write("Every invariant holds, every unit and every amount is accounted for.")

    def _pause(self, *_args: Any) -> None:
        self._pause_at = 0.0

    def _show(self, done: float, world: World) -> None:
        now, placed = time.monotonic(), world.counts["trials placed"] * world.parts
        if sys.stderr.isatty():
            filled = int(done * BAR)
            bar = "█" * filled + "·" * (BAR - filled)
            self.stderr.write(f"\r{bar} {done:6.1%}  about {placed:,} trials", ending="")
            self.stderr.flush()
        elif now - self._said >= LINE_SECONDS:
            self._said = now
            self.stderr.write(
                f"{now - self._began:8,.0f} s  day {(world.diary.now - world.begin).days}"
                f"  about {placed:,} trials  {world.counts['boxes back'] * world.parts:,} back"
            )
            self.stderr.flush()
        if now >= self._pause_at:
            raise PausedError
