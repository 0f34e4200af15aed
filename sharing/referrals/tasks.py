"""Jobs of referrals."""

from celery import shared_task

from sharing.referrals.services.rewarding import settle_due


@shared_task(name="sharing.referrals.settle")
def settle() -> None:
    """Reward what is due, reverse what was undone, let lapse what nobody took up."""
    settle_due()
