"""The API knows its caller by one look at her session and one at herself."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/orders/"


@pytest.fixture
def token(client: Client) -> str:
    client.force_login(UserFactory())
    return str(client.session.session_key)


def status(token: str) -> int:
    return Client().get(ORDERS, headers={"x-session-token": token}).status_code


def test_a_token_opens_the_api_until_its_session_is_over(token: str) -> None:
    assert status(token) == 200

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert status(token) == 401


def test_a_token_of_no_session_opens_nothing(token: str) -> None:
    assert status("x" * 32) == 401
    Session.objects.all().delete()
    assert status(token) == 401


def test_knowing_the_caller_takes_two_queries(token: str, django_assert_num_queries) -> None:
    # Session and user; then her orders, of which there are none.
    with django_assert_num_queries(3):
        assert status(token) == 200
