"""Queries and inserts that are written once give what Django's own do, and are planned once."""

from typing import Any

import pytest
from django.db import DatabaseError, DataError, connection, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Upper
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.models import OutboxMessage
from shop.foundation.postgres.inserts import insert_once, insert_rows
from shop.foundation.postgres.queries import (
    AnyOf,
    PreparedCount,
    PreparedQuery,
    PreparedValues,
    Slot,
)
from shop.foundation.postgres.updates import update_row
from tests.factories.shop import UserFactory, VariantFactory
from trials.home_trials.models import Box, BoxItem

OF_FRAME = PreparedQuery(
    lambda: (
        Variant.objects.filter(frame_id=Slot("frame"), active=True)
        .select_related("frame")
        .defer("frame__description")
        .order_by("pk")
    )
)
COUNTS = PreparedValues(
    lambda: (
        Variant.objects.filter(AnyOf(F("frame_id"), Slot("frames")))
        .order_by("frame_id")
        .values_list("frame_id")
        .annotate(n=Count("pk"))
    )
)
OF_ONE = PreparedCount(
    lambda: (
        Variant.objects.filter(frame_id=Slot("frame"))
        .select_related("frame")
        .annotate(called=Upper("sku"))
        .order_by("-pk")
    ),
    "called",
)
NAMED = "O'Hara %s 100%"
CALLED = PreparedQuery(
    lambda: (
        User.objects.filter(name=NAMED, is_staff=False, pk__gt=0, pk=Slot("user"))
        .annotate(mark=Value("50%"), loud=Upper("name"))
        .order_by("pk")
    )
)
BEGINS = PreparedQuery(
    lambda: User.objects.extra(where=["name LIKE 'O%%'"]).filter(name=NAMED, pk=Slot("user"))
)
HELD = PreparedQuery(lambda: User.objects.select_for_update().filter(pk=Slot("user")))


def prepared() -> list[tuple[str, int]]:
    """Return what this connection has prepared, and how often that was carried out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_rows_come_as_django_reads_them_with_those_selected_along() -> None:
    first, second = VariantFactory(), VariantFactory()

    (found,) = OF_FRAME.rows(frame=first.frame_id)

    assert found == first
    assert found.price == first.price
    assert found.frame.name == first.frame.name
    assert found.get_deferred_fields() == set()
    assert found.frame.get_deferred_fields() == {"description"}
    assert OF_FRAME.first(frame=second.frame_id) == second
    assert OF_FRAME.rows(frame=0) == []


@pytest.mark.django_db
def test_what_is_annotated_comes_with_a_row() -> None:
    user = UserFactory(name=NAMED)

    found: Any = CALLED.first(user=user.pk)

    assert found.mark == "50%"
    assert found.loud == NAMED.upper()


@pytest.mark.django_db
@pytest.mark.parametrize("query", [CALLED, BEGINS], ids=["values", "a pattern"])
def test_constants_mean_themselves_whatever_they_hold(query: PreparedQuery[User]) -> None:
    user, other = UserFactory(name=NAMED), UserFactory(name="O'Hara")

    assert query.rows(user=user.pk) == [user]
    assert query.rows(user=other.pk) == []


@pytest.mark.django_db(transaction=True)
def test_constants_are_part_of_what_is_planned_once() -> None:
    connection.close()
    with transaction.atomic():
        CALLED.rows(user=1)

    (text,) = [text for text, _times in prepared() if "shop_user" in text]

    assert "'O''Hara %s 100%'" in text
    assert "$2" not in text


@pytest.mark.django_db(transaction=True)
def test_whatever_the_values_it_is_prepared_once() -> None:
    connection.close()

    for frame in (1, 2, 3):
        OF_FRAME.rows(frame=frame)

    ((statement, times),) = prepared()
    assert "shop_variant" in statement
    assert times == 3


@pytest.mark.django_db
def test_a_slot_that_is_left_is_an_error() -> None:
    with pytest.raises(KeyError):
        OF_FRAME.rows()


@pytest.mark.django_db(transaction=True)
def test_one_that_locks_needs_a_transaction_the_second_time_too() -> None:
    user = UserFactory()
    with transaction.atomic():
        assert HELD.first(user=user.pk) == user

    with pytest.raises(transaction.TransactionManagementError):
        HELD.first(user=user.pk)


@pytest.mark.django_db
def test_new_rows_know_their_ids_and_are_stored_as_they_are() -> None:
    box = Box(user=UserFactory())
    items = [BoxItem(box=box, variant=VariantFactory()) for _each in range(3)]

    insert_rows([box])
    insert_rows(items)

    assert list(BoxItem.objects.order_by("pk").values_list("pk", "variant_id")) == [
        (item.pk, item.variant_id) for item in items
    ]
    box.updated_at = now = timezone.now()
    box.save(update_fields=["updated_at"])
    assert Box.objects.get().updated_at >= now


@pytest.mark.django_db
def test_json_is_stored_as_json_and_nothing_of_nothing_is_written() -> None:
    insert_rows([])
    insert_rows([OutboxMessage(topic="news", handler="one", payload={"frames": [1, "two"]})])

    assert OutboxMessage.objects.get(payload__frames__1="two").payload == {"frames": [1, "two"]}


@pytest.mark.django_db
def test_a_row_that_may_be_there_once_is_written_once() -> None:
    user = UserFactory()

    assert insert_once(box := Box(user=user))
    assert not insert_once(Box(user=user))
    assert Box.objects.get() == box


@pytest.mark.django_db
def test_what_is_too_long_for_its_column_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_rows([OutboxMessage(topic="t" * 500, handler="one", payload={})])


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 2])
def test_a_number_too_large_for_its_column_is_refused_and_not_another_one(rows: int) -> None:
    # The last sixteen bits of it are a number, too.
    number = 3_000_000_000
    messages = [
        OutboxMessage(topic="news", handler="one", payload={}, attempts=number)
        for _each in range(rows)
    ]
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(messages)
    insert_rows([message := OutboxMessage(topic="news", handler="one", payload={})])
    message.attempts = number
    with pytest.raises(DataError), transaction.atomic():
        update_row(message, ["attempts"])


@pytest.mark.django_db
def test_values_are_counted_for_a_list_of_any_length() -> None:
    first, second = VariantFactory(), VariantFactory()
    VariantFactory(frame=second.frame)

    assert COUNTS.rows(frames=[first.frame_id, second.frame_id]) == [
        (first.frame_id, 1),
        (second.frame_id, 2),
    ]
    assert COUNTS.rows(frames=[first.frame_id]) == [(first.frame_id, 1)]
    assert COUNTS.rows(frames=[]) == []


@pytest.mark.django_db
def test_rows_are_counted_with_the_least_of_what_they_are_annotated_with() -> None:
    frame = VariantFactory(sku="b").frame
    VariantFactory(frame=frame, sku="a")
    VariantFactory(sku="0")

    assert OF_ONE.row(frame=frame.pk) == (2, "A")
    assert OF_ONE.row(frame=0) == (0, None)


@pytest.mark.django_db
def test_only_the_fields_that_are_named_are_written() -> None:
    variant = VariantFactory(sku="ONE", price=100)
    variant.sku, variant.price = "TWO", 200

    update_row(variant, ["sku"])

    stored = Variant.objects.get()
    assert (stored.sku, stored.price.amount) == ("TWO", 100)


@pytest.mark.django_db
def test_a_row_that_is_gone_is_not_written_in_silence() -> None:
    user = UserFactory()
    User.objects.all().delete()

    with pytest.raises(DatabaseError, match="gone"):
        update_row(user, ["name"])
