"""``manage.py simulate``: play a year of the shop and see that nothing gets lost."""

import logging
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sharing.simulation.plan import Plan
from sharing.simulation.running import UNTIL_ALL_IS_SETTLED, simulate
from sharing.simulation.world import World

BAR = 40


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
        parser.add_argument("--seed", type=int, default=plan.seed, help="the same plays the same")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, showing how far it is, and print what came of it."""
        names = ("customers", "trials", "days", "variants", "seed")
        plan = Plan(**{name: options[name] for name in names})
        # Thousands of messages carried out are no news here; what fails ends the simulation.
        logging.disable(logging.INFO)
        began = time.monotonic()
        # It ends today, so that what it left can be looked at as the last year's.
        length = timedelta(days=plan.days) + UNTIL_ALL_IS_SETTLED
        midnight = datetime.combine(timezone.now().date(), datetime.min.time(), tzinfo=UTC)
        found = simulate(plan, begin=midnight - length, told=self._show)
        self.stderr.write("")
        for name, number in found.counts:
            self.stdout.write(f"{number:>9,}  {name}")
        for of, state, number in found.states:
            self.stdout.write(f"{number:>9,}  {of}: {state}")
        self.stdout.write(f"{plan.trials:,} wishes in {time.monotonic() - began:,.0f} s.")
        for problem in found.problems:
            self.stdout.write(self.style.ERROR(problem))
        if found.problems:
            raise CommandError(f"{len(found.problems)} things are not as they must be.")
        self.stdout.write("Every invariant holds, every unit and every amount is accounted for.")

    def _show(self, done: float, world: World) -> None:
        if not sys.stderr.isatty():
            return
        filled = int(done * BAR)
        bar = "█" * filled + "·" * (BAR - filled)
        placed = world.counts["trials placed"]
        self.stderr.write(f"\r{bar} {done:6.1%}  {placed:,} trials", ending="")
        self.stderr.flush()
