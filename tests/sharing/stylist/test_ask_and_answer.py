"""Customers ask, staff answer: whose turn it is, who may, what is refused, what is told."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sharing.photos.errors import PhotoRefusedError
from sharing.photos.files import rendition_names
from sharing.stylist import pictures
from sharing.stylist.errors import (
    MessageInvalidError,
    NotStaffError,
    ThreadClosedError,
    ThreadMissingError,
    ThreadMovedOnError,
)
from sharing.stylist.models import Message, PicturePart, Thread
from sharing.stylist.pictures import keep_picture, render_picture
from sharing.stylist.services import (
    QUESTIONS_AN_HOUR,
    answer,
    ask,
    close_thread,
    erase_messages,
    reopen_thread,
    show_to_friends,
)
from sharing.stylist.states import ThreadState
from shop.analytics.models import Event
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.errors import TooManyError
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.foundation.photos.decoding import SafePhoto
from shop.foundation.private_files import private_storage
from tests.factories.sharing import answered, asked_thread, gallery_with_link
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg

pytestmark = pytest.mark.django_db


def mails() -> list[dict[str, str]]:
    return [each.payload for each in OutboxMessage.objects.filter(topic="mail.send")]


@pytest.fixture(autouse=True)
def _the_laws_hold_after_each_test():
    yield
    assert [each.name for each in all_invariants() if breaches(each)] == []


def test_a_question_waits_since_it_was_asked_and_an_answer_ends_the_waiting() -> None:
    thread = asked_thread()
    asked_at = thread.messages.get().at
    assert (thread.state, thread.waiting_since) == (ThreadState.WAITING, asked_at)
    answered(thread)
    thread.refresh_from_db()
    assert (thread.state, thread.waiting_since) == (ThreadState.ANSWERED, None)
    assert list(thread.transitions.values_list("to_state", flat=True)) == ["waiting", "answered"]


def test_what_a_customer_adds_does_not_begin_her_waiting_anew() -> None:
    thread = asked_thread()
    first = thread.waiting_since
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        ask(user=thread.customer, trial=thread.trial, text="And the blue ones?")
    thread.refresh_from_db()
    assert thread.waiting_since == first
    assert Thread.objects.count() == 1


def test_an_answer_is_caused_by_the_question_that_waited_first() -> None:
    thread = asked_thread()
    ask(user=thread.customer, trial=thread.trial, text="And the blue ones?")
    answered(thread)
    first, second = Event.objects.filter(name="thread_asked").order_by("occurred_at")
    answer_event = Event.objects.get(name="thread_answered")
    assert answer_event.caused_by == first.pk
    assert second.caused_by == first.pk
    assert first.caused_by == Event.objects.get(name="trial_requested").pk
    assert thread.customer.name not in str([first.details, answer_event.details])


def test_a_question_about_a_gallery_is_caused_by_its_making() -> None:
    gallery = gallery_with_link().gallery
    ask(user=gallery.owner, gallery=gallery, text="Which?")
    made = Event.objects.get(name="gallery_created")
    assert Event.objects.get(name="thread_asked").caused_by == made.pk


@time_machine.travel("2026-11-25T12:00:00Z", tick=True)
def test_an_answer_is_mailed_to_the_customer_in_her_language() -> None:
    thread = asked_thread(user=UserFactory(language="de", name="Mia"))
    OutboxMessage.objects.all().delete()
    answered(thread, text="Die runde <b>Brille</b>.")
    (mail,) = mails()
    assert mail["to"] == thread.customer.email
    assert "Die runde <b>Brille</b>." in mail["text"]
    assert "&lt;b&gt;" in mail["html"]
    assert f"/trials/{thread.trial.number}/#stylist" in mail["text"]
    assert mail["subject"] == "Deine Stylistin hat geantwortet"


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_a_question_of_nothing_or_too_much_is_refused(text: str) -> None:
    trial = delivered_trial()
    with pytest.raises(MessageInvalidError):
        ask(user=trial.user, trial=trial, text=text)
    assert not Thread.objects.exists()


def test_card_numbers_are_refused_on_both_sides() -> None:
    thread = asked_thread()
    with pytest.raises(CardNumberError):
        ask(user=thread.customer, trial=thread.trial, text="4242 4242 4242 4242")
    with pytest.raises(CardNumberError):
        answered(thread, text="4242 4242 4242 4242")
    assert thread.messages.count() == 1


def test_nobody_asks_about_anothers_trial_or_gallery() -> None:
    trial, gallery, other = delivered_trial(), gallery_with_link().gallery, UserFactory()
    with pytest.raises(ThreadMissingError):
        ask(user=other, trial=trial, text="Hers?")
    with pytest.raises(ThreadMissingError):
        ask(user=other, gallery=gallery, text="Hers?")
    with pytest.raises(ThreadMissingError):
        ask(user=other, text="About nothing?")


def test_questions_are_limited_by_the_hour() -> None:
    trial = delivered_trial()
    for _each in range(QUESTIONS_AN_HOUR):
        ask(user=trial.user, trial=trial, text="Well?")
    with pytest.raises(TooManyError):
        ask(user=trial.user, trial=trial, text="Well?")


def test_only_people_who_work_here_answer_close_and_reopen() -> None:
    thread, other = asked_thread(), UserFactory()
    last = thread.messages.get().pk
    for act in (
        lambda: answer(thread_id=thread.pk, by=other, seen=last, text="I say so"),
        lambda: answer(thread_id=thread.pk, by=thread.customer, seen=last, text="I say so"),
        lambda: close_thread(thread_id=thread.pk, by=other, seen=last),
        lambda: reopen_thread(thread_id=thread.pk, by=other),
    ):
        with pytest.raises(NotStaffError):
            act()
    answered(thread, by=ManagerFactory())


def test_who_answers_past_what_was_said_since_is_told_and_nothing_is_sent() -> None:
    thread, last = asked_thread(), 0
    last = thread.messages.get().pk
    answered(thread, by=StaffFactory())
    with pytest.raises(ThreadMovedOnError):
        answer(thread_id=thread.pk, by=StaffFactory(), seen=last, text="The square pair.")
    last = thread.messages.last().pk
    ask(user=thread.customer, trial=thread.trial, text="Wait, one more thing")
    with pytest.raises(ThreadMovedOnError):
        close_thread(thread_id=thread.pk, by=StaffFactory(), seen=last)
    assert thread.messages.filter(from_staff=True).count() == 1


def test_a_closed_thread_is_reopened_before_it_is_answered_and_by_a_new_question() -> None:
    thread, ops = asked_thread(), StaffFactory()
    last = thread.messages.get().pk
    close_thread(thread_id=thread.pk, by=ops, seen=last)
    close_thread(thread_id=thread.pk, by=ops, seen=last)
    with pytest.raises(ThreadClosedError):
        answered(thread)
    assert reopen_thread(thread_id=thread.pk, by=ops).state == ThreadState.WAITING
    answered(thread)
    close_thread(thread_id=thread.pk, by=ops, seen=thread.messages.last().pk)
    assert reopen_thread(thread_id=thread.pk, by=ops).state == ThreadState.ANSWERED
    close_thread(thread_id=thread.pk, by=ops, seen=thread.messages.last().pk)
    ask(user=thread.customer, trial=thread.trial, text="Hello again")
    thread.refresh_from_db()
    assert thread.state == ThreadState.WAITING


def test_a_picture_is_shown_once_made_safe_and_its_original_is_deleted() -> None:
    thread, last = asked_thread(), 0
    last = thread.messages.get().pk
    original = keep_picture(SimpleUploadedFile("me.jpg", jpeg()))
    message = answer(thread_id=thread.pk, by=StaffFactory(), seen=last, original=original)
    assert message.picture_state == PicturePart.PENDING
    render_picture(message.pk)
    render_picture(message.pk)
    message.refresh_from_db()
    assert (message.picture_state, message.original) == (PicturePart.READY, "")
    assert all(private_storage().exists(name) for name in rendition_names(message.picture))
    assert OutboxMessage.objects.filter(
        topic="photos.delete_files", payload={"names": [original]}
    ).exists()


def test_a_file_that_is_no_photo_is_refused_before_anything_is_kept() -> None:
    with pytest.raises(PhotoRefusedError):
        keep_picture(SimpleUploadedFile("me.jpg", b"<svg/>"))


def test_erasing_a_customer_blanks_all_that_was_said_and_deletes_pictures() -> None:
    thread, kept = asked_thread(text="My nose is big"), asked_thread(text="Mine is not")
    last = thread.messages.get().pk
    original = keep_picture(SimpleUploadedFile("me.jpg", jpeg()))
    message = answer(thread_id=thread.pk, by=StaffFactory(), seen=last, original=original)
    render_picture(message.pk)
    message.refresh_from_db()
    assert erase_messages(user=thread.customer) == 2
    assert erase_messages(user=thread.customer) == 0
    assert {(each.text, each.author) for each in thread.messages.all()} == {("", None)}
    assert kept.messages.get().text == "Mine is not"
    names = [
        each.payload["names"] for each in OutboxMessage.objects.filter(topic="photos.delete_files")
    ]
    assert rendition_names(message.picture) in names
    message.refresh_from_db()
    assert message.picture_state == PicturePart.ERASED


def test_a_picture_erased_while_it_was_decoded_leaves_no_file(monkeypatch) -> None:
    thread = asked_thread()
    original = keep_picture(SimpleUploadedFile("me.jpg", jpeg()))
    last = thread.messages.get().pk
    message = answer(thread_id=thread.pk, by=StaffFactory(), seen=last, original=original)
    safe = pictures.decode_apart(jpeg())

    def erased_meanwhile(_data: bytes) -> SafePhoto:
        erase_messages(user=thread.customer)
        return safe

    monkeypatch.setattr(pictures, "decode_apart", erased_meanwhile)
    render_picture(message.pk)
    message.refresh_from_db()
    assert message.picture_state == PicturePart.ERASED
    assert not any(private_storage().exists(name) for name in rendition_names(message.picture))


def test_friends_read_answers_only_where_the_owner_lets_them() -> None:
    from sharing.stylist.queries import answers_for_friends

    gallery = gallery_with_link().gallery
    with pytest.raises(ThreadMissingError):
        show_to_friends(owner=gallery.owner, gallery=gallery, shown=True)
    thread = ask(user=gallery.owner, gallery=gallery, text="Which?").thread
    answered(thread)
    assert answers_for_friends(gallery) == []
    with pytest.raises(ThreadMissingError):
        show_to_friends(owner=UserFactory(), gallery=gallery, shown=True)
    show_to_friends(owner=gallery.owner, gallery=gallery, shown=True)
    assert [each.text for each in answers_for_friends(gallery)] == ["The round pair."]
    show_to_friends(owner=gallery.owner, gallery=gallery, shown=False)
    assert answers_for_friends(gallery) == []


def test_an_unknown_thread_is_missing() -> None:
    with pytest.raises(ThreadMissingError):
        answer(thread_id=uuid.uuid4(), by=StaffFactory(), seen=1, text="Hello?")
    assert not Message.objects.exists()
