"""Signing up: by email and password, in the language and zone of the browser."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.conf import settings as shop_settings
from django.core import mail
from django.test import Client
from django.utils import translation

from shop.customers.models import User
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due

pytestmark = pytest.mark.django_db
# Of these the shop has no page, or has them switched off.
UNUSED = {
    "messages": "cannot_delete_primary_email email_deleted phone_verification_sent phone_verified "
    "primary_email_set unverified_primary_email",
    "email": "base_notification email_changed email_confirm email_deleted password_changed "
    "password_reset password_reset_code password_set",
}


@pytest.fixture(autouse=True)
def _language_stays() -> Iterator[None]:
    """Leave the language to the next test as it was; requests here choose German."""
    with translation.override("en"):
        yield


def sign_up(client: Client, **headers: str) -> User:
    form = {"email": "new@lorgnette.example", "password1": "a long enough sentence"}
    answer = client.post("/accounts/signup/", form, headers=headers)
    assert answer.status_code == 302
    return User.objects.get(email="new@lorgnette.example")


def test_a_new_customer_is_spoken_to_in_her_language_and_zone(client: Client) -> None:
    client.cookies["time_zone"] = "America%2FLima"

    user = sign_up(client, accept_language="de")

    assert (user.language, user.time_zone) == ("de", "America/Lima")


def test_an_invented_zone_leaves_the_shop_s(client: Client) -> None:
    client.cookies["time_zone"] = "Moon/Sea"

    user = sign_up(client, accept_language="fr")

    assert (user.language, user.time_zone) == ("en", "Europe/Berlin")


def test_an_address_in_other_letters_is_the_same_customer(client: Client) -> None:
    sign_up(client)
    client.logout()

    client.post(
        "/accounts/signup/",
        {"email": "NEW@lorgnette.example", "password1": "a long enough sentence"},
    )

    assert User.objects.filter(email__iexact="new@lorgnette.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_who_signs_up_waits_for_the_mail_server(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    # An address of its own: the limit of mails to one address outlives a test.
    address = f"{uuid.uuid4()}@lorgnette.example"
    form = {"email": address, "password1": "a long enough sentence"}
    assert client.post("/accounts/signup/", form).status_code == 302

    waiting = OutboxMessage.objects.get(topic="mail.send")
    assert waiting.payload["to"] == address
    assert waiting.payload["subject"]
    assert "/accounts/confirm-email/" in waiting.payload["text"]


@pytest.mark.django_db(transaction=True)
def test_mails_lead_to_the_shop_s_own_address_whatever_host_was_asked_for(
    client: Client, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://shop.example"
    client.defaults["HTTP_HOST"] = "evil.example"
    address = f"{uuid.uuid4()}@lorgnette.example"
    User.objects.create_user(email=address, password="a long enough sentence")
    for known in (address, f"{uuid.uuid4()}@lorgnette.example"):
        assert client.post("/accounts/password/reset/", {"email": known}).status_code == 302
    form = {"email": f"{uuid.uuid4()}@lorgnette.example", "password1": "a long enough sentence"}
    assert client.post("/accounts/signup/", form).status_code == 302

    queued = OutboxMessage.objects.filter(topic="mail.send").order_by("created_at")
    mails = [str(each.payload) for each in queued]
    assert len(mails) == 3
    assert "evil.example" not in str(mails)
    reset, sign_up_page, confirm = mails
    assert "https://shop.example/accounts/password/reset/key/" in reset
    assert "https://shop.example/accounts/signup/" in sign_up_page
    assert "https://shop.example/accounts/confirm-email/" in confirm
    page = "/accounts/password" + reset.partition("/accounts/password")[2].split("\\n")[0]
    assert client.get(page)["Location"].endswith("-set-password/")


def test_what_is_said_at_the_door_is_said_in_the_shop_s_own_words(client: Client) -> None:
    german = {"accept-language": "de"}
    # An address of its own: the limit of mails to one address outlives a test.
    email, password = f"{uuid.uuid4()}@lorgnette.example", "a long enough sentence"
    client.post("/accounts/signup/", {"email": email, "password1": password}, headers=german)
    carry_out_due()
    (sent,) = mail.outbox
    assert sent.subject == "Willkommen bei Lorgnette: Ist das deine E-Mail-Adresse?"
    assert "nichts weiter" in sent.body
    client.post("/accounts/logout/", headers=german)
    client.post("/accounts/login/", {"login": email, "password": password}, headers=german)
    page = client.get("/", headers=german).content.decode()
    assert "Du bist abgemeldet. Bis bald." in page
    assert "Du bist angemeldet." in page


@pytest.mark.parametrize("kind", ["messages", "email"])
def test_no_words_of_the_library_s_are_left_that_customers_may_read(kind: str) -> None:
    theirs = Path(allauth.__file__).parent / "templates/account" / kind
    ours = Path(shop_settings.BASE_DIR) / "shop/templates/account" / kind
    for path in theirs.glob("*.txt"):
        name = path.stem.removesuffix("_message").removesuffix("_subject")
        if name not in UNUSED[kind].split():
            assert (ours / path.name).exists(), path.name
