"""Two people at work who answer in the same second; a customer who asks twice at once."""

import pytest
from django.db import IntegrityError

from sharing.stylist.errors import ThreadMovedOnError
from sharing.stylist.models import Message, Thread
from sharing.stylist.services import answer, ask
from shop.analytics.models import Event
from shop.foundation.invariants import all_invariants, breaches
from tests.at_once import at_once
from tests.factories.sharing import asked_thread
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_eight_who_answer_at_once_one_is_heard_and_seven_are_told() -> None:
    thread, people = asked_thread(), [StaffFactory() for _each in range(8)]
    last = thread.messages.get().pk
    results = at_once(
        [
            lambda by=by: answer(thread_id=thread.pk, by=by, seen=last, text=by.name)
            for by in people
        ],
        expected=ThreadMovedOnError,
    )
    assert sum(isinstance(each, Message) for each in results) == 1
    assert sum(isinstance(each, ThreadMovedOnError) for each in results) == 7
    assert thread.messages.filter(from_staff=True).count() == 1
    assert Event.objects.filter(name="thread_answered").count() == 1


def test_questions_asked_at_once_are_one_thread_and_one_wait() -> None:
    trial = delivered_trial()
    at_once(
        [lambda n=n: ask(user=trial.user, trial=trial, text=f"Question {n}") for n in range(6)],
        expected=IntegrityError,
    )
    assert Thread.objects.count() == 1
    assert Message.objects.count() == 6
    begun = Event.objects.filter(name="thread_asked", details__begins_waiting=True)
    assert begun.count() == 1
    assert [each.name for each in all_invariants() if breaches(each)] == []
