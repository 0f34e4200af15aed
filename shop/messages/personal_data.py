"""What somebody was written to about, and what she chose."""

from typing import Any

from django.db import transaction

from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from shop.messages.models import MessageItem, MessagePreference, PushSubscription


def export_messages(user: Any) -> dict[str, Any]:
    """Return her choices, and when she was written to about what."""
    messages = MessageItem.objects.filter(user=user).order_by("created_at", "pk")
    return {
        "choices": list(
            MessagePreference.objects.filter(user=user)
            .order_by("topic")
            .values("topic", "delivery", "changed_at")
        ),
        "messages": list(messages.values("topic", "template", "created_at", "sent_at")),
        "browsers": list(
            PushSubscription.objects.filter(user=user).order_by("pk").values("created_at")
        ),
    }


@transaction.atomic
def erase_messages(user: Any) -> int:
    """Delete messages to her, sent and waiting, what she chose, and her browsers' addresses."""
    messages = MessageItem.objects.filter(user=user).delete()[0]
    browsers = PushSubscription.objects.filter(user=user).delete()[0]
    return messages + browsers + MessagePreference.objects.filter(user=user).delete()[0]


register_personal_data(
    "shop.messages",
    holds={
        "shop.MessagePreference": ["user"],
        "shop.MessageItem": ["user", "address_hash", "data"],
        "shop.PushSubscription": ["user", "endpoint", "endpoint_hash", "p256dh", "auth"],
    },
    export=export_messages,
    erase={Scope.ACCOUNT: erase_messages},
)
not_personal("shop.MessageItem", "key", "template", "about", why="Names of facts, made of ids.")
keep_personal_data(
    "shop.Suppression",
    why="A keyed hash of an address that wants no mail: without it she would be written to again.",
)
