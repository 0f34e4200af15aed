"""A connection that died while nobody used it is opened anew, and a busy one is not asked."""

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection

from shop.customers.models import User
from shop.foundation.postgres import base

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
