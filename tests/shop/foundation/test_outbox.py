"""The outbox: written with the fact, carried out at least once, later each time it fails."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
import time_machine
from celery import Celery, current_app
from django.conf import settings
from django.db import transaction
from django.db.transaction import TransactionManagementError

from shop.foundation import outbox
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import LEASE, MAX_ATTEMPTS, carry_out, carry_out_due, publish
from shop.foundation.tasks import KEEP_DONE, forget
from shop.foundation.tasks import carry_out as carry_out_job
from tests.shop.foundation.at_once import at_once

pytestmark = pytest.mark.django_db
TOPIC = "tests.note"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class KilledError(BaseException):
    """No code of ours catches it, as none catches a kill."""


@dataclass
class Noted:
    """What the handler was given, and what it raises for which note."""

    notes: list[Any] = field(default_factory=list)
    raises: dict[Any, type[BaseException]] = field(default_factory=dict)

    def __call__(self, payload: dict[str, Any]) -> None:
        if error := self.raises.get(payload["note"]):
            raise error("no")
        self.notes.append(payload["note"])


@pytest.fixture
def noted() -> Iterator[Noted]:
    handler = Noted()
    outbox.handles(TOPIC, name="tests.note")(handler)
    yield handler
    del outbox._handlers[TOPIC]


def _publish(*notes: Any) -> list[OutboxMessage]:
    with transaction.atomic():
        for note in notes:
            publish(TOPIC, {"note": note})
    return list(OutboxMessage.objects.order_by("created_at"))


@pytest.mark.django_db(transaction=True)
def test_a_message_is_written_in_the_transaction_of_the_fact_or_not_at_all(noted: Noted) -> None:
    with pytest.raises(TransactionManagementError):
        publish(TOPIC, {"note": 1})
    with transaction.atomic():
        publish(TOPIC, {"note": 2})
        transaction.set_rollback(True)

    assert carry_out_due() == 0
    assert not OutboxMessage.objects.exists()


def test_what_nobody_carries_out_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        publish("tests.nobody", {})


def test_each_handler_of_a_topic_has_a_row_and_tries_of_its_own(noted: Noted) -> None:
    other = Noted(raises={1: ValueError})
    outbox.handles(TOPIC, name="tests.other")(other)
    _publish(1)

    assert carry_out_due() == 1
    other.raises.clear()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        assert carry_out_due() == 1

    assert (noted.notes, other.notes) == ([1], [1])


def test_what_is_done_is_done_once(noted: Noted) -> None:
    (message,) = _publish(1)

    assert [carry_out(str(message.pk)) for _each in range(3)] == [True, False, False]
    assert noted.notes == [1]


def test_a_failure_waits_twice_as_long_each_time_and_says_why(noted: Noted) -> None:
    noted.raises[1] = ValueError
    with time_machine.travel(NOON, tick=False) as clock:
        (message,) = _publish(1)
        waits = []
        for _try in range(5):
            carry_out_due()
            message.refresh_from_db()
            waits.append((message.due_at - datetime.now(UTC)).total_seconds())
            clock.move_to(message.due_at - timedelta(microseconds=1))
            assert carry_out_due() == 0
            assert OutboxMessage.objects.get().attempts == message.attempts
            clock.move_to(message.due_at)

    assert waits == [2, 4, 8, 16, 32]
    assert message.last_error == "ValueError: no"


def test_a_poisoned_message_stops_no_other_and_is_given_up_in_the_end(noted: Noted) -> None:
    noted.raises["poison"] = ValueError
    with time_machine.travel(NOON, tick=False) as clock:
        _publish("poison", "a", "b")
        # Made in one moment, they have no order.
        poisoned = OutboxMessage.objects.get(payload__note="poison")
        for _try in range(MAX_ATTEMPTS + 2):
            carry_out_due()
            clock.shift(timedelta(hours=2))

    poisoned.refresh_from_db()
    assert sorted(noted.notes) == ["a", "b"]
    assert (poisoned.attempts, poisoned.done_at) == (MAX_ATTEMPTS, None)
    assert poisoned.gave_up_at


def test_a_worker_killed_at_work_leaves_a_message_that_falls_due_again(noted: Noted) -> None:
    noted.raises[1] = KilledError
    with time_machine.travel(NOON, tick=False) as clock:
        _publish(1)
        with pytest.raises(KilledError):
            carry_out_due()
        noted.raises.clear()

        clock.shift(LEASE - timedelta(seconds=1))
        assert carry_out_due() == 0, "somebody may still be at it"
        clock.shift(timedelta(seconds=1))
        assert carry_out_due() == 1

    assert noted.notes == [1]


def test_a_message_that_kills_every_worker_is_given_up_too(noted: Noted) -> None:
    noted.raises[1] = KilledError
    killed = 0
    with time_machine.travel(NOON, tick=False) as clock:
        (message,) = _publish(1)
        for _try in range(MAX_ATTEMPTS + 3):
            try:
                carry_out_due()
            except KilledError:
                killed += 1
            clock.shift(LEASE)

    message.refresh_from_db()
    assert killed == MAX_ATTEMPTS
    assert message.gave_up_at
    assert not message.done_at


@pytest.mark.django_db(transaction=True)
def test_sweeps_that_meet_carry_each_message_out_once(noted: Noted) -> None:
    _publish(*range(60))

    carried = at_once([carry_out_due] * 4)

    assert sum(carried) == 60
    assert Counter(noted.notes) == Counter(range(60))


def test_the_worker_is_rung_once_the_fact_is_committed(
    noted: Noted,
    on_redis_database: Callable[[int], Celery],
    django_capture_on_commit_callbacks: Any,
) -> None:
    app = on_redis_database(7)
    _rung(app)
    with django_capture_on_commit_callbacks(execute=True):
        (message,) = _publish(1)
        assert _rung(app) == []

    assert _rung(app) == [[str(message.pk)]]


def test_what_one_transaction_wrote_is_rung_for_together_ten_at_a_time(
    noted: Noted,
    on_redis_database: Callable[[int], Celery],
    django_capture_on_commit_callbacks: Any,
) -> None:
    app = on_redis_database(7)
    _rung(app)
    with django_capture_on_commit_callbacks(execute=True):
        messages = _publish(*range(13))

    ids = [str(each.pk) for each in messages]
    assert _rung(app) == [ids[:10], ids[10:]]


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_rung_for_whatever_was_undone_before_or_within(
    noted: Noted, on_redis_database: Callable[[int], Celery]
) -> None:
    app = on_redis_database(7)
    _rung(app)
    with transaction.atomic():
        publish(TOPIC, {"note": "undone as a whole"})
        transaction.set_rollback(True)
    with transaction.atomic():
        with transaction.atomic():
            publish(TOPIC, {"note": "undone"})
            transaction.set_rollback(True)
        publish(TOPIC, {"note": "first"})
        with transaction.atomic():
            publish(TOPIC, {"note": "within"})
            transaction.set_rollback(True)
        publish(TOPIC, {"note": "second"})

    [rung] = _rung(app)
    written = [str(each.pk) for each in OutboxMessage.objects.order_by("created_at")]
    assert len(written) == 2
    assert [each for each in rung if each in written] == written
    # In vain for the one within alone: those before are forgotten.
    assert len(rung) == 3


def test_one_job_carries_out_all_that_were_rung_for_though_one_fails(noted: Noted) -> None:
    noted.raises[2] = ValueError
    messages = _publish(1, 2, 3)

    carry_out_job(*(str(each.pk) for each in messages))

    assert noted.notes == [1, 3]


def _rung(app: Celery) -> list[list[str]]:
    """Return what was rung for on the app's own Redis database, in order."""
    with redis.Redis.from_url(app.conf.broker_url) as client:
        waiting = [json.loads(each) for each in reversed(client.lrange("celery", 0, -1))]
        client.flushdb()
    return [json.loads(base64.b64decode(each["body"]))[0] for each in waiting]


