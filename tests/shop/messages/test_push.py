"""Web push: encrypted to one browser, signed as the shop's, to the internet alone."""

import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.messages.models import PushSubscription
from shop.messages.services.choosing import choose
from shop.messages.services.pushing import (
    BROWSERS_A_PERSON,
    PushNotTakenError,
    add_browser,
    send_push,
)
from shop.messages.web_push import LONGEST, encrypted, new_private_key, public_key
from tests.factories.shop import PushSubscriptionFactory, UserFactory
from tests.shop.messages.push_service import new_browser, running, unb64
from tests.shop.messages.telling import NOON, tell

API = "/api/v1/push-browsers/"
SAID = {"title": "Hallo, grüß dich", "body": "…", "path": "/galleries/1/", "tag": "1"}


@pytest.fixture
def service():
    with running() as service:
        yield service


def anywhere(address, port):
    return True


def subscribed(service, **other):
    browser = new_browser()
    row = PushSubscriptionFactory(endpoint=f"{service.url}/send/abc", **browser.keys(), **other)
    return browser, row


def send(row, **other):
    until = timezone.now() + timedelta(hours=1)
    given = {"said": SAID, "until": until, "may_ask": anywhere, **other}
    return send_push(browser=row.pk, **given)


def test_the_example_of_the_standard_comes_out_to_the_byte():
    number = int.from_bytes(unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        private_key=ec.derive_private_key(number, ec.SECP256R1()),
        salt=unb64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert body == unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vC"
        "YLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXL"
        "WyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_no_two_messages_share_a_key_and_none_is_longer_than_a_record():
    keys = new_browser().keys()
    assert encrypted(b"same", **keys)[:86] != encrypted(b"same", **keys)[:86]
    assert len(encrypted(b"x" * LONGEST, **keys)) <= 4096
    with pytest.raises(ValueError, match="more than a push"):
        encrypted(b"x" * (LONGEST + 1), **keys)


@pytest.mark.django_db
def test_the_browser_reads_what_was_said_and_the_service_knows_whose_it_is(service):
    browser, row = subscribed(service)
    assert send(row)

    assert service.shown(browser) == [SAID]
    ((headers, body),) = service.requests
    assert b"Hallo" not in body
    assert headers["Content-Encoding"] == "aes128gcm"
    assert 3500 < int(headers["TTL"]) <= 3600
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    assert key == public_key()
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(key))
    claims = jwt.decode(token, point, algorithms=["ES256"], audience=service.url)
    assert claims["sub"].startswith("mailto:")
    assert 0 < claims["exp"] - time.time() <= 24 * 3600


@pytest.mark.django_db
@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service, status):
    _browser, row = subscribed(service)
    service.status = status
    assert not send(row)
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again_later(service, status):
    _browser, row = subscribed(service)
    service.status = status
    with pytest.raises(PushNotTakenError):
        send(row)
    assert PushSubscription.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 413, 307])
def test_a_refusal_is_no_reason_to_try_thirty_times_nor_to_go_elsewhere(service, status):
    _browser, row = subscribed(service)
    service.status = status
    assert not send(row)
    assert len(service.requests) == 1
    assert PushSubscription.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "10.0.0.8", "169.254.169.254", "localhost", "[::ffff:10.0.0.1]"]
)
def test_no_address_of_our_own_network_is_asked(service, host):
    port = service.url.rpartition(":")[2]
    row = PushSubscriptionFactory(endpoint=f"http://{host}:{port}/")
    until = timezone.now() + timedelta(hours=1)
    assert not send_push(browser=row.pk, said=SAID, until=until)
    assert service.requests == []
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_what_happened_long_ago_is_not_shown(service):
    _browser, row = subscribed(service)
    assert not send(row, until=timezone.now() - timedelta(seconds=1))
    assert service.requests == []


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_what_goes_at_once_shows_in_each_of_her_browsers_and_a_digest_in_none(service):
    user = UserFactory()
    rows = [subscribed(service, user=user)[1]]
    PushSubscriptionFactory()
    tell(user)
    choose(user=user, deliveries={"first_vote": "digest"})
    tell(user, key="first_vote:2")

    (queued,) = OutboxMessage.objects.filter(topic="messages.push")
    assert queued.payload["browser"] == rows[0].pk
    assert queued.payload["said"]["title"] == "The first friend has voted"
    assert queued.payload["said"]["body"] == "The first friend has voted on “Which?”."
    assert queued.payload["said"]["path"] == "/galleries/1/"


@pytest.mark.django_db
def test_the_outbox_hands_it_over_and_asks_nobody_in_our_network(service):
    user = UserFactory()
    subscribed(service, user=user)
    with time_machine.travel(datetime(2026, 3, 2, 11, 0, tzinfo=UTC)):
        tell(user)
        carry_out_due()
    done = OutboxMessage.objects.get(topic="messages.push")
    assert done.done_at is not None
    assert not PushSubscription.objects.exists()
    assert service.requests == []


@pytest.mark.django_db
def test_the_api_takes_a_browser_once_and_lets_only_its_owner_end_it():
    mia, nora = APIClient(), APIClient()
    user = UserFactory()
    mia.force_authenticate(user)
    nora.force_authenticate(UserFactory())
    sent = {"endpoint": "https://push.example/abc", "keys": new_browser().keys()}

    assert mia.get(API).json() == {"public_key": public_key()}
    first, again = (mia.post(API, sent) for _each in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    path = f"{API}{first.json()['id']}/"
    assert nora.delete(path).status_code == 404
    assert mia.delete(path).status_code == 204
    assert mia.delete(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("endpoint", "http://push.example/abc"),
        ("endpoint", "https://user@push.example/abc"),
        ("p256dh", "AAAA"),
        ("p256dh", "!" * 87),
        ("auth", "AAAA"),
    ],
)
def test_what_no_browser_would_send_is_refused(name, wrong):
    client = APIClient()
    client.force_authenticate(UserFactory())
    keys = new_browser().keys()
    sent = {"endpoint": "https://push.example/abc", "keys": keys}
    (sent if name == "endpoint" else keys)[name] = wrong
    assert client.post(API, sent).status_code in (400, 422)
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_a_shared_computer_shows_messages_of_whoever_asked_last_and_nobody_has_endless_browsers():
    mia, nora = UserFactory(), UserFactory()
    keys = new_browser().keys()
    for user in (mia, nora):
        add_browser(user=user, endpoint="https://push.example/0", **keys)
    assert PushSubscription.objects.get().user == nora
    for number in range(BROWSERS_A_PERSON + 2):
        add_browser(user=mia, endpoint=f"https://push.example/mia/{number}", **keys)
    kept = PushSubscription.objects.filter(user=mia)
    assert kept.count() == BROWSERS_A_PERSON
    assert not kept.filter(endpoint__endswith="/mia/0").exists()


@pytest.mark.django_db
def test_a_shop_without_a_key_offers_no_push(settings, client: Client):
    settings.VAPID_PRIVATE_KEY = ""
    user = UserFactory()
    client.force_login(user)
    assert b"data-push" not in client.get("/account/messages/").content
    api = APIClient()
    api.force_authenticate(user)
    sent = {"endpoint": "https://push.example/abc", "keys": new_browser().keys()}
    assert api.post(API, sent).status_code == 409


def test_a_new_key_is_one(settings):
    settings.VAPID_PRIVATE_KEY = new_private_key()
    assert len(unb64(public_key())) == 65


def test_the_worker_comes_from_the_root_and_may_fetch_nothing(client: Client):
    answer = client.get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert b"showNotification" in answer.content
