"""What is gathered: one mail an evening, sent exactly once, at hours people are awake."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.messages.models import MessageItem
from shop.messages.services.choosing import choose
from shop.messages.services.gathering import send_waiting, send_waiting_to
from shop.messages.topics import Topic
from tests.factories.shop import UserFactory
from tests.shop.foundation.at_once import at_once
from tests.shop.messages.telling import EVENING, NIGHT, NOON, tell, tell_votes

pytestmark = pytest.mark.django_db


def travel(moment):
    return time_machine.travel(moment, tick=False)


def test_votes_of_a_day_are_one_mail_in_the_evening_that_counts_them():
    user = UserFactory(name="Mia")
    with travel(NOON):
        tell_votes(user, "votes:1", count=2)
        tell_votes(user, "votes:2", count=3)
        tell_votes(user, "votes:3", gallery="2")
        assert send_waiting() == 0
    with travel(EVENING):
        assert send_waiting() == 1
        carry_out_due()

    (sent,) = mail.outbox
    assert sent.body.count("/galleries/1/") == 1
    assert "5 more votes on “Which of 1?”" in sent.body
    assert "1 more vote on “Which of 2?”" in sent.body
    assert "5 more votes on “Which of 1?”" in sent.alternatives[0][0]
    assert "/m/u/votes." in sent.extra_headers["List-Unsubscribe"]
    assert all(item.data == {} for item in MessageItem.objects.all())


def test_the_evening_is_that_of_the_reader_and_so_is_the_language():
    user = UserFactory(time_zone="America/New_York", language="de")
    with travel(NOON):
        item = tell_votes(user, "votes:1")
    assert item.due_at == datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    with travel(item.due_at):
        send_waiting()
        carry_out_due()

    assert "1 weitere Stimme" in mail.outbox[0].body


def test_at_most_one_digest_goes_out_a_day():
    user = UserFactory()
    with travel(NOON):
        tell_votes(user, "votes:1")
    with travel(EVENING):
        send_waiting()
    # Written down a moment before six, committed after the digest had gone.
    MessageItem.objects.create(
        key="late",
        user=user,
        topic=Topic.VOTES,
        template="votes",
        delivery="digest",
        data={"question": "Late?", "path": "/", "count": 1},
        due_at=EVENING,
    )
    with travel(EVENING + timedelta(minutes=1)):
        assert send_waiting() == 0
    with travel(EVENING + timedelta(days=1)):
        assert send_waiting() == 1


def test_the_digest_and_a_message_at_once_are_two_mails():
    user = UserFactory()
    with travel(NOON):
        tell_votes(user, "votes:1")
        tell(user)
        carry_out_due()

    assert [sent.subject for sent in mail.outbox] == ["The first friend has voted"]


def test_what_fell_into_the_night_goes_out_in_the_morning():
    user = UserFactory()
    with travel(NIGHT):
        tell(user)
        assert send_waiting() == 0
    with travel(NIGHT + timedelta(hours=8, minutes=30)):
        assert send_waiting() == 1
        carry_out_due()

    assert mail.outbox[0].subject == "The first friend has voted"


def test_who_ends_a_topic_before_the_evening_gets_none_of_it():
    user = UserFactory()
    with travel(NOON):
        tell_votes(user, "votes:1")
        choose(user=user, deliveries={"votes": "never"})
    with travel(EVENING):
        assert send_waiting() == 0

    item = MessageItem.objects.get()
    assert item.withheld_at == EVENING
    assert item.data == {}


def test_a_message_that_cannot_be_written_keeps_nobody_else_waiting():
    broken, user = UserFactory(), UserFactory()
    with travel(NOON):
        tell_votes(broken, "votes:1")
        tell_votes(user, "votes:2")
    MessageItem.objects.filter(user=broken).update(template="gone_with_a_release")
    with travel(EVENING):
        assert send_waiting() == 1
        carry_out_due()

    assert [sent.to for sent in mail.outbox] == [[user.email]]
    assert MessageItem.objects.get(user=broken).due_at > EVENING


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_its_commit_has_sent_nothing_and_lost_nothing():
    user = UserFactory()
    with travel(NOON):
        tell_votes(user, "votes:1")
    with travel(EVENING):
        with transaction.atomic():
            send_waiting()
            transaction.set_rollback(True)
        assert not OutboxMessage.objects.exists()
        send_waiting()
        send_waiting()
        carry_out_due()
        carry_out_due()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_send_one_digest():
    people = [UserFactory() for _each in range(5)]
    with travel(NOON):
        for user in people:
            for number in range(5):
                tell_votes(user, f"votes:{user.pk}:{number}")
    with travel(EVENING):
        for user in people:
            at_once([lambda user=user: send_waiting_to(user.pk)] * 4)

    assert OutboxMessage.objects.filter(topic="mail.send").count() == len(people)
