"""Reading the events back."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.analytics.models import EventKey
from shop.foundation.postgres import prepared_cursor

# How long a touch counts towards what follows it.
TOUCH_WINDOW = timedelta(days=30)
LAST_TOUCH = """
SELECT channel, link, id FROM shop_event
WHERE person_type = 'customer' AND person_id = %(person)s
    AND name IN ('referral_clicked', 'referral_joined') AND NOT (link = '' AND channel = '')
    AND occurred_at <= %(before)s AND occurred_at > %(since)s
ORDER BY occurred_at DESC
LIMIT 1
"""


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
    since = before - TOUCH_WINDOW
    with prepared_cursor() as cursor:
        cursor.execute(LAST_TOUCH, {"person": str(user_id), "before": before, "since": since})
        row = cursor.fetchone()
    return Touch(*row) if row else None


def event_of(key: str) -> uuid.UUID | None:
    """Return the id of the event recorded under a key: what a later one was caused by."""
    return EventKey.objects.filter(pk=key).values_list("event_id", flat=True).first()
