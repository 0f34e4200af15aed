"""Who is logged in is looked up anew with each request."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import Client

from shop.customers.models import User
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/account/"


def _logged_in() -> tuple[Client, User]:
    user: User = UserFactory()
    client = Client()
    client.force_login(user)
    assert client.get(PAGE).status_code == 200
    return client, user


def test_who_may_not_log_in_any_more_is_out_at_once() -> None:
    client, user = _logged_in()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(PAGE).status_code == 302


def test_whose_account_is_gone_is_out_at_once() -> None:
    client, user = _logged_in()
    User.objects.filter(pk=user.pk).delete()
    assert client.get(PAGE).status_code == 302


def test_who_was_logged_in_before_this_backend_was_stays_so() -> None:
    client, _user = _logged_in()
    session = client.session
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    assert client.get(PAGE).status_code == 200
