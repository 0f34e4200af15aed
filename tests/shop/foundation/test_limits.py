"""Limits: exact under load, of one person each, over when the time is, and never a locked door."""

import uuid

import pytest
import redis
from django.conf import settings
from django.test.utils import override_settings

from shop.foundation import limits
from shop.foundation.errors import TooManyError
from shop.foundation.limits import count_against
from tests.shop.foundation.at_once import at_once


def _passes(who: str, *, limit: int = 10) -> bool:
    try:
        count_against("tests", who, limit=limit, seconds=60)
    except TooManyError:
        return False
    return True


@pytest.fixture
def who() -> str:
    return uuid.uuid4().hex


def test_of_fifty_at_once_exactly_the_limit_passes(who: str) -> None:
    assert sum(at_once([lambda: _passes(who)] * 50)) == 10


def test_one_person_uses_up_nobody_elses(who: str) -> None:
    assert [_passes(who, limit=1) for _each in range(2)] == [True, False]
    assert _passes(f"{who}2", limit=1)


def test_the_count_ends_with_the_window_even_if_acts_go_on(who: str) -> None:
    for _each in range(3):
        _passes(who, limit=1)
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        key = f"lorgnette:limit:tests:{who}"
        assert 0 < store.ttl(key) <= 60
        store.expire(key, 7)
        with pytest.raises(TooManyError) as refused:
            count_against("tests", who, limit=1, seconds=60)
        assert refused.value.retry_after <= 7, "the window began with the first act"
        store.delete(key)
    assert _passes(who, limit=1)


def test_without_redis_acts_pass_uncounted(who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    monkeypatch.setattr(limits, "_redis", lambda: gone)

    assert all(_passes(who, limit=1) for _each in range(3))


def test_counters_are_at_another_address_once_the_connection_is_forgotten(who: str) -> None:
    assert [_passes(who, limit=1) for _each in range(2)] == [True, False]
    elsewhere = settings.REDIS_URL.rpartition("/")[0] + "/9"
    with override_settings(REDIS_URL=elsewhere):
        limits.forget_connection()
        assert _passes(who, limit=1)
    limits.forget_connection()
    assert not _passes(who, limit=1)
