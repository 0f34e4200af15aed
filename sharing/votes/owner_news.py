"""Telling a gallery's owner how it goes: further votes, the deadline, the result.

The beat looks for what is to be told; the message's key makes each fact one message, whoever
looks twice. A vote itself writes nothing for it.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from sharing.galleries.models import Gallery, GalleryItem
from sharing.galleries.questions import as_read
from sharing.galleries.services.facts import event_of
from sharing.galleries.states import ClosedBecause, GalleryState
from sharing.votes.models import Vote
from sharing.votes.queries import standing
from sharing.votes.telling import verdict
from shop.analytics.names import EventName
from shop.foundation.locks import lock_row
from shop.messages.models import MessageItem
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

# A vote's time is taken before its transaction commits: what is younger may not be seen yet.
SETTLED = timedelta(minutes=1)
BEFORE_THE_END = timedelta(hours=24)
# A result that was not told by then, for the worker was away, is no news any more.
NEWS_FOR = timedelta(days=2)


def tell_further_votes(*, limit: int = 200) -> int:
    """Tell owners of the votes that came since they were last told.

    Args:
        limit: how many galleries to look at.

    Returns:
        How many galleries had further votes.
    """
    until = timezone.now() - SETTLED
    further = Vote.objects.filter(
        gallery=OuterRef("pk"), counted=True, cast_at__gt=OuterRef("told_at"), cast_at__lte=until
    )
    # What is erased closed long before; said, so that an index finds the few, however many closed.
    alive = Q(state=GalleryState.OPEN) | Q(closed_at__gt=until - NEWS_FOR, erased_at=None)
    found = Gallery.objects.filter(alive, Exists(further), told_at__isnull=False).order_by(
        "told_at"
    )
    keys = list(found.values_list("pk", flat=True)[:limit])
    for gallery_id in keys:
        _tell_further(gallery_id)
    return len(keys)


@transaction.atomic
def _tell_further(gallery_id: uuid.UUID) -> None:
    gallery = lock_row(Gallery, gallery_id, related=("owner",))
    until = timezone.now() - SETTLED
    votes = Vote.objects.filter(
        gallery=gallery, counted=True, cast_at__gt=gallery.told_at, cast_at__lte=until
    )
    count, newest = votes.count(), votes.order_by("-cast_at").first()
    if newest is None:
        return
    gallery.told_at = newest.cast_at
    gallery.save(update_fields=["told_at"])
    notify(
        user=gallery.owner,
        topic=Topic.VOTES,
        template="votes",
        context={**_context(gallery), "count": count},
        key=f"votes:{newest.pk}",
        about=gallery.pk,
        caused_by=event_of(f"{EventName.VOTE_CAST}:{newest.pk}"),
    )


def tell_deadlines(*, limit: int = 200) -> int:
    """Tell owners that the voting ends within a day; not where it was to last no longer anyway.

    Args:
        limit: how many messages to write at most.

    Returns:
        How many messages were written.
    """
    now = timezone.now()
    ending = Gallery.objects.filter(
        state=GalleryState.OPEN, closes_at__gt=now, closes_at__lte=now + BEFORE_THE_END
    )
    told = 0
    long_enough = ending.filter(closes_at__gt=F("created_at") + BEFORE_THE_END)
    for key, gallery in _untold(long_enough.order_by("closes_at"), _deadline_key):
        assert gallery.closes_at is not None
        context = {**_context(gallery), "closes_at": gallery.closes_at.isoformat()}
        context["zone"] = gallery.owner.time_zone
        told += _tell_once(gallery, Topic.DEADLINE, "deadline", key, context)
        if told == limit:
            break
    return told


def tell_results(*, limit: int = 200) -> int:
    """Tell owners what their friends decided, where the voting ended without their own hand.

    Args:
        limit: how many messages to write at most.

    Returns:
        How many messages were written.
    """
    ended = Gallery.objects.filter(
        state=GalleryState.CLOSED,
        closed_because__in=(ClosedBecause.DATE, ClosedBecause.PURCHASE),
        closed_at__gt=timezone.now() - NEWS_FOR,
        erased_at=None,
    )
    told = 0
    for key, gallery in _untold(ended.order_by("closed_at"), _result_key):
        told += _tell_once(gallery, Topic.RESULT, "result", key, result_context(gallery))
        if told == limit:
            break
    return told


def _deadline_key(gallery: Gallery) -> str:
    return f"deadline:{gallery.pk}:{gallery.closes_at:%Y%m%d%H%M}"


def _result_key(gallery: Gallery) -> str:
    return f"result:{gallery.pk}:{gallery.closed_at:%Y%m%d%H%M%S}"


def _untold(
    galleries: QuerySet[Gallery], key_of: Callable[[Gallery], str]
) -> Iterator[tuple[str, Gallery]]:
    """Yield the galleries of which no message was written, with its key.

    They are left out before any limit: else those told already would keep all after them from it.
    """
    found = [(key_of(gallery), gallery) for gallery in galleries.select_related("owner")]
    keys = MessageItem.objects.filter(key__in=[key for key, _gallery in found])
    told = set(keys.values_list("key", flat=True))
    return ((key, gallery) for key, gallery in found if key not in told)


def result_context(gallery: Gallery) -> dict[str, object]:
    """Return what the mail of a result says, in the owner's language: ``says`` and ``why``.

    Both are empty where nobody has picked; no winner is made up (``votes.telling``).
    """
    items = GalleryItem.objects.filter(gallery=gallery).select_related("variant__frame")
    names = {item.pk: str(item.variant) for item in items}
    with translation.override(gallery.owner.language):
        decided = verdict(standing(gallery), names, closed=True)
    return {**_context(gallery), "says": decided["says"], "why": decided["why"]}


@transaction.atomic
def _tell_once(
    gallery: Gallery, topic: Topic, template: str, key: str, context: dict[str, object]
) -> int:
    if MessageItem.objects.filter(key=key).exists():
        return 0
    item = notify(
        user=gallery.owner,
        topic=topic,
        template=template,
        context=context,
        key=key,
        about=gallery.pk,
        caused_by=_latest_event(gallery),
    )
    return int(item is not None)


def _latest_event(gallery: Gallery) -> uuid.UUID | None:
    times = range(gallery.transitions.count(), 0, -1)
    closed = [f"{EventName.GALLERY_CLOSED}:{gallery.pk}:{time}" for time in times]
    return event_of(*closed, f"{EventName.GALLERY_CREATED}:{gallery.pk}")


def _context(gallery: Gallery) -> dict[str, object]:
    return {
        "question": as_read(gallery.question, gallery.owner.language),
        "path": reverse("sharing:gallery", args=[gallery.pk]),
    }
