"""``manage.py load_demo_shop``: people, frames, stock, rules and trial units to play with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sharing.demo import ensure_friends
from shop.demo import ensure_catalogue, ensure_people
from trials.demo import ensure_programme, ensure_rates, ensure_units


class Command(BaseCommand):
    """Load the demo shop; what is there already stays as it is."""

    help = "Load the demo shop: log-ins, drawn frames with stock, rules, trial units, friends."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether anything is to have happened in it yet."""
        parser.add_argument(
            "--bare", action="store_true", help="no trial, gallery, circle, test or idea yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, one line for each thing that was missing."""
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
        if not options["bare"] and ensure_friends():
            done.append("what Mia and her friends have done")
        if done:
            self.stdout.write(f"Demo shop loaded: {'; '.join(done)}.")
        else:
            self.stdout.write("The demo shop is loaded already.")
