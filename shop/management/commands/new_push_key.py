"""Print a new private key for web push."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.messages.web_push import new_private_key


class Command(BaseCommand):
    """Prints a value for ``VAPID_PRIVATE_KEY``."""

    help = (
        "Print a new key for VAPID_PRIVATE_KEY. A changed key ends every browser's notifications."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it; nothing is stored."""
        self.stdout.write(new_private_key())
