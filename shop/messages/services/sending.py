"""Putting messages into mails: one alone, or what was gathered into one."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy

from shop.analytics.names import EventName
from shop.analytics.services import SHOP, customer, record
from shop.customers.models import User
from shop.foundation.mail import queue_mail
from shop.foundation.postgres import prepared_cursor
from shop.messages.addresses import token_for
from shop.messages.models import MessageItem
from shop.messages.services.pushing import publish_push
from shop.messages.topics import OPTIONAL, TRANSACTIONAL, Topic

MARK_SENT = """
UPDATE shop_messageitem SET sent_at = %s, event_id = %s, data = '{}'
WHERE id = ANY(%s::uuid[])
"""


@dataclass(frozen=True)
class WayOut:
    """How the reader of a mail ends such mails; nothing of it in a transactional one.

    Attributes:
        headers: of RFC 2369 and RFC 8058, for mail programs.
        context: ``unsubscribe_url``, ``choices_url`` and ``topic_words`` for the mail's foot.
    """

    headers: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


def send_to(user: User, item: MessageItem, *, context: dict[str, Any]) -> str:
    """Mail a message to its person in this transaction, and return the subject.

    An optional one, sent alone, shows in her browsers too.
    """
    context = {"name": user.name, **context}
    subject = send_alone(item, to=user.email, context=context, language=user.language)
    if item.topic not in TRANSACTIONAL:
        with in_language(user.language):
            publish_push(item, title=subject, context=context)
    return subject


def send_alone(item: MessageItem, *, to: str, context: dict[str, Any], language: str) -> str:
    """Queue the mail of one message and note that it is sent, in this transaction.

    Args:
        item: not sent yet.
        to: the address.
        context: for the templates.
        language: the reader's.

    Returns:
        The subject.
    """
    out = way_out([item])
    subject = queue_mail(
        to=to,
        template=item.template,
        context={**context, **out.context},
        language=language,
        headers=out.headers,
    )
    mark_sent([item], template=item.template)
    item.subject = subject
    return subject


def way_out(items: Sequence[MessageItem]) -> WayOut:
    """Return how the reader of these messages ends their topics, all of them at one address."""
    topics = [topic for topic in OPTIONAL if topic in {item.topic for item in items}]
    if not topics:
        return WayOut()
    token = token_for(items[0].address_hash, topics)
    url = f"{settings.PUBLIC_URL}{reverse('messages:unsubscribe', args=[token])}"
    has_account = items[0].user_id is not None
    choices = f"{settings.PUBLIC_URL}{reverse('messages:choices')}" if has_account else ""
    return WayOut(
        headers={
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        context={
            "unsubscribe_url": url,
            "choices_url": choices,
            "topic_words": topic_words(topics),
        },
    )


def topic_words(topics: Iterable[Topic]) -> Any:
    """Return what topics are called, one after the other, in the language it is read in."""
    first, *further = [topic.label for topic in topics]
    return format_lazy("{}" + ", {}" * len(further), first, *further)


def mark_sent(items: Sequence[MessageItem], *, template: str) -> uuid.UUID:
    """Write down that messages went out in one mail, and forget what they said.

    Args:
        items: not sent yet, all of one person.
        template: of the mail.

    Returns:
        The event: one for each mail, under its first message; no address is in it.
    """
    first = items[0]
    event = record(
        EventName.EMAIL_SENT,
        key=f"{EventName.EMAIL_SENT}:{first.pk}",
        subject=("message", first.pk),
        person=customer(first.user) if first.user is not None else SHOP,
        channel="mail",
        caused_by=first.caused_by,
        details={
            "topics": sorted({item.topic for item in items}),
            "template": template,
            "about": first.about,
            "messages": len(items),
        },
    )
    sent_at = timezone.now()
    with prepared_cursor() as cursor:
        cursor.execute(MARK_SENT, [sent_at, event, [item.pk for item in items]])
    for item in items:
        item.sent_at, item.event_id, item.data = sent_at, event, {}
    return event


def in_language(language: str) -> Any:
    """Return a context in which words are the reader's; the shop's own if empty."""
    return translation.override(language or settings.LANGUAGE_CODE)
