"""Moments are read as Django reads them, and without the driver's pattern."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from psycopg.pq import Format

from shop.foundation.postgres.moments import BaseTzLoader, UtcLoader

OID = psycopg.adapters.types["timestamptz"].oid


def _read(written: str, zone: str = "UTC") -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TIME ZONE '{zone}'")
        cursor.execute("SELECT %s::timestamptz", [written])
        return cursor.fetchone()[0]


class MomentsTest(TestCase):
    """With a real connection."""

    @given(st.datetimes(timezones=st.just(UTC)))
    def test_a_moment_comes_back_as_it_was_written(self, at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::timestamptz", [at])
            (read,) = cursor.fetchone()
        assert (read, read.tzinfo) == (at, UTC)


@pytest.mark.django_db
def test_every_connection_reads_them_so() -> None:
    connection.ensure_connection()
    assert connection.connection.adapters.get_loader(OID, Format.TEXT) is UtcLoader
    with connection.cursor() as cursor:
        assert cursor.adapters.get_loader(OID, Format.TEXT) is UtcLoader


@pytest.mark.django_db
def test_of_a_session_with_another_zone_they_are_read_as_before() -> None:
    written = "2026-07-01 12:00:00+00"
    ours = _read(written, "Europe/Berlin")
    connection.connection.adapters.register_loader("timestamptz", _DjangosOwn)
    try:
        assert ours == _read(written, "Europe/Berlin")
    finally:
        connection.connection.adapters.register_loader("timestamptz", UtcLoader)


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["infinity", "0044-03-15 00:00:00+00 BC"])
def test_what_python_knows_no_moment_for_is_refused_by_the_driver(written: str) -> None:
    with pytest.raises(DataError):
        _read(written)


class _DjangosOwn(BaseTzLoader):
    timezone = UTC
