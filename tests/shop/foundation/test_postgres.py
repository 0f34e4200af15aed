"""A connection that died while nobody used it is opened anew, and a busy one is not asked.

Large statements are prepared once a connection, where it may.
"""

from typing import Any

import psycopg
import pytest
from django.db import DataError, OperationalError, close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from shop.customers.models import User
from shop.foundation.postgres import base, prepared_cursor

pytestmark = pytest.mark.django_db(transaction=True)


def end_backend() -> None:
    """Cut the connection off, as PostgreSQL does when it is stopped."""
    User.objects.exists()
    own = connection.connection.info
    with psycopg.connect(
        host=own.host, port=own.port, user=own.user, password=own.password, dbname=own.dbname
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [own.backend_pid])


def test_one_that_died_while_it_rested_is_opened_anew_unnoticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end_backend()
    monkeypatch.setattr(base, "FRESH_SECONDS", 0.0)
    close_old_connections()

    assert not User.objects.exists()


def test_one_in_use_is_not_asked_and_the_request_after_the_failed_one_goes_well() -> None:
    end_backend()
    close_old_connections()
    with pytest.raises(OperationalError):
        User.objects.exists()
    close_old_connections()

    assert not User.objects.exists()


HIGHER = "SELECT %s::int + 1"


@pytest.fixture
def fresh_connection() -> None:
    connection.close()


def higher(number: int) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(HIGHER, [number])
        (found,) = cursor.fetchone()
    return int(found)


def prepared() -> list[tuple[str, int]]:
    """Return what this connection has prepared, and how often that was carried out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
        return list(cursor.fetchall())


@pytest.mark.usefixtures("fresh_connection")
def test_a_statement_is_prepared_once_and_carried_out_with_other_values() -> None:
    assert [higher(number) for number in (1, 2, 3)] == [2, 3, 4]

    assert prepared() == [("SELECT $1::int + 1", 3)]


@pytest.mark.usefixtures("fresh_connection")
def test_what_asks_for_nothing_of_the_kind_is_never_prepared() -> None:
    for _each in range(6):
        User.objects.exists()

    assert prepared() == []


def test_a_prepared_statement_is_counted_and_told_with_its_values_like_any_other() -> None:
    with CaptureQueriesContext(connection) as captured:
        higher(41)

    assert [each["sql"] for each in captured.captured_queries] == ["SELECT 41::int + 1"]


@pytest.mark.usefixtures("fresh_connection")
def test_after_something_was_rolled_back_what_was_prepared_in_it_is_still_prepared() -> None:
    with transaction.atomic():
        higher(1)
        with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        higher(2)
        transaction.set_rollback(True)

    assert higher(3) == 4
    assert prepared() == [("SELECT $1::int + 1", 3)]


@pytest.mark.usefixtures("fresh_connection")
def test_once_a_table_changes_statements_are_planned_for_it_as_it_is() -> None:
    def read() -> Any:
        with prepared_cursor() as cursor:
            cursor.execute("SELECT * FROM changing")
            return cursor.fetchall()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing AS SELECT 1 AS one")
        assert read() == [(1,)]
        cursor.execute("ALTER TABLE changing ADD COLUMN two integer DEFAULT 2")
        assert read() == [(1, 2)]
        cursor.execute("DROP TABLE changing")
        cursor.execute("CREATE TEMPORARY TABLE changing AS SELECT 'anew' AS word")
        assert read() == [("anew",)]
        transaction.set_rollback(True)


@pytest.mark.usefixtures("fresh_connection")
def test_more_statements_are_kept_than_the_code_has() -> None:
    connection.ensure_connection()

    assert connection.connection.prepared_max == base.PREPARED_AT_MOST
    with prepared_cursor() as cursor:
        for number in range(120):
            cursor.execute(f"SELECT {number}")
    assert len(prepared()) == 120


@pytest.mark.usefixtures("fresh_connection")
def test_behind_a_pooler_that_loses_prepared_statements_nothing_is_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)

    assert [higher(number) for number in (1, 2)] == [2, 3]
    assert prepared() == []
