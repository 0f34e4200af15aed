"""Writing facts down: the one door by which every floor feeds the figures."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.foundation.postgres import prepared_cursor

# Key and event in one statement: every act of the shop writes some.
RECORD = """
WITH fresh AS (
    INSERT INTO shop_eventkey (key, event_id, occurred_at)
    VALUES (%(key)s, %(id)s, %(occurred_at)s)
    ON CONFLICT (key) DO NOTHING
    RETURNING event_id
)
INSERT INTO shop_event (
    id, name, occurred_at, recorded_at, subject_type, subject_id, person_type, person_id,
    channel, link, caused_by, amount, amount_currency, details
)
SELECT event_id, %(name)s, %(occurred_at)s, %(recorded_at)s, %(subject_type)s, %(subject_id)s,
    %(person_type)s, %(person_id)s, %(channel)s, %(link)s, %(caused_by)s::uuid,
    %(amount)s::numeric, %(amount_currency)s, %(details)s::jsonb
FROM fresh
"""


@dataclass(frozen=True)
class Person:
    """Who did it, by a number that says nothing outside this database.

    Attributes:
        type: ``customer``, ``voter``, ``staff`` or ``shop``.
        id: the user's or voter's id; empty for the shop itself.
    """

    type: str
    id: str = ""


SHOP = Person("shop")


def customer(user: Any) -> Person:
    """Return the person of a customer."""
    return Person("customer", str(user.pk))


def staff(user: Any) -> Person:
    """Return the person of somebody at work; the shop itself where nobody is given."""
    return Person("staff", str(user.pk)) if user is not None else SHOP


def voter(voter_id: uuid.UUID) -> Person:
    """Return the person of a friend behind a link."""
    return Person("voter", str(voter_id))


def record(
    name: EventName,
    *,
    key: str,
    subject: tuple[str, object],
    person: Person,
    occurred_at: datetime | None = None,
    channel: str = "",
    link: object = "",
    caused_by: uuid.UUID | None = None,
    amount: Money | None = None,
    details: dict[str, Any] | None = None,
) -> uuid.UUID:
    """Write down a fact in the transaction of the fact itself.

    Args:
        name: what happened.
        key: names this very fact, such as ``vote_cast:<vote id>``; up to 120 characters. The same
            key recorded again writes nothing.
        subject: what it happened to, as type and id: ``("trial", trial.pk)``.
        person: who did it.
        occurred_at: when; now if not given.
        channel: the way a person came (a share link's channel, ``email`` …).
        link: the share link's id.
        caused_by: the event that led to this one.
        amount: money it is about.
        details: further JSON values. No name, no address of any kind.

    Returns:
        The event's id, the first one's where it was recorded before.

    Raises:
        transaction.TransactionManagementError: outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record needs a transaction")
    now, event_id = timezone.now(), uuid.uuid4()
    values: dict[str, Any] = {
        "key": key,
        "id": event_id,
        "name": str(name),
        "occurred_at": occurred_at or now,
        "recorded_at": now,
        "subject_type": subject[0],
        "subject_id": str(subject[1]),
        "person_type": person.type,
        "person_id": person.id,
        "channel": channel,
        "link": str(link or ""),
        "caused_by": caused_by,
        "amount": amount.amount if amount is not None else None,
        "amount_currency": str(amount.currency) if amount is not None else None,
        "details": json.dumps(details or {}),
    }
    with prepared_cursor() as cursor:
        cursor.execute(RECORD, values)
        if cursor.rowcount == 0:
            return EventKey.objects.values_list("event_id", flat=True).get(pk=key)
    return event_id
