"""Stock is held all or none, once a reference, and never below zero."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from shop.foundation.locks import lock_row
from shop.inventory.errors import OutOfStockError, ReferenceUsedError, StockReservedError
from shop.inventory.models import StockRecord, StockReservation
from shop.inventory.services import (
    consume_stock,
    release_stock,
    reserve_stock,
    set_all_on_hand,
    set_on_hand,
)
from tests.factories.shop import StockRecordFactory, VariantFactory
from tests.shop.foundation.at_once import waiting_for_locks

pytestmark = pytest.mark.django_db


def counts(record: StockRecord) -> tuple[int, int]:
    record.refresh_from_db()
    return record.on_hand, record.reserved


def test_reserved_pieces_are_no_longer_free() -> None:
    record = StockRecordFactory(on_hand=3)

    reserve_stock(quantities={record.variant_id: 2}, reference="order:1")

    assert counts(record) == (3, 2)
    assert record.free == 1


def test_too_few_of_one_reserves_none_and_names_it() -> None:
    plenty, short = StockRecordFactory(on_hand=3), StockRecordFactory(on_hand=1)

    with pytest.raises(OutOfStockError) as caught:
        reserve_stock(quantities={plenty.variant_id: 1, short.variant_id: 2}, reference="order:1")

    assert caught.value.extra["variants"] == [short.variant_id]
    assert str(short.variant) in str(caught.value)
    assert counts(plenty) == (3, 0)
    assert not StockReservation.objects.exists()


def test_a_variant_never_counted_is_out_of_stock() -> None:
    variant = VariantFactory()

    with pytest.raises(OutOfStockError):
        reserve_stock(quantities={variant.pk: 1}, reference="order:1")


def test_the_same_reference_again_changes_nothing() -> None:
    record = StockRecordFactory(on_hand=3)
    for _ in range(2):
        reserve_stock(quantities={record.variant_id: 2}, reference="order:1")

    assert counts(record) == (3, 2)


def test_a_reference_cannot_hold_something_else() -> None:
    record = StockRecordFactory(on_hand=3)
    reserve_stock(quantities={record.variant_id: 2}, reference="order:1")

    with pytest.raises(ReferenceUsedError):
        reserve_stock(quantities={record.variant_id: 1}, reference="order:1")


def test_released_pieces_are_free_again_once() -> None:
    record = StockRecordFactory(on_hand=3)
    reserve_stock(quantities={record.variant_id: 2}, reference="order:1")
    for _ in range(2):
        release_stock(reference="order:1")

    assert counts(record) == (3, 0)


def test_consumed_pieces_leave_the_shelf_once() -> None:
    record = StockRecordFactory(on_hand=3)
    reserve_stock(quantities={record.variant_id: 2}, reference="order:1")
    for _ in range(2):
        consume_stock(reference="order:1")
    release_stock(reference="order:1")

    assert counts(record) == (1, 0)


def test_a_count_cannot_go_below_what_is_held() -> None:
    record = StockRecordFactory(on_hand=3)
    reserve_stock(quantities={record.variant_id: 2}, reference="order:1")

    with pytest.raises(StockReservedError):
        set_on_hand(variant_id=record.variant_id, on_hand=1)

    assert counts(record) == (3, 2)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_get_more_than_there_is() -> None:
    first, second = StockRecordFactory(on_hand=5), StockRecordFactory(on_hand=5)
    pair = [first.variant_id, second.variant_id]
    start = Barrier(12)

    def buy(number: int) -> bool:
        start.wait()
        try:
            # Half of them name the two the other way round: unsorted locks would deadlock.
            order = pair if number % 2 else pair[::-1]
            reserve_stock(quantities=dict.fromkeys(order, 1), reference=f"order:{number}")
        except OutOfStockError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as buyers:
        bought = sum(buyers.map(buy, range(12)))

    assert bought == 5
    assert counts(first) == counts(second) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_a_count_of_many_waits_for_records_in_the_order_of_everybody_else() -> None:
    older, newer = VariantFactory(), VariantFactory()
    # The newer variant was counted first: its record has the lower key.
    low, high = (StockRecordFactory(variant=each, on_hand=3) for each in (newer, older))

    def count() -> int:
        try:
            return set_all_on_hand({low.variant_id: 5, high.variant_id: 5})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as counting, transaction.atomic():
        lock_row(StockRecord, low.pk)
        counted = counting.submit(count)
        while not waiting_for_locks():
            assert not counted.done()
        # Held by nobody: else this and the count would wait for each other.
        StockRecord.objects.select_for_update(nowait=True).get(pk=high.pk)
    assert counted.result() == 2
