"""Threads, read in a fixed number of queries."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Prefetch, QuerySet
from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery
from sharing.stylist.errors import ThreadMissingError
from sharing.stylist.models import Message, PicturePart, Thread
from sharing.stylist.states import ThreadState
from shop.customers.models import User
from trials.home_trials.models import Trial


def thread_about(*, trial: Trial | None = None, gallery: Gallery | None = None) -> Thread | None:
    """Return the thread of a trial or a gallery with its messages, if anything was asked."""
    return _whole(Thread.objects.filter(trial=trial, gallery=gallery)).first()


def messages_of(thread: Thread) -> QuerySet[Message]:
    """Return what was said in a thread, oldest first, with who said it."""
    return thread.messages.select_related("author").order_by("pk")


def threads_in(state: str) -> QuerySet[Thread]:
    """Return the threads of one state with all a list shows: who waits longest comes first.

    Args:
        state: one of ``ThreadState``; all of them, the latest first, if it is none.
    """
    found = Thread.objects.select_related("customer", "trial", "gallery__owner")
    if state == ThreadState.WAITING:
        return found.filter(state=state).order_by("waiting_since", "pk")
    if state in ThreadState.values:
        found = found.filter(state=state)
    return found.order_by("-last_at", "-pk")


def last_words(threads: Iterable[Thread]) -> dict[uuid.UUID, Message]:
    """Return the last message of each thread, by its id: one query."""
    newest = (
        Message.objects.filter(thread__in=list(threads))
        .order_by("thread_id", "-pk")
        .distinct("thread_id")
        .select_related("author")
    )
    return {message.thread_id: message for message in newest}


def staff_thread(thread_id: uuid.UUID) -> Thread:
    """Return any thread with its messages, for people who work here.

    Raises:
        ThreadMissingError: there is none.
    """
    found = _whole(
        Thread.objects.filter(pk=thread_id).select_related("customer", "trial", "gallery")
    ).first()
    if found is None:
        raise ThreadMissingError(_("There is no such thread."))
    return found


@dataclass(frozen=True)
class Waiting:
    """How many customers wait for an answer, and since when the first of them."""

    count: int
    oldest: datetime | None


def waiting() -> Waiting:
    """Return how much waits: one query."""
    row = Thread.objects.filter(state=ThreadState.WAITING).aggregate(
        count=Count("pk"), oldest=Min("waiting_since")
    )
    return Waiting(row["count"], row["oldest"])


def picture_for(*, user: User, message_id: int) -> Message | None:
    """Return an answer whose picture somebody may see: the customer, or who works here."""
    ready = Message.objects.filter(pk=message_id, picture_state=PicturePart.READY)
    return ready.first() if user.is_staff else ready.filter(thread__customer=user).first()


def answers_for_friends(gallery: Gallery) -> list[Message]:
    """Return what the stylist answered about a gallery, if its owner lets friends read it."""
    return list(
        Message.objects.filter(
            thread__gallery=gallery,
            thread__shown_to_friends=True,
            from_staff=True,
            erased_at=None,
        ).order_by("pk")
    )


def _whole(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    said = Message.objects.select_related("author").order_by("pk")
    return threads.prefetch_related(Prefetch("messages", queryset=said))
