"""What a person chooses to be written to about, on her account's page or from a mail's foot."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.services import SHOP, customer, record
from shop.customers.models import User
from shop.foundation.errors import InvalidError, MissingError
from shop.foundation.locks import lock_row
from shop.messages.addresses import Unsubscribing, hashed, read_token
from shop.messages.models import MessageItem, MessagePreference, Suppression
from shop.messages.topics import OPTIONAL, Delivery, Topic


class TopicFixedError(InvalidError):
    """A topic that is none, or that nobody can switch off."""

    code = "topic_fixed"


class TokenMissingError(MissingError):
    """A token the shop did not make."""


@transaction.atomic
def choose(*, user: User, deliveries: Mapping[str, str]) -> None:
    """Take how a person wants to be written to; topics not named stay as they are.

    Args:
        user: who.
        deliveries: a ``Delivery`` by ``Topic``, optional ones only.

    Raises:
        TopicFixedError: a topic is none of the optional ones, or a delivery is unknown.
    """
    if not set(deliveries) <= set(OPTIONAL) or not set(deliveries.values()) <= set(Delivery):
        raise TopicFixedError(_("Choose at once, once a day or never, for topics of the list."))
    locked = lock_row(User, user.pk)
    now = timezone.now()
    MessagePreference.objects.bulk_create(
        [
            MessagePreference(user=locked, topic=topic, delivery=delivery, changed_at=now)
            for topic, delivery in sorted(deliveries.items())
        ],
        update_conflicts=True,
        unique_fields=["user", "topic"],
        update_fields=["delivery", "changed_at"],
    )
    wanted = [topic for topic, delivery in deliveries.items() if delivery != Delivery.NEVER]
    # Her own word on her own address takes back what a mail's foot said before.
    Suppression.objects.filter(address_hash=hashed(locked.email), topic__in=wanted).delete()


def read_unsubscribing(token: str) -> Unsubscribing:
    """Return what a token of a mail's foot says; writes nothing.

    Raises:
        TokenMissingError: the shop did not make it.
    """
    says = read_token(token)
    if says is None:
        raise TokenMissingError(
            _("This address does not end any emails. Take it from an email again.")
        )
    return says


@transaction.atomic
def unsubscribe(*, token: str) -> Unsubscribing:
    """End mails about the topics of a token to its address; repeated, nothing changes.

    Args:
        token: of the mail's foot or header.

    Raises:
        TokenMissingError: the shop did not make it.
    """
    says = read_unsubscribing(token)
    for topic in says.topics:
        _end(says.address_hash, topic)
    return says


def _end(address_hash: str, topic: Topic) -> None:
    """End one topic to an address; whose it is, the latest message of it tells."""
    sent = MessageItem.objects.filter(
        address_hash=address_hash, topic=topic, sent_at__isnull=False
    ).select_related("user")
    latest = sent.order_by("-sent_at").first()
    user = latest.user if latest else None
    ended, fresh = Suppression.objects.get_or_create(address_hash=address_hash, topic=topic)
    if user is not None and hashed(user.email) == address_hash:
        # So that it still holds once she has another address.
        MessagePreference.objects.update_or_create(
            user=user,
            topic=topic,
            defaults={"delivery": Delivery.NEVER, "changed_at": timezone.now()},
        )
    if fresh:
        record(
            EventName.EMAIL_UNSUBSCRIBED,
            key=f"{EventName.EMAIL_UNSUBSCRIBED}:{ended.pk}",
            subject=("message", latest.pk if latest else ""),
            person=customer(user) if user else SHOP,
            channel="mail",
            caused_by=latest.event_id if latest else None,
            details={"topic": topic.value},
        )
