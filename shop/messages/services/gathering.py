"""What waited: the digest of an evening, and what fell into quiet hours.

Each person's turn is one transaction: her waiting rows are read under a lock of her own, the mail
is written to the outbox and the rows are marked, all or nothing. A worker killed on the way has
sent nothing; two beats at once wait for each other, and the second finds nothing left.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from shop.customers.models import User
from shop.foundation.locks import lock_name
from shop.foundation.mail import queue_mail
from shop.messages.hours import next_digest, start_of_day
from shop.messages.models import MessageItem
from shop.messages.queries import choices_of
from shop.messages.services.sending import in_language, mark_sent, send_to, way_out
from shop.messages.topics import Delivery

logger = structlog.get_logger(__name__)

TRY_AGAIN_AFTER = timedelta(hours=1)


def send_waiting(*, limit: int = 200) -> int:
    """Send what is due, person by person.

    Args:
        limit: of how many people.

    Returns:
        How many mails were queued.
    """
    due = _waiting().filter(due_at__lte=timezone.now(), user__isnull=False).order_by()
    people = due.values("user_id").annotate(since=Min("due_at")).order_by("since")[:limit]
    return sum(_try_to_send(row["user_id"]) for row in list(people))


def _try_to_send(user_id: int) -> int:
    try:
        return send_waiting_to(user_id)
    except Exception:
        # One message that cannot be written keeps nobody else's back; it is tried again later.
        logger.exception("messages_not_sent", user=user_id)
        now = timezone.now()
        _waiting().filter(user_id=user_id, due_at__lte=now).update(due_at=now + TRY_AGAIN_AFTER)
        return 0


@transaction.atomic
def send_waiting_to(user_id: int) -> int:
    """Send what is due to one person; repeated, nothing more is sent.

    Returns:
        How many mails were queued.
    """
    lock_name(f"messages:{user_id}")
    now = timezone.now()
    items = list(_waiting().filter(user_id=user_id, due_at__lte=now).order_by("created_at"))
    if not items:
        return 0
    user = User.objects.get(pk=user_id)
    items = _still_wanted(user, items)
    alone = [item for item in items if item.delivery == Delivery.AT_ONCE]
    gathered = [item for item in items if item.delivery == Delivery.DIGEST]
    for item in alone:
        item.user = user
        send_to(user, item, context=item.data)
    if not gathered:
        return len(alone)
    if _had_digest_today(user):
        later = next_digest(now, user.zone, not_today=True)
        keys = [item.pk for item in gathered]
        MessageItem.objects.filter(pk__in=keys).update(due_at=later)
        return len(alone)
    _send_digest(user, gathered)
    return len(alone) + 1


def _waiting() -> QuerySet[MessageItem]:
    return MessageItem.objects.filter(sent_at__isnull=True, withheld_at__isnull=True)


def _still_wanted(user: User, items: Sequence[MessageItem]) -> list[MessageItem]:
    """Withhold what she has chosen never to hear of since it was written down."""
    never = {each.topic for each in choices_of(user) if each.delivery == Delivery.NEVER}
    unwanted = [item.pk for item in items if item.topic in never or not user.is_active]
    MessageItem.objects.filter(pk__in=unwanted).update(withheld_at=timezone.now(), data={})
    return [item for item in items if item.pk not in set(unwanted)]


def _had_digest_today(user: User) -> bool:
    today = start_of_day(timezone.now(), user.zone)
    return MessageItem.objects.filter(
        user=user, delivery=Delivery.DIGEST, sent_at__gte=today
    ).exists()


def _send_digest(user: User, items: Sequence[MessageItem]) -> None:
    for item in items:
        item.user = user
    with in_language(user.language):
        lines = digest_lines(items, name=user.name)
    out = way_out(items)
    queue_mail(
        to=user.email,
        template="digest",
        context={"name": user.name, "lines": lines, **out.context},
        language=user.language,
        headers=out.headers,
    )
    mark_sent(items, template="digest")


def digest_lines(items: Sequence[MessageItem], *, name: str) -> list[dict[str, str]]:
    """Return the sentences of a digest, one for each template and thing, with where it leads.

    Args:
        items: by rising age; what is newest about a thing is what its sentence says.
        name: the reader's.

    Returns:
        ``text`` and ``url`` of each, in the order the things first came up.
    """
    together: dict[tuple[str, str], dict[str, Any]] = {}
    for item in items:
        key = (item.template, item.about or str(item.pk))
        before = together.get(key, {})
        count = before.get("count", 0) + int(item.data.get("count", 1))
        together[key] = {**item.data, "count": count, "name": name}
    return [
        {
            "text": render_to_string(f"mail/lines/{template}.txt", said).strip(),
            "url": f"{settings.PUBLIC_URL}{said['path']}",
        }
        for (template, _about), said in together.items()
    ]
