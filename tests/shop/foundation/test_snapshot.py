"""Statements of one snapshot see one moment, whatever is committed between them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from shop.customers.models import User
from shop.foundation.postgres.snapshot import one_snapshot
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def _join() -> None:
    try:
        UserFactory()
    finally:
        connection.close()


def test_what_is_committed_meanwhile_is_seen_by_none_of_them() -> None:
    with ThreadPoolExecutor(1) as pool:
        with one_snapshot():
            assert User.objects.count() == 0
            pool.submit(_join).result()
            assert User.objects.count() == 0
        assert User.objects.count() == 1


def test_nothing_is_written_in_it() -> None:
    with pytest.raises(DatabaseError, match="read-only"), one_snapshot():
        UserFactory()


def test_within_a_transaction_that_is_there_it_is_that_one() -> None:
    with transaction.atomic():
        UserFactory()
        with one_snapshot():
            assert User.objects.count() == 1
            UserFactory()
    assert User.objects.count() == 2
