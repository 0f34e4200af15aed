"""What she is written to about: chosen on her account's page and in the API, hers alone."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from shop.messages.models import MessagePreference, Suppression
from shop.messages.queries import choices_of
from shop.messages.topics import OPTIONAL, TRANSACTIONAL, Delivery, Topic
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
API = "/api/v1/message-choices/"


def held(user):
    return {each.topic: each.delivery for each in choices_of(user)}


def test_the_page_shows_what_holds_and_takes_what_she_chooses(client: Client):
    user = UserFactory()
    client.force_login(user)
    page = client.get("/account/messages/").content.decode()
    for topic in OPTIONAL:
        assert f'name="{topic.value}"' in page
    assert not any(f'name="{topic.value}"' in page for topic in TRANSACTIONAL)

    sent = {topic.value: delivery.value for topic, delivery in held(user).items()}
    answer = client.post("/account/messages/", {**sent, "votes": "at_once", "reward": "never"})
    assert answer.status_code == 302
    assert held(user)[Topic.VOTES] == Delivery.AT_ONCE
    assert held(user)[Topic.REWARD] == Delivery.NEVER
    assert held(user)[Topic.FIRST_VOTE] == Delivery.AT_ONCE


def test_the_api_lists_and_changes_only_what_is_named():
    user, client = UserFactory(), APIClient()
    client.force_authenticate(user)
    before = client.get(API).json()["choices"]
    assert [row["topic"] for row in before] == [topic.value for topic in OPTIONAL]

    answer = client.patch(API, {"choices": [{"topic": "circles", "delivery": "never"}]})
    assert answer.status_code == 200
    changed = [new for old, new in zip(before, answer.json()["choices"], strict=True) if old != new]
    assert [(row["topic"], row["delivery"]) for row in changed] == [("circles", "never")]
    assert held(UserFactory())[Topic.CIRCLES] == Delivery.DIGEST


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "order", "delivery": "never"},
        {"topic": "votes", "delivery": "hourly"},
        {"topic": "weather", "delivery": "never"},
    ],
)
def test_what_belongs_to_an_order_cannot_be_switched_off_and_nonsense_is_refused(wrong):
    user, client = UserFactory(), APIClient()
    client.force_authenticate(user)
    assert client.patch(API, {"choices": [wrong]}).status_code == 400
    assert not MessagePreference.objects.exists()


@pytest.mark.parametrize("topic", sorted(TRANSACTIONAL))
def test_the_database_itself_knows_what_cannot_be_switched_off(topic):
    user = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        MessagePreference.objects.create(user=user, topic=topic, delivery="never")
    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.create(address_hash="0" * 32, topic=topic)
