"""One click ends a topic, and nothing else does (RFC 8058)."""

import email
from datetime import UTC, datetime
from email import policy

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client

from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from shop.messages.addresses import hashed, token_for
from shop.messages.models import Suppression
from shop.messages.queries import delivery_for
from shop.messages.services.choosing import choose
from shop.messages.services.notifying import notify, notify_address
from shop.messages.topics import Delivery, Topic
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
CONTEXT = {"question": "Which?", "path": "/galleries/1/"}


@pytest.fixture(autouse=True)
def _by_day():
    with time_machine.travel(NOON, tick=False):
        yield


def path_for(address, *topics):
    return f"/m/u/{token_for(hashed(address), topics)}/"


def friend(key="news:1", address="jonas@friends.example"):
    with transaction.atomic():
        return notify_address(
            address=address,
            topic=Topic.PURCHASE_NEWS,
            template="first_vote",
            context=CONTEXT,
            key=key,
        )


def test_an_optional_mail_carries_the_headers_exactly_and_a_link_in_both_its_parts(settings):
    settings.PUBLIC_URL = "https://shop.example"
    user = UserFactory()
    with transaction.atomic():
        notify(
            user=user, topic=Topic.FIRST_VOTE, template="first_vote", context=CONTEXT, key="first:1"
        )
    carry_out_due()

    (sent,) = mail.outbox
    url = f"https://shop.example{path_for(user.email, Topic.FIRST_VOTE)}"
    # As it goes over the wire, folded and read again.
    read = email.message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert read["List-Unsubscribe"].strip() == f"<{url}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in sent.body
    assert f'href="{url}"' in sent.alternatives[0][0]
    assert "https://shop.example/account/messages/" in sent.body


def test_a_scanner_that_opens_the_link_ends_nothing():
    friend()
    page = Client().get(path_for("jonas@friends.example", Topic.PURCHASE_NEWS))

    assert page.status_code == 200
    assert b"<button" in page.content
    assert page["Referrer-Policy"] == "no-referrer"
    assert not Suppression.objects.exists()
    assert friend(key="news:2") is not None


def test_one_click_of_a_mail_program_ends_it_without_log_in_cookie_or_token_of_a_form():
    friend()
    stranger = Client(enforce_csrf_checks=True)
    path = path_for("Jonas@Friends.example", Topic.PURCHASE_NEWS)
    answers = [stranger.post(path, ONE_CLICK) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert friend(key="news:2") is None
    (ended,) = Suppression.objects.all()
    assert "jonas" not in str(vars(ended)).lower()
    assert Event.objects.filter(name="email_unsubscribed").count() == 1
    event = Event.objects.get(name="email_unsubscribed")
    assert event.caused_by == Event.objects.get(name="email_sent").pk


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_the_shop_did_not_make_is_not_there(method):
    true = path_for("jonas@friends.example", Topic.PURCHASE_NEWS)
    forged = [
        true[:-2] + ("0" if true[-2] != "0" else "1") + "/",
        true.replace("purchase_news", "votes"),
        true.replace(hashed("jonas@friends.example"), hashed("mia@friends.example")),
        "/m/u/purchase_news/",
        "/m/u/..ä/",
    ]
    for path in forged:
        assert getattr(Client(), method)(path).status_code == 404, path
    assert not Suppression.objects.exists()


def test_a_click_shows_in_her_account_and_she_may_change_her_mind():
    user = UserFactory()
    with transaction.atomic():
        notify(user=user, topic=Topic.RESULT, template="first_vote", context=CONTEXT, key="r:1")
    Client().post(path_for(user.email, Topic.RESULT), ONE_CLICK)
    assert delivery_for(user, Topic.RESULT) == Delivery.NEVER
    assert delivery_for(user, Topic.REWARD) == Delivery.AT_ONCE
    # It holds for her, not for the address alone.
    user.email = "new@people.example"
    user.save()
    assert delivery_for(user, Topic.RESULT) == Delivery.NEVER

    choose(user=user, deliveries={"result": "digest"})
    assert delivery_for(user, Topic.RESULT) == Delivery.DIGEST


def test_one_click_on_a_digest_ends_every_topic_in_it():
    user = UserFactory()
    Client().post(path_for(user.email, Topic.VOTES, Topic.CIRCLES), ONE_CLICK)

    assert delivery_for(user, Topic.VOTES) == Delivery.NEVER
    assert delivery_for(user, Topic.CIRCLES) == Delivery.NEVER
    assert delivery_for(user, Topic.IDEAS) == Delivery.DIGEST
