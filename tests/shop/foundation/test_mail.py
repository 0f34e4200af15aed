"""Mail: written when it is decided, in the reader's language; sent once its server is there."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from tests.factories.shop import UserFactory
from tests.shop.orders.buying import mark_paid, placed_order

pytestmark = pytest.mark.django_db


def test_a_mail_has_subject_text_and_page_and_absolute_addresses(settings: Any) -> None:
    settings.PUBLIC_URL = "https://shop.example"
    order = placed_order()
    mark_paid(order)
    carry_out_due()

    (sent,) = mail.outbox
    assert sent.to == [order.user.email]
    assert order.number in sent.subject + sent.body
    assert "\n" not in sent.subject
    assert f"https://shop.example/orders/{order.number}/" in sent.body
    (page, kind) = sent.alternatives[0]
    assert kind == "text/html"
    assert f"https://shop.example/orders/{order.number}/" in page


def test_what_people_typed_is_text_in_a_mails_page() -> None:
    mark_paid(placed_order(user=UserFactory(name="<script>alert(1)</script>")))
    carry_out_due()

    assert "<script>" not in mail.outbox[0].alternatives[0][0]


def test_a_mail_waits_for_its_server_and_keeps_its_id(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mark_paid(placed_order())
    carry_out_due()
    assert mail.outbox == []
    waiting = OutboxMessage.objects.get(topic="mail.send")
    assert waiting.last_error.startswith("ConnectionRefusedError")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert carry_out_due() == 1

    (sent,) = mail.outbox
    assert sent.extra_headers["Message-ID"] == waiting.payload["message_id"]
