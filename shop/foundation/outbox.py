"""The outbox: what must happen after a transaction, written down inside it.

``publish`` writes one row for each handler of the topic, in the caller's transaction, and rings
the worker once that has committed, for all that a transaction wrote together. A sweep finds what
the bell missed, so every handler runs at least once and must bear to run twice. A handler that
raises is tried again, later each time.
"""

import json
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.inserts import insert_rows

logger = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, dict[str, Handler]] = {}

# With an hour between the later ones: a mail server may be away for most of a day.
MAX_ATTEMPTS = 30
# Rung for together: a job's message to Redis takes a request as long as two statements do. Not
# many more, or one worker has what others could do meanwhile.
RUNG_AT_ONCE = 10
# A claim is a lease: a worker killed while it works leaves a row that falls due again.
LEASE = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
_TAKE = """
UPDATE shop_outboxmessage
SET due_at = %(until)s::timestamptz, attempts = attempts + 1
WHERE id = %(id)s::uuid AND done_at IS NULL AND gave_up_at IS NULL
    AND due_at <= %(now)s::timestamptz
RETURNING topic, handler, payload, request_id, attempts, last_error
"""
_DONE = """
UPDATE shop_outboxmessage
SET done_at = %(now)s::timestamptz, last_error = '', payload = '{}'
WHERE id = %(id)s::uuid
"""


def handles(topic: str, *, name: str) -> Callable[[Handler], Handler]:
    """Register a function that carries out messages of ``topic``.

    Args:
        topic: what happened or is to be done, such as ``mail.send``.
        name: the handler's own name, kept in rows: never change it while rows wait.
    """

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(topic, {})[name] = handler
        return handler

    return register


def news(topic: str) -> None:
    """Declare a topic that may be published though nobody handles it: a floor above may, or not.

    Args:
        topic: what happened, such as ``orders.paid``.
    """
    _handlers.setdefault(topic, {})


def registered_handlers() -> dict[str, list[str]]:
    """Return every topic with the names of its handlers."""
    return {topic: sorted(names) for topic, names in _handlers.items()}


def publish(topic: str, payload: dict[str, Any], *, after: timedelta = timedelta(0)) -> None:
    """Write down that ``topic`` must be carried out once this transaction commits.

    Args:
        topic: one that a handler is registered for, or that was declared as ``news``.
        payload: JSON values, ids rather than copies.
        after: how long it is left alone first; the sweep finds it then.

    Raises:
        KeyError: nobody knows the topic.
        transaction.TransactionManagementError: outside a transaction.
    """
    _write([(topic, payload)], after=after)


class News(NamedTuple):
    """A topic and its payload, to be published with others."""

    topic: str
    payload: dict[str, Any]


def publish_together(news: Sequence[News]) -> None:
    """Publish several topics by one statement.

    Args:
        news: each as of ``publish``.

    Raises:
        KeyError: nobody knows a topic.
        transaction.TransactionManagementError: outside a transaction.
    """
    _write(news, after=timedelta(0))


def _write(news: Sequence[tuple[str, dict[str, Any]]], *, after: timedelta) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("publish needs a transaction")
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    rows = [
        OutboxMessage(topic=topic, handler=name, payload=payload, request_id=request_id)
        for topic, payload in news
        for name in _handlers[topic]
    ]
    if after:
        for row in rows:
            row.due_at += after
    insert_rows(rows)
    if not after:
        _ring_after([str(row.pk) for row in rows])


class _Bell(threading.local):
    """What this thread's transaction wrote so far, to be rung for with its commit."""

    def __init__(self) -> None:
        self.ids: list[str] = []


_bell = _Bell()


def _ring_after(ids: list[str]) -> None:
    """Have the worker rung for messages once the transaction commits, with its others.

    Each message has a callback of its own, for a savepoint that is undone takes its callbacks with
    it; the first that is called rings for all. What was undone is rung for in vain.
    """
    waiting = transaction.get_connection().run_on_commit
    if not any(act is _ring for _savepoints, act, _robust in reversed(waiting)):
        # What is left is of a transaction that was undone.
        _bell.ids = []
    _bell.ids += ids
    transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    from celery import current_app

    ids, _bell.ids = _bell.ids, []
    for first in range(0, len(ids), RUNG_AT_ONCE):
        some = ids[first : first + RUNG_AT_ONCE]
        current_app.send_task("shop.foundation.carry_out", args=some, retry=False)


