"""Asking the stylist, and answering."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.galleries.models import Gallery
from sharing.photos.files import rendition_names
from sharing.stylist.errors import (
    MessageInvalidError,
    NotStaffError,
    ThreadClosedError,
    ThreadMissingError,
    ThreadMovedOnError,
)
from sharing.stylist.models import TEXT_LENGTH, Message, PicturePart, Thread, ThreadTransition
from sharing.stylist.states import MOVES, ThreadState
from sharing.stylist.telling import tell_customer
from shop.analytics.names import EventName
from shop.analytics.queries import event_of
from shop.analytics.services import customer, record, staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import move
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.outbox import publish
from shop.foundation.plain_text import several_lines
from trials.home_trials.models import Trial

QUESTIONS_AN_HOUR = 20


def ask(
    *, user: User, text: str, trial: Trial | None = None, gallery: Gallery | None = None
) -> Message:
    """Ask the stylist about a trial or a gallery; a closed thread is open again.

    Args:
        user: the customer.
        text: up to ``TEXT_LENGTH`` characters.
        trial: what it is about, one of hers; or
        gallery: likewise. One of the two.

    Raises:
        ThreadMissingError: the trial or gallery is not hers.
        MessageInvalidError: the text is empty or too long.
        CardNumberError: it holds a card number.
        TooManyError: she has asked too often this hour.
    """
    owner_id = trial.user_id if trial else gallery.owner_id if gallery else None
    if owner_id != user.pk or (trial and gallery):
        raise ThreadMissingError(_("There is no such trial or gallery."))
    text = _cleaned(text)
    if not text:
        raise MessageInvalidError(_("Write your question first."))
    count_against("stylist", str(user.pk), limit=QUESTIONS_AN_HOUR, seconds=3600)
    with transaction.atomic():
        thread, is_new = _thread_to_ask(user, trial, gallery)
        last = thread.messages.last()
        message = Message.objects.create(thread=thread, author=user, from_staff=False, text=text)
        begins = is_new or thread.waiting_since is None
        event = record(
            EventName.THREAD_ASKED,
            key=f"{EventName.THREAD_ASKED}:{message.pk}",
            subject=("thread", thread.pk),
            person=customer(user),
            occurred_at=message.at,
            caused_by=_cause(thread, last),
            details={**_about(thread), "begins_waiting": begins, "first": last is None},
        )
        fields: dict[str, object] = {"last_at": message.at}
        if begins:
            fields |= {"waiting_since": message.at, "waiting_event": event}
        _go(thread, ThreadState.WAITING, by=user, **fields)
        return message


def answer(
    *,
    thread_id: uuid.UUID,
    by: User,
    seen: int,
    text: str = "",
    original: str = "",
) -> Message:
    """Answer a customer, with words, a picture or both; she is told by mail.

    Args:
        thread_id: which thread.
        by: who answers.
        seen: the id of the last message she has read. Where another has come since, nothing is
            sent: two people would answer the same, or past what the customer has added.
        text: up to ``TEXT_LENGTH`` characters.
        original: the name in private storage of a picture that was checked
            (``pictures.keep_picture``); it is shown once it has been made safe.

    Raises:
        NotStaffError: she does not work here.
        ThreadMissingError: there is no such thread.
        ThreadMovedOnError: somebody has written since.
        ThreadClosedError: the thread is closed.
        MessageInvalidError: neither words nor a picture, or too many words.
        CardNumberError: the text holds a card number.
    """
    _check_staff(by)
    text = _cleaned(text)
    if not text and not original:
        raise MessageInvalidError(_("Write an answer or add a picture first."))
    with transaction.atomic():
        thread = _locked(thread_id)
        if thread.state == ThreadState.CLOSED:
            raise ThreadClosedError(_("This thread is closed. Reopen it to answer."))
        before = list(thread.messages.values_list("pk", "from_staff"))
        _check_seen(thread, seen, before[-1][0])
        picture = uuid.uuid4() if original else None
        message = Message.objects.create(
            thread=thread,
            author=by,
            from_staff=True,
            text=text,
            picture=picture,
            picture_state=PicturePart.PENDING if picture else PicturePart.NONE,
            original=original,
        )
        event = record(
            EventName.THREAD_ANSWERED,
            key=f"{EventName.THREAD_ANSWERED}:{message.pk}",
            subject=("thread", thread.pk),
            person=staff(by),
            occurred_at=message.at,
            caused_by=thread.waiting_event,
            details={**_about(thread), "first": not any(ours for _pk, ours in before)},
        )
        fields = {"last_at": message.at, "waiting_since": None, "waiting_event": None}
        _go(thread, ThreadState.ANSWERED, by=by, **fields)
        if picture:
            publish("stylist.render", {"message": message.pk})
        tell_customer(message, caused_by=event)
        return message


def close_thread(*, thread_id: uuid.UUID, by: User, seen: int) -> Thread:
    """Take a thread off the queue; closed twice is no error. The customer may ask again.

    Raises:
        NotStaffError: she does not work here.
        ThreadMissingError: there is no such thread.
        ThreadMovedOnError: somebody has written since ``seen``.
    """
    _check_staff(by)
    with transaction.atomic():
        thread = _locked(thread_id)
        if thread.state != ThreadState.CLOSED:
            last = thread.messages.last()
            _check_seen(thread, seen, last.pk if last else 0)
            _go(thread, ThreadState.CLOSED, by=by)
        return thread


def reopen_thread(*, thread_id: uuid.UUID, by: User) -> Thread:
    """Put a closed thread back to where it stood; an open one stays as it is.

    Raises:
        NotStaffError: she does not work here.
        ThreadMissingError: there is no such thread.
    """
    _check_staff(by)
    with transaction.atomic():
        thread = _locked(thread_id)
        if thread.state == ThreadState.CLOSED:
            waits = thread.waiting_since is not None
            _go(thread, ThreadState.WAITING if waits else ThreadState.ANSWERED, by=by)
        return thread


def show_to_friends(*, owner: User, gallery: Gallery, shown: bool) -> Thread:
    """Let friends of a gallery read what the stylist answered, or no longer.

    Raises:
        ThreadMissingError: the gallery is not hers, or nothing was asked about it.
    """
    with transaction.atomic():
        found = Thread.objects.filter(gallery=gallery, customer=owner).first()
        if found is None:
            raise ThreadMissingError(_("Nothing was asked about this gallery yet."))
        thread = lock_row(Thread, found.pk)
        thread.shown_to_friends = shown
        thread.save(update_fields=["shown_to_friends"])
        return thread


def erase_messages(*, user: User) -> int:
    """Blank all that a customer asked and all that she was answered; answer times stay.

    An answer goes along with its question: it may call her by name or describe her face.

    Returns:
        How many messages were blanked.
    """
    with transaction.atomic():
        threads = lock_rows(Thread, [user.pk], by="customer_id")
        said = list(Message.objects.filter(thread__in=threads, erased_at=None))
        for message in said:
            if message.picture:
                names = [*rendition_names(message.picture), *filter(None, [message.original])]
                publish("photos.delete_files", {"names": names})
                message.picture_state = PicturePart.ERASED
            message.text, message.original, message.author = "", "", None
            message.erased_at = timezone.now()
        fields = ["text", "original", "author", "picture_state", "erased_at"]
        Message.objects.bulk_update(said, fields)
        return len(said)


def _check_staff(by: User) -> None:
    if not (by.is_active and by.is_staff):
        raise NotStaffError(_("Only people who work here answer."))


def _check_seen(thread: Thread, seen: int, last: int) -> None:
    if seen != last:
        raise ThreadMovedOnError(
            _("Somebody has written here since you opened this. Read it, then send yours again."),
            last=last,
        )


def _cleaned(text: str) -> str:
    text = several_lines(text)
    if len(text) > TEXT_LENGTH:
        raise MessageInvalidError(
            _("Please say it in %(limit)s characters.") % {"limit": TEXT_LENGTH}
        )
    refuse_card_numbers(text)
    return text


def _thread_to_ask(user: User, trial: Trial | None, gallery: Gallery | None) -> tuple[Thread, bool]:
    defaults = {"customer": user, "waiting_since": timezone.now()}
    thread, is_new = Thread.objects.get_or_create(trial=trial, gallery=gallery, defaults=defaults)
    if is_new:
        ThreadTransition.objects.create(
            subject=thread, from_state="", to_state=thread.state, actor=user
        )
    return lock_row(Thread, thread.pk), is_new


def _locked(thread_id: uuid.UUID) -> Thread:
    try:
        return lock_row(Thread, thread_id)
    except Thread.DoesNotExist as error:
        raise ThreadMissingError(_("There is no such thread.")) from error


def _go(thread: Thread, state: ThreadState, *, by: User, **fields: object) -> None:
    if thread.state == state:
        for name, value in fields.items():
            setattr(thread, name, value)
        thread.save(update_fields=list(fields)) if fields else None
        return
    move(thread, state, moves=MOVES, history=ThreadTransition, by=by, fields=fields)


def _about(thread: Thread) -> dict[str, str]:
    return {
        "trial": str(thread.trial_id or ""),
        "gallery": str(thread.gallery_id or ""),
    }


def _cause(thread: Thread, last: Message | None) -> uuid.UUID | None:
    """Return the event that led to a question: the answer before it, or what it is about."""
    if last is not None and last.from_staff:
        key = f"{EventName.THREAD_ANSWERED}:{last.pk}"
    elif last is not None:
        key = f"{EventName.THREAD_ASKED}:{last.pk}"
    elif thread.gallery_id:
        key = f"{EventName.GALLERY_CREATED}:{thread.gallery_id}"
    else:
        key = f"{EventName.TRIAL_REQUESTED}:{thread.trial_id}"
    return event_of(key)
