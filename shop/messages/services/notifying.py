"""Telling somebody something: the one door by which rooms write to people."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import get_template
from django.utils import timezone

from shop.customers.models import User
from shop.foundation.postgres.inserts import insert_once
from shop.messages.addresses import hashed
from shop.messages.hours import next_digest, next_waking
from shop.messages.models import MessageItem
from shop.messages.queries import delivery_for, is_suppressed
from shop.messages.services.sending import send_alone, send_to
from shop.messages.topics import TRANSACTIONAL, Delivery, Topic


def notify(
    *,
    user: User,
    topic: Topic,
    template: str,
    context: dict[str, Any],
    key: str,
    about: object = "",
    caused_by: uuid.UUID | None = None,
) -> MessageItem | None:
    """Tell a person something, in the transaction of the fact.

    A transactional topic is mailed at once. An optional one goes as she chose: at once, outside
    her quiet hours; gathered into the digest of her evening; or not at all.

    Args:
        user: who.
        topic: what it is about.
        template: ``mail/<template>.txt`` and ``.html``, and for an optional topic
            ``mail/lines/<template>.txt``, its sentence in a digest.
        context: for the templates; of an optional topic JSON values, with ``path``, the address it
            leads to, and, if several may be gathered into one sentence, a ``count`` that is
            summed. ``name`` of the reader and ``public_url`` are added.
        key: names the fact, such as ``reward_granted:<reward id>``; up to 120 characters. The same
            key again tells nothing.
        about: id of what it is about: what is gathered about the same thing is one sentence.
        caused_by: the event that led to it.

    Returns:
        The message; nothing where she wants none.

    Raises:
        transaction.TransactionManagementError: outside a transaction.
        KeyError: an optional topic's context has no ``path``; no JSON is a ``TypeError``.
        TemplateDoesNotExist: there is no sentence for a digest.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("notify needs a transaction")
    now, optional = timezone.now(), topic not in TRANSACTIONAL
    delivery = delivery_for(user, topic) if optional else Delivery.AT_ONCE
    if delivery == Delivery.NEVER:
        return None
    due_at = now
    if optional:
        # Here rather than hours later in the worker: whoever calls sees the mistake.
        json.dumps({"path": context["path"], **context})
        get_template(f"mail/lines/{template}.txt")
        gathered = delivery == Delivery.DIGEST
        due_at = next_digest(now, user.zone) if gathered else next_waking(now, user.zone)
    item, fresh = _written(
        key=key,
        user=user,
        address_hash=hashed(user.email),
        topic=topic,
        template=template,
        about=str(about),
        delivery=delivery,
        data=context if optional else {},
        caused_by=caused_by,
        created_at=now,
        due_at=due_at,
    )
    if fresh and due_at <= now:
        send_to(user, item, context=context)
    return item


def notify_address(
    *,
    address: str,
    topic: Topic,
    template: str,
    context: dict[str, Any],
    key: str,
    about: object = "",
    caused_by: uuid.UUID | None = None,
    language: str = "",
) -> MessageItem | None:
    """Tell somebody without an account something she asked for, in the transaction of the fact.

    The address is handed to the outbox and kept nowhere else.

    Args:
        address: where she wants to hear it.
        topic: an optional one.
        template: as of ``notify``.
        context: as of ``notify``.
        key: as of ``notify``.
        about: as of ``notify``.
        caused_by: the event that led to it.
        language: the reader's; the shop's own if empty.

    Returns:
        The message; nothing where the address wants none.
    """
    address_hash = hashed(address)
    if is_suppressed(address_hash, topic):
        return None
    now = timezone.now()
    item, fresh = _written(
        key=key,
        address_hash=address_hash,
        topic=topic,
        template=template,
        about=str(about),
        delivery=Delivery.AT_ONCE,
        caused_by=caused_by,
        created_at=now,
        due_at=now,
    )
    if fresh:
        language = language or settings.LANGUAGE_CODE
        send_alone(item, to=address, context={"name": "", **context}, language=language)
    return item


def _written(*, key: str, **facts: Any) -> tuple[MessageItem, bool]:
    """Return the message of a fact, and whether it was written now: no savepoint.

    Who tells the same fact at the same moment waits for this transaction, and finds it told.
    """
    if insert_once(made := MessageItem(key=key, **facts)):
        return made, True
    return MessageItem.objects.select_related("user").get(key=key), False
