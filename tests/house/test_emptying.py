"""After a test that committed, the database is as migrations leave it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from shop.customers.models import User
from shop.customers.roles import MANAGER, OPS
from shop.inventory.models import StockRecord
from tests.factories.shop import StockRecordFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("emptying")]


def _rows() -> int:
    return User.objects.count() + StockRecord.objects.count()


def _roles() -> dict[str, int]:
    return {group.name: group.permissions.count() for group in Group.objects.all()}


def test_rows_are_written_that_no_one_may_delete() -> None:
    assert _rows() == 0
    UserFactory()
    StockRecordFactory()
    assert _rows() > 0


@pytest.mark.parametrize("again", [1, 2])
def test_none_of_them_is_left_and_roles_are_as_they_were_made(again: int) -> None:
    assert _rows() == 0
    assert _roles().keys() == {OPS, MANAGER}
    assert min(_roles().values()) > 20
    assert ContentType.objects.exists()
    # The next finds what migrating made, whatever becomes of it here.
    UserFactory()
    Permission.objects.filter(codename__startswith="view_").delete()
    Group.objects.create(name=f"Guests {again}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 30
