"""Network addresses are kept only as what nobody can turn back or match across days."""

from collections.abc import Iterator

import pytest
import time_machine

from shop.foundation import network
from shop.foundation.models import AddressSalt
from shop.foundation.network import address_hash
from shop.foundation.tasks import forget

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    network._salt.cache_clear()
    yield
    network._salt.cache_clear()


def test_an_address_has_one_hash_a_day_in_every_process() -> None:
    with time_machine.travel("2026-03-01T00:10:00Z", tick=False):
        first = address_hash(ADDRESS)
        network._salt.cache_clear()
        assert address_hash(ADDRESS) == first
        assert address_hash("203.0.113.8") != first
        assert ADDRESS not in first


def test_the_next_day_it_has_another() -> None:
    with time_machine.travel("2026-03-01T23:59:00Z", tick=False):
        first = address_hash(ADDRESS)
    with time_machine.travel("2026-03-02T00:01:00Z", tick=False):
        assert address_hash(ADDRESS) != first


def test_once_the_day_is_over_its_salt_is_gone_for_good() -> None:
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        first = address_hash(ADDRESS)
        forget()
        assert AddressSalt.objects.count() == 1, "today's is still needed"
    with time_machine.travel("2026-03-02T01:00:00Z", tick=False):
        address_hash(ADDRESS)
        forget()
        assert [str(each.day) for each in AddressSalt.objects.all()] == ["2026-03-02"]
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        assert address_hash(ADDRESS) != first, "who goes back in time finds another salt"
