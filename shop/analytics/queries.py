"""Reading the events back."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.analytics.models import Event, EventKey

# How long a touch counts towards what follows it.
TOUCH_WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class Touch:
    """The way a customer last came: a channel, a link and the event that says so."""

    channel: str
    link: str
    event_id: uuid.UUID


def last_touch(*, user_id: int, before: datetime) -> Touch | None:
    """Return the last link or code by which a customer came, within ``TOUCH_WINDOW``.

    Args:
        user_id: the customer.
        before: usually now.

    Returns:
        Nothing where she came by herself.
    """
    event = (
        Event.objects.filter(
            person_type="customer",
            person_id=str(user_id),
            name__in=("referral_clicked", "referral_joined"),
            occurred_at__lte=before,
            occurred_at__gt=before - TOUCH_WINDOW,
        )
        .exclude(link="", channel="")
        .order_by("-occurred_at")
        .first()
    )
    return Touch(event.channel, event.link, event.pk) if event else None


def event_of(key: str) -> uuid.UUID | None:
    """Return the id of the event recorded under a key: what a later one was caused by."""
    return EventKey.objects.filter(pk=key).values_list("event_id", flat=True).first()
