"""``manage.py audit``: run every invariant and name what breaks it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.foundation.invariants import all_invariants, breaches


class Command(BaseCommand):
    """Run the invariants; exit with 1 if one is broken."""

    help = "Check what must always be true; names every breach and exits with 1 if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line an invariant, and the rows that break it."""
        broken = 0
        for each in all_invariants():
            rows = breaches(each)
            broken += bool(rows)
            self.stdout.write(f"{'BROKEN' if rows else 'holds '} {each.number}. {each.name}")
            for row in rows:
                self.stdout.write(f"         {row}")
        if broken:
            raise CommandError(f"{broken} of {len(all_invariants())} invariants are broken.")
        self.stdout.write(f"All {len(all_invariants())} invariants hold.")
