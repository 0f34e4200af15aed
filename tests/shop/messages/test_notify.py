"""Telling somebody: once, as she chose, in the transaction of the fact."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.template import TemplateDoesNotExist

from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from shop.messages.models import MessageItem
from shop.messages.services.choosing import choose
from shop.messages.services.notifying import notify, notify_address
from shop.messages.topics import Topic
from tests.factories.shop import UserFactory
from tests.shop.messages.telling import NIGHT, NOON, tell
from tests.shop.orders.buying import placed_order

pytestmark = pytest.mark.django_db


@time_machine.travel(NOON, tick=False)
def test_a_fact_told_twice_is_one_mail() -> None:
    user = UserFactory()
    first, second = tell(user), tell(user)
    carry_out_due()

    assert first == second
    assert [sent.to for sent in mail.outbox] == [[user.email]]


@time_machine.travel(NOON, tick=False)
def test_nobody_is_told_what_is_rolled_back() -> None:
    user = UserFactory()
    with transaction.atomic():
        tell(user)
        transaction.set_rollback(True)
    carry_out_due()

    assert mail.outbox == []
    assert not MessageItem.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_telling_needs_a_transaction() -> None:
    user = UserFactory()
    with pytest.raises(transaction.TransactionManagementError):
        notify(user=user, topic=Topic.VOTES, template="votes", context={}, key="k")


@time_machine.travel(NOON, tick=False)
def test_who_wants_none_is_told_nothing() -> None:
    user = UserFactory()
    choose(user=user, deliveries={"first_vote": "never"})

    assert tell(user) is None
    carry_out_due()
    assert mail.outbox == []


@time_machine.travel(NIGHT, tick=False)
def test_nobody_is_woken_by_what_can_wait() -> None:
    item = tell(UserFactory(time_zone="Europe/Berlin"))
    carry_out_due()

    assert item is not None
    assert item.due_at == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert mail.outbox == []


@time_machine.travel(NIGHT, tick=False)
def test_what_she_ordered_is_told_at_any_hour() -> None:
    order = placed_order()
    context = {"order": order, "lines": [], "name": "", "path": "/orders/1/"}
    tell(order.user, topic=Topic.ORDER, template="order_sent", context=context)
    carry_out_due()

    (sent,) = mail.outbox
    assert "List-Unsubscribe" not in sent.extra_headers


@time_machine.travel(NOON, tick=False)
def test_a_message_is_recorded_with_its_cause_and_without_an_address() -> None:
    user = UserFactory()
    cause = "7b0f3a52-4a5c-4a9e-9d3e-0f7f2f0f1a11"
    item = tell(user, caused_by=cause)

    assert item is not None
    event = Event.objects.get(name="email_sent")
    assert (event.person_type, event.person_id) == ("customer", str(user.pk))
    assert str(event.caused_by) == cause
    assert event.details["topics"] == ["first_vote"]
    assert user.email not in str(event.details)
    item.refresh_from_db()
    assert (item.event_id, item.data) == (event.pk, {})


@time_machine.travel(NOON, tick=False)
def test_a_friend_without_account_is_told_and_her_address_is_kept_nowhere() -> None:
    with transaction.atomic():
        notify_address(
            address="Jonas@friends.example",
            topic=Topic.FIRST_VOTE,
            template="first_vote",
            context={"question": "Which?", "path": "/"},
            key="news:1",
            language="de",
        )
    carry_out_due()

    (sent,) = mail.outbox
    assert sent.to == ["Jonas@friends.example"]
    rows = str(list(MessageItem.objects.values())) + str(list(Event.objects.values()))
    assert "jonas" not in rows.lower()


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"context": {"question": "Which?"}}, KeyError),
        ({"context": {"path": "/", "when": NOON}}, TypeError),
        ({"template": "order_paid"}, TemplateDoesNotExist),
    ],
)
def test_what_could_not_be_written_later_is_refused_now(
    wrong: dict[str, object], error: type
) -> None:
    user = UserFactory()
    with pytest.raises(error):
        tell(user, **wrong)
