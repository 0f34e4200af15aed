"""Histories told as events, without the things they happened to."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import Person, record

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SOCIAL = ("gallery_created", "link_shared", "link_viewed", "vote_cast")
_keys = count()


def tell(name: str, subject: tuple[str, object], *, at: datetime, person: str = "", **more: Any):
    """Record one event of a customer's."""
    with transaction.atomic():
        return record(
            EventName(name),
            key=f"tests:{next(_keys)}",
            subject=subject,
            person=Person("customer", person),
            occurred_at=at,
            **more,
        )


def delivered(
    trial: str,
    *,
    day: float,
    customer: str,
    upto: str = "",
    acts: Iterable[str] = (),
    counted: bool = True,
):
    """Tell of a trial at home since ``day``, and of ``acts``, or of all acts as far as ``upto``."""
    at = MONDAY + timedelta(days=day)
    tell("trial_requested", ("trial", trial), at=at - timedelta(days=3), person=customer)
    tell("trial_delivered", ("trial", trial), at=at, person=customer)
    for name in SOCIAL[: SOCIAL.index(upto) + 1] if upto else acts:
        details = {"trial": trial, "counted": counted}
        tell(name, ("gallery", trial), at=at + timedelta(hours=1), details=details)


def bought(customer: str, *, day: float, link: str = "", channel: str = "", price: str = "100"):
    """Tell of a paid order."""
    tell(
        "order_paid",
        ("order", next(_keys)),
        at=MONDAY + timedelta(days=day),
        person=customer,
        link=link,
        channel=channel,
        amount=Money(price, "EUR"),
    )