def carry_out(message_id: str) -> bool:
    """Carry out one message, if it is due and nobody else holds it.

    Args:
        message_id: the row's id.

    Returns:
        Whether the handler ran to its end.
    """
    now = timezone.now()
    with prepared_cursor() as cursor:
        cursor.execute(_TAKE, {"now": now, "until": now + LEASE, "id": message_id})
        taken = cursor.fetchone()
    if taken is None:
        return False
    topic, handler, payload, request_id, attempts, last_error = taken
    message = OutboxMessage(
        id=message_id,
        topic=topic,
        handler=handler,
        payload=json.loads(payload),
        request_id=request_id,
        attempts=attempts,
        last_error=last_error,
    )
    # Whatever is logged on the way, and published in turn, bears the id of the first request.
    with structlog.contextvars.bound_contextvars(request_id=message.request_id):
        return _carry_out_taken(message)


def _carry_out_taken(message: OutboxMessage) -> bool:
    if message.attempts > MAX_ATTEMPTS:
        _give_up_silent(message)
        return False
    began = time.monotonic()
    try:
        _handlers[message.topic][message.handler](message.payload)
    except Exception as error:
        _postpone(message, error)
        return False
    # Mails hold addresses, and codes to log in with: once sent, nobody needs them.
    with prepared_cursor() as cursor:
        cursor.execute(_DONE, {"now": timezone.now(), "id": message.pk})
    logger.info(
        "carried_out",
        topic=message.topic,
        handler=message.handler,
        ms=round((time.monotonic() - began) * 1000),
    )
    return True


def _give_up_silent(message: OutboxMessage) -> None:
    """Give up a message whose last worker never came back to say how it went: it kills them."""
    OutboxMessage.objects.filter(pk=message.pk).update(
        gave_up_at=timezone.now(), last_error=message.last_error or "The worker was killed."
    )
    logger.error("outbox_gave_up", topic=message.topic, handler=message.handler)


def _postpone(message: OutboxMessage, error: Exception) -> None:
    wait = timedelta(seconds=min(2 ** min(message.attempts, 12), 3600))
    fields: dict[str, Any] = {
        "due_at": timezone.now() + wait,
        "last_error": f"{type(error).__name__}: {error}"[:2000],
    }
    if message.attempts >= MAX_ATTEMPTS:
        fields["gave_up_at"] = timezone.now()
    OutboxMessage.objects.filter(pk=message.pk).update(**fields)
    logger.exception(
        "outbox_handler_failed",
        topic=message.topic,
        handler=message.handler,
        attempts=message.attempts,
        gave_up=message.attempts >= MAX_ATTEMPTS,
    )


def carry_out_due(*, limit: int = 200) -> int:
    """Carry out what is due, oldest first; the sweep and the tests call it.

    Args:
        limit: how many rows to look at.

    Returns:
        How many handlers ran to their end.
    """
    waiting = OutboxMessage.objects.filter(
        done_at__isnull=True, gave_up_at__isnull=True, due_at__lte=timezone.now()
    ).order_by("due_at", "created_at")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    return sum(carry_out(str(message_id)) for message_id in ids)


def given_up() -> int:
    """Return how many messages were given up and wait for somebody to look."""
    return OutboxMessage.objects.filter(gave_up_at__isnull=False).count()


def try_again(message_ids: Sequence[uuid.UUID]) -> int:
    """Set given-up messages going again; the next sweep carries them out.

    Returns:
        How many there were.
    """
    return OutboxMessage.objects.filter(pk__in=message_ids, gave_up_at__isnull=False).update(
        gave_up_at=None, attempts=0, due_at=timezone.now()
    )
