"""What the tests of the room tell people."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from shop.customers.models import User
from shop.messages.models import MessageItem
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

# A Monday in March: noon, six in the evening and half past eleven at night in Berlin.
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)


def tell(user: User, **other: Any) -> MessageItem | None:
    """Tell of a first vote, or of whatever else is said."""
    given: dict[str, Any] = {
        "topic": Topic.FIRST_VOTE,
        "template": "first_vote",
        "context": {"question": "Which?", "path": "/galleries/1/"},
        "key": "first_vote:1",
        "about": "1",
        **other,
    }
    with transaction.atomic():
        return notify(user=user, **given)


def tell_votes(user: User, key: str, *, gallery: str = "1", count: int = 1) -> MessageItem | None:
    """Tell of further votes on a gallery."""
    return tell(
        user,
        topic=Topic.VOTES,
        template="votes",
        context={
            "question": f"Which of {gallery}?",
            "path": f"/galleries/{gallery}/",
            "count": count,
        },
        key=key,
        about=gallery,
    )
