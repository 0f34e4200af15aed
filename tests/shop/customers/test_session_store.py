"""A session is the one Django would find, and none that is over."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.customers.session_store import SessionStore
from tests.factories.shop import StaffFactory

pytestmark = pytest.mark.django_db


def test_what_django_s_store_kept_is_read_and_the_other_way_round() -> None:
    for writes, reads in ((db.SessionStore, SessionStore), (SessionStore, db.SessionStore)):
        kept = writes()
        kept["colour"] = "green"
        kept.create()
        assert reads(session_key=kept.session_key).load() == {"colour": "green"}


def test_one_that_is_over_or_was_never_there_is_empty_and_gets_a_key_of_its_own() -> None:
    kept = SessionStore()
    kept["colour"] = "green"
    kept.create()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for key in (kept.session_key, "nobody-ever-had-this-key"):
        found = SessionStore(session_key=key)
        assert found.load() == {}
        assert found.session_key is None


def test_who_is_logged_out_elsewhere_is_logged_out_here() -> None:
    client, home = Client(), reverse("console:home")
    client.force_login(StaffFactory())
    assert client.get(home).status_code == 200
    Session.objects.all().delete()
    assert client.get(home).status_code == 302