@pytest.fixture
def on_redis_database() -> Iterator[Callable[[int], Celery]]:
    """Has the outbox ring on another database of Redis, or on none that answers."""
    before = current_app._get_current_object()
    made: list[Celery] = []

    def ring_on(number: int) -> Celery:
        address = settings.REDIS_URL.rpartition("/")[0]
        url = f"{address}/{number}" if number >= 0 else "redis://127.0.0.1:1/0"
        app = Celery("rung", broker=url, set_as_current=False)
        app.conf.broker_transport_options = before.conf.broker_transport_options
        app.set_current()
        made.append(app)
        return app

    yield ring_on
    before.set_current()
    for app in made:
        app.close()


def test_a_ring_that_redis_did_not_hear_costs_no_time_and_is_made_up_for_by_the_sweep(
    noted: Noted,
    on_redis_database: Callable[[int], Celery],
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", waited.append)
    on_redis_database(-1)
    with django_capture_on_commit_callbacks(execute=True):
        _publish(1)

    assert not any(waited), "a request would have waited so many seconds for its answer"
    assert carry_out_due() == 1
    assert noted.notes == [1]


def test_only_what_is_long_done_is_forgotten(noted: Noted) -> None:
    noted.raises["stuck"] = ValueError
    _publish("stuck", "done")
    carry_out_due()
    with time_machine.travel(datetime.now(UTC) + KEEP_DONE + timedelta(minutes=1)):
        forget()

    assert [row.payload["note"] for row in OutboxMessage.objects.all()] == ["stuck"]
