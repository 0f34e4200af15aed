"""What people chose to be written to about."""

from dataclasses import dataclass
from typing import Any

from shop.customers.models import User
from shop.messages.addresses import hashed
from shop.messages.models import MessagePreference, Suppression
from shop.messages.topics import DEFAULTS, EXPLAINED, OPTIONAL, Delivery, Topic


@dataclass(frozen=True)
class Choice:
    """How somebody is written to about one topic.

    Attributes:
        topic: which.
        delivery: how it goes.
        explained: what is written about, in a sentence.
    """

    topic: Topic
    delivery: Delivery
    explained: Any


def choices_of(user: User) -> list[Choice]:
    """Return what holds for each optional topic, in their order: two queries."""
    chosen = dict(MessagePreference.objects.filter(user=user).values_list("topic", "delivery"))
    ended = set(
        Suppression.objects.filter(address_hash=hashed(user.email)).values_list("topic", flat=True)
    )
    return [
        Choice(
            topic,
            Delivery.NEVER if topic in ended else Delivery(chosen.get(topic, DEFAULTS[topic])),
            EXPLAINED[topic],
        )
        for topic in OPTIONAL
    ]


def delivery_for(user: User, topic: Topic) -> Delivery:
    """Return how somebody is written to about an optional topic: two queries."""
    if not user.is_active or is_suppressed(hashed(user.email), topic):
        return Delivery.NEVER
    chosen = MessagePreference.objects.filter(user=user, topic=topic)
    return Delivery(chosen.values_list("delivery", flat=True).first() or DEFAULTS[topic])


def is_suppressed(address_hash: str, topic: Topic) -> bool:
    """Tell whether an address wants no mail about a topic."""
    return Suppression.objects.filter(address_hash=address_hash, topic=topic).exists()
