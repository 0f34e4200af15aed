"""The hourly sweep of what was done at Stripe: refunds and disputes whose webhook never came."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from shop.payments import reversals
from shop.payments.models import Dispute, StripeSweep
from shop.payments.services.disputes import note_dispute, take_over_dispute
from shop.payments.services.refunds import known_refunds, take_over_refund

logger = structlog.get_logger(__name__)
# Read again each time: a refund may fail so long after it succeeded, as its bank sends it back.
OVERLAP = timedelta(days=30)


def sweep_refunds() -> int:
    """Take over all refunds made at Stripe since the last sweep; may be repeated.

    Returns:
        How many of them are of payments of ours.

    Raises:
        StripeUnreachableError: nothing is noted as read; the next sweep reads it all.
    """
    now, since = timezone.now(), _since("refunds")
    taken = 0
    results = reversals.list_refunds(since=since)
    known = known_refunds(results)
    for result in results:
        try:
            taken += take_over_refund(result, known)
        except ValueError:
            # One that cannot be settled must not stand in the way of all others.
            logger.exception("refund_not_taken_over", refund=result.id)
    _read("refunds", now)
    return taken


def sweep_disputes() -> int:
    """Take over all disputes opened since the last sweep, and how the open ones stand.

    Returns:
        How many of them are of payments of ours.

    Raises:
        StripeUnreachableError: nothing is noted as read; the next sweep reads it all.
    """
    now, since = timezone.now(), _since("disputes")
    listed = reversals.list_disputes(since=since)
    taken = [each.stripe_dispute_id for each in map(take_over_dispute, listed) if each]
    older = Dispute.objects.filter(is_open=True).exclude(stripe_dispute_id__in=taken)
    for dispute_id in list(older.values_list("stripe_dispute_id", flat=True)):
        note_dispute(stripe_dispute_id=dispute_id)
        taken.append(dispute_id)
    _read("disputes", now)
    return len(taken)


def _since(kind: str) -> datetime:
    last = StripeSweep.objects.filter(kind=kind).first()
    return (last.until if last else timezone.now()) - OVERLAP


def _read(kind: str, until: datetime) -> None:
    StripeSweep.objects.update_or_create(kind=kind, defaults={"until": until})
