"""``manage.py recount_scorecard``: count every figure a second time from the raw events."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from shop.analytics.recount import comparable, recount
from shop.analytics.scorecard import scorecard


class Command(BaseCommand):
    """Compare the scorecard with a recount; exit with 1 if they differ."""

    help = "Count the scorecard's figures again from raw events and compare."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the length of the period."""
        parser.add_argument("--days", type=int, default=90, help="of the period up to now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print both, and whether they are equal."""
        until = timezone.now()
        period = {"since": until - timedelta(days=options["days"]), "until": until, "now": until}
        shown, counted = comparable(scorecard(**period)), recount(**period)
        for name, value in counted.items():
            verdict = "equal " if shown[name] == value else "DIFFERS"
            self.stdout.write(f"{verdict} {name}: {shown[name]} by query, {value} by recount")
        if shown != counted:
            raise CommandError("The scorecard and the raw events differ.")
