"""Locks: in a transaction only, in the order of keys, held to its end."""

from threading import Event
from typing import Any

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from shop.catalogue.models import Frame, FrameImage
from shop.foundation.locks import lock_name, lock_row, lock_rows
from tests.factories.shop import FrameFactory, VariantFactory
from tests.shop.foundation.at_once import at_once, waiting_for_locks
from tests.shop.payments.sandbox.running import eventually
from trials.home_trials.models import Box

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_locked_outside_a_transaction() -> None:
    frame = FrameFactory()

    with pytest.raises(TransactionManagementError):
        lock_rows(Frame, [frame.pk])
    with pytest.raises(TransactionManagementError):
        lock_row(Frame, frame.pk)
    with pytest.raises(TransactionManagementError):
        lock_name("a name")


def test_rows_come_once_each_by_rising_key_and_unknown_ones_not_at_all() -> None:
    first, second = FrameFactory(), FrameFactory()

    with transaction.atomic():
        rows = lock_rows(Frame, [second.pk, first.pk, second.pk, 0])

    assert rows == [first, second]


def test_a_key_may_come_as_text_beside_one_that_does_not() -> None:
    first, second = Box.objects.create(), Box.objects.create()

    with transaction.atomic():
        assert set(lock_rows(Box, [first.pk, str(second.pk)])) == {first, second}


def test_no_keys_ask_nothing_and_a_row_that_is_not_there_is_named(
    django_assert_num_queries: Any,
) -> None:
    with transaction.atomic(), django_assert_num_queries(0):
        assert lock_rows(Frame, []) == []
    with transaction.atomic(), pytest.raises(Frame.DoesNotExist, match="handle is gone"):
        lock_row(Frame, "gone", by="handle")


def test_whoever_waits_for_the_lower_key_holds_no_higher_one() -> None:
    first, second = FrameFactory(), FrameFactory()
    held, free = Event(), []

    def hold_the_lower() -> None:
        with transaction.atomic():
            lock_row(Frame, first.pk)
            held.set()
            assert eventually(waiting_for_locks)
            higher = Frame.objects.select_for_update(skip_locked=True).filter(pk=second.pk)
            free.extend(higher)

    def want_both() -> None:
        held.wait(timeout=30)
        with transaction.atomic():
            lock_rows(Frame, [second.pk, first.pk])

    at_once([hold_the_lower, want_both])

    assert free == [second]


def test_a_row_is_read_anew_after_the_wait() -> None:
    frame, held = FrameFactory(), Event()

    def rename() -> None:
        with transaction.atomic():
            lock_row(Frame, frame.pk)
            held.set()
            assert eventually(waiting_for_locks)
            Frame.objects.update(name="After")

    def read() -> str:
        held.wait(timeout=30)
        with transaction.atomic():
            return lock_row(Frame, frame.pk).name

    assert at_once([rename, read])[1] == "After"


@pytest.mark.parametrize("name", ["frame", "variant"])
def test_a_row_whose_foreign_key_changes_in_the_wait_comes_with_what_it_names_now(
    name: str,
) -> None:
    before, after, held = VariantFactory(), VariantFactory(), Event()
    now = {"frame": after.frame, "variant": after}[name]
    image = FrameImage.objects.create(frame=before.frame, variant=before)

    def exchange() -> None:
        with transaction.atomic():
            lock_row(FrameImage, image.pk)
            held.set()
            assert eventually(waiting_for_locks)
            FrameImage.objects.filter(pk=image.pk).update(**{name: now})

    def read() -> Any:
        held.wait(timeout=30)
        with transaction.atomic():
            return getattr(lock_row(FrameImage, image.pk, related=(name,)), name)

    assert at_once([exchange, read])[1] == now


def test_a_name_is_held_to_the_end_of_the_transaction() -> None:
    held, order = Event(), []

    def first() -> None:
        with transaction.atomic():
            lock_name("box of nobody yet")
            held.set()
            assert eventually(waiting_for_locks)
            order.append("first")

    def second() -> None:
        held.wait(timeout=30)
        with transaction.atomic():
            lock_name("another name")
            lock_name("box of nobody yet")
            order.append("second")

    at_once([first, second])

    assert order == ["first", "second"]
