"""``manage.py load_demo_shop``: people, frames, stock, rules and trial units to play with."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sharing.demo import TRIED, ensure_friends, first_colours
from sharing.simulation.trade import TRADE, trading
from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.demo import demo_handles, ensure_catalogue, ensure_people
from shop.demo_logins import LOGINS
from shop.foundation.models import Milestone
from trials.demo import ensure_programme, ensure_rates, ensure_units, let_out_by_itself

# Noted when the weeks of trade were played to their end.
TRADED = "demo.trade"
# How often it says how far the trade is, in shares of it.
SAID_EVERY = 0.1


class Command(BaseCommand):
    """Load the demo shop; what is there already stays as it is."""

    help = "Load the demo shop: log-ins, drawn frames with stock, rules, trial units, friends."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether anything is to have happened in it yet."""
        much = parser.add_mutually_exclusive_group()
        much.add_argument(
            "--bare", action="store_true", help="no trial, gallery, circle, test or idea yet"
        )
        much.add_argument(
            "--busy", action="store_true", help="six weeks of trade, which take two minutes to play"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, one line for each thing that was missing.

        Raises:
            CommandError: weeks of trade are wanted in a shop that is loaded without them.
        """
        traded = options["busy"] and not Milestone.objects.filter(name=TRADED).exists()
        done = self._trade() if traded else self._load()
        if not options["bare"] and ensure_friends():
            done.append("what Mia and her friends have done")
        if done:
            self.stdout.write(f"Demo shop loaded: {'; '.join(done)}.")
        else:
            self.stdout.write("The demo shop is loaded already.")

    def _load(self) -> list[str]:
        done = []
        if people := ensure_people():
            done.append(f"{people} people")
        if report := ensure_catalogue():
            done.append(f"{report.created} frames, {report.pictures_added} drawn pictures")
        if ensure_programme():
            done.append("the rules of trials")
        if ensure_rates():
            done.append("what acts cost")
        if units := ensure_units():
            done.append(f"{units} trial units")
        return done

    def _trade(self) -> list[str]:
        """Load the shop of six weeks ago, and play until now."""
        if User.objects.exists() or Variant.objects.exists():
            raise CommandError(
                "Weeks of trade are played into an empty shop only, since they begin with its "
                "first day, and this one has people or frames. Forget it first: make reset"
            )
        # Thousands of messages carried out six weeks ago are no news here.
        logging.disable(logging.INFO)
        now = timezone.now()
        with trading(TRADE, until=now, stripe=settings.VAR_DIR / "stripe") as play:
            done = self._load()
            # Else a person looks at each wish, which is right for a shop of one day.
            let_out_by_itself()
            person = {role: User.objects.get(email=email) for role, email, _password in LOGINS}
            # Those that Mia has at home in the end must be there for her.
            mias = [variant.pk for variant in first_colours(TRIED)]
            variants = Variant.objects.filter(frame__handle__in=demo_handles(), active=True)
            self._said = 0.0
            world = play(
                ops=person["ops"],
                manager=person["manager"],
                variants=list(variants.exclude(pk__in=mias).order_by("pk")),
                told=self._say,
            )
            Milestone.objects.create(name=TRADED)
        logging.disable(logging.NOTSET)
        return [*done, f"{TRADE.days} days of trade with {world.counts['trials placed']} trials"]

    def _say(self, done: float) -> None:
        if done >= self._said + SAID_EVERY:
            self._said += SAID_EVERY
            self.stdout.write(f"Playing {TRADE.days} days of trade: {done:.0%}")
            self.stdout.flush()
