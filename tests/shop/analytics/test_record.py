"""A fact is written down once, with what it is a fact of, and never again changed."""

from datetime import UTC, datetime
from threading import Event as Signal
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from djmoney.money import Money

from sharing.galleries.services import close_gallery
from sharing.referrals.services.claiming import click_referral, join_referral
from shop.analytics.models import Event, EventKey
from shop.analytics.names import EventName
from shop.analytics.partitions import ensure_partitions
from shop.analytics.services import SHOP, customer, record, staff
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import AddressFactory, StaffFactory, UserFactory
from tests.shop.foundation.at_once import at_once, waiting_for_locks
from tests.shop.orders.buying import mark_paid, placed_order
from tests.shop.payments.sandbox.running import eventually

pytestmark = pytest.mark.django_db


def _fact(key: str = "order_paid:1", **more: Any) -> Any:
    return record(EventName.ORDER_PAID, key=key, subject=("order", 1), person=SHOP, **more)


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_written_in_its_own_transaction_or_not_at_all() -> None:
    with pytest.raises(TransactionManagementError):
        _fact()
    with transaction.atomic():
        _fact()
        transaction.set_rollback(True)

    assert not Event.objects.exists()
    assert not EventKey.objects.exists()


def test_the_same_fact_again_writes_nothing_and_names_the_first() -> None:
    first, again, other = _fact(), _fact(channel="mail"), _fact(key="order_paid:2")

    assert first == again != other
    assert set(Event.objects.values_list("pk", "channel")) == {(first, ""), (other, "")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first_commits", [True, False])
def test_a_fact_told_by_two_at_once_is_one(first_commits: bool) -> None:
    told = Signal()

    def first() -> Any:
        with transaction.atomic():
            event = _fact()
            told.set()
            assert eventually(waiting_for_locks)
            transaction.set_rollback(not first_commits)
            return event

    def second() -> Any:
        told.wait(timeout=30)
        with transaction.atomic():
            return _fact()

    one, other = at_once([first, second])

    assert Event.objects.get().pk == other
    assert (one == other) == first_commits


def test_all_that_is_told_of_a_fact_is_there_to_be_read() -> None:
    user, ops, at = UserFactory(), StaffFactory(), datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    cause = record(
        EventName.ORDER_PLACED, key="a", subject=("order", 7), person=customer(user), link="x"
    )
    event = record(
        EventName.ORDER_REFUNDED,
        key="b",
        subject=("order", 7),
        person=staff(ops),
        occurred_at=at,
        channel="whatsapp",
        caused_by=cause,
        amount=Money("12.345", "KWD"),
        details={"reason": "Größe", "lines": [1, None], "ok": True},
    )

    row = Event.objects.get(pk=event)
    assert (row.name, row.occurred_at, row.caused_by) == ("order_refunded", at, cause)
    assert (row.subject_type, row.subject_id) == ("order", "7")
    assert (row.person_type, row.person_id) == ("staff", str(ops.pk))
    assert (row.channel, row.amount) == ("whatsapp", Money("12.345", "KWD"))
    assert row.details == {"reason": "Größe", "lines": [1, None], "ok": True}
    assert Event.objects.get(pk=cause).amount is None
    assert staff(None) == SHOP


def test_no_event_of_a_whole_story_names_anybody() -> None:
    owner = UserFactory(name="Ottilie Wagenknecht", email="ottilie@names.example")
    friend = UserFactory(name="Balthasar Kruse", email="balthasar@names.example")
    shared = gallery_with_link(user=owner)
    vote = vote_on(shared, name="Cousine Adelheid", comment="Sieht toll aus", address="203.0.113.9")
    referral = click_referral(voter_id=vote.voter_id)
    join_referral(user=friend, referral_id=referral.pk)
    mark_paid(placed_order(user=friend))
    close_gallery(owner=owner, gallery_id=shared.gallery.pk)
    AddressFactory(user=owner)

    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(string_agg(event::text, ' ')) FROM shop_event event")
        told = cursor.fetchone()[0]
    assert Event.objects.values("name").distinct().count() > 8
    for private in (
        "ottilie",
        "wagenknecht",
        "balthasar",
        "kruse",
        "adelheid",
        "toll",
        "names.example",
        "203.0.113",
        "lindenstra",
        "10969",
        shared.token.lower(),
    ):
        assert private not in told, private


def _partition_of(event: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM shop_event WHERE id = %s", [event])
        return str(cursor.fetchone()[0])


def test_each_month_has_its_own_table_made_ahead() -> None:
    with time_machine.travel(datetime(2031, 11, 15, tzinfo=UTC), tick=False):
        made = ensure_partitions()
        assert made == [
            f"shop_event_{month}" for month in ("2031_11", "2031_12", "2032_01", "2032_02")
        ]
        assert ensure_partitions() == []

    for at, table in (
        (datetime(2031, 11, 30, 23, 59, 59, tzinfo=UTC), "shop_event_2031_11"),
        (datetime(2031, 12, 1, tzinfo=UTC), "shop_event_2031_12"),
        (datetime(2032, 2, 29, tzinfo=UTC), "shop_event_2032_02"),
        (datetime(2033, 1, 1, tzinfo=UTC), "shop_event_default"),
    ):
        assert _partition_of(_fact(key=str(at), occurred_at=at)) == table


def test_the_present_has_its_table_and_an_event_before_the_table_stops_nothing() -> None:
    assert _partition_of(_fact()) != "shop_event_default"
    early = _fact(key="early", occurred_at=datetime(2031, 12, 5, tzinfo=UTC))

    with time_machine.travel(datetime(2031, 11, 15, tzinfo=UTC), tick=False):
        assert "shop_event_2031_12" not in ensure_partitions()

    assert Event.objects.get(pk=early).occurred_at.month == 12
