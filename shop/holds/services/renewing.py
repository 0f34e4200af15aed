"""Renewing holds a day before they lapse: the new one first, then the old one is freed.

Its owner is told before, for her bank shows both for a while.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from shop.foundation.locks import lock_row
from shop.holds.models import Hold
from shop.holds.purposes import purpose_of
from shop.holds.services.asking import request_hold

State = Hold.State
# So long before it lapses a hold is renewed, and its owner told.
RENEWED = timedelta(days=1)
TOLD = timedelta(days=2)


def _standing(now: datetime) -> QuerySet[Hold]:
    """Return the holds that last and have no renewal under way or refused for good."""
    following = Hold.objects.filter(renews=OuterRef("pk"))
    return Hold.objects.filter(
        ~Exists(following), state=State.AUTHORISED, capture_before__gt=now
    ).order_by("capture_before")


def holds_to_tell(now: datetime) -> list[uuid.UUID]:
    """Return the holds whose owners are to be told that they are renewed."""
    due = _standing(now).filter(told_at=None, capture_before__lte=now + TOLD)
    return list(due.values_list("pk", flat=True))


def holds_to_renew(now: datetime) -> list[uuid.UUID]:
    """Return the holds that lapse within a day, whose owners have been told."""
    due = _standing(now).filter(told_at__lt=now, capture_before__lte=now + RENEWED)
    return list(due.values_list("pk", flat=True))


@transaction.atomic
def tell_of_renewal(*, hold_id: uuid.UUID) -> bool:
    """Have a hold's owner told that it will be renewed, once.

    Returns:
        Whether she is told now.
    """
    hold = lock_row(Hold, hold_id, related=("card", "user"))
    if hold.state != State.AUTHORISED or hold.told_at is not None:
        return False
    if not purpose_of(hold).is_needed(hold):
        return False
    hold.told_at = timezone.now()
    hold.save(update_fields=["told_at"])
    purpose_of(hold).on_due(hold)
    return True


@transaction.atomic
def renew_hold(*, hold_id: uuid.UUID) -> Hold | None:
    """Ask for the same amount anew, before a hold lapses; asked again, nothing is held twice.

    Returns:
        The new hold; nothing where none is to be asked for.
    """
    hold = lock_row(Hold, hold_id, related=("card", "user"))
    if hold.state != State.AUTHORISED or hold.told_at is None or hold.renewals.exists():
        return None
    if not purpose_of(hold).is_needed(hold):
        return None
    return request_hold(
        user=hold.user,
        purpose=hold.purpose,
        reference=hold.reference,
        amount=hold.amount,
        card=purpose_of(hold).card(hold),
        renews=hold,
    )
