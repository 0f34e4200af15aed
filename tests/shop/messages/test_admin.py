"""Managers see what was sent to whom and when, not what it said; ops see none of it."""

import pytest
from django.test import Client

from shop.messages.models import MessageItem
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.shop.messages.telling import tell_votes

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/messageitem/"


@pytest.fixture
def item() -> MessageItem:
    made = tell_votes(UserFactory(name="Mia"), "votes:1", gallery="geheim")
    assert made is not None
    return made


def test_a_manager_sees_to_whom_and_when_and_not_what(client: Client, item: MessageItem) -> None:
    client.force_login(ManagerFactory())
    listed = client.get(LIST)
    shown = client.get(f"{LIST}{item.pk}/change/")
    assert (listed.status_code, shown.status_code) == (200, 200)
    page = listed.content.decode() + shown.content.decode()
    assert "Mia" in page
    assert "Which of geheim?" not in page
    assert item.address_hash not in page


def test_ops_see_none_of_it(client: Client, item: MessageItem) -> None:
    client.force_login(StaffFactory())
    assert client.get(LIST).status_code == 403
