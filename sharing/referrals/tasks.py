"""Jobs of referrals."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from sharing.referrals.services.rewarding import settle_due

# What was asked back in so long is looked at each minute; all that ever was, each hour.
LATELY = timedelta(days=2)


@shared_task(name="sharing.referrals.settle")
def settle() -> None:
    """Reward what is due, reverse what was undone lately, let lapse what nobody took up."""
    settle_due(undone_since=timezone.now() - LATELY)


@shared_task(name="sharing.referrals.settle_all")
def settle_all() -> None:
    """Do the same, and reverse whatever was undone, by a card or otherwise and whenever."""
    settle_due()
