"""Work that was given up is seen by staff, and tried again by whoever may."""

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.customers.models import User
from shop.customers.roles import ensure_roles
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import MAX_ATTEMPTS, carry_out_due, publish
from tests.factories.shop import ManagerFactory, StaffFactory

pytestmark = pytest.mark.django_db
JOBS = reverse("admin:shop_outboxmessage_changelist")
MAIL = {"to": "ada@example.org", "subject": "Hello", "text": "Hello\n", "message_id": "<1@x>"}


@pytest.fixture
def lost() -> OutboxMessage:
    """A mail whose server was away too long."""
    ensure_roles()
    with transaction.atomic():
        publish("mail.send", MAIL)
    OutboxMessage.objects.update(gave_up_at=timezone.now(), attempts=MAX_ATTEMPTS)
    return OutboxMessage.objects.get()


def _try_again(client: Client, by: User, job: OutboxMessage) -> None:
    client.force_login(by)
    client.post(JOBS, {"action": "try_these_again", "_selected_action": str(job.pk)})


def test_the_console_says_that_something_was_given_up(client: Client, lost: OutboxMessage) -> None:
    client.force_login(StaffFactory())

    page = client.get(reverse("console:home")).content.decode()

    assert "1 job could not be done and was given up." in page
    assert JOBS in page


def test_a_manager_has_it_tried_again(client: Client, lost: OutboxMessage) -> None:
    _try_again(client, ManagerFactory(), lost)

    assert carry_out_due() == 1
    assert [each.to for each in mail.outbox] == [["ada@example.org"]]
    lost.refresh_from_db()
    assert lost.gave_up_at is None


def test_ops_may_look_but_not_set_it_going(client: Client, lost: OutboxMessage) -> None:
    _try_again(client, StaffFactory(), lost)

    assert carry_out_due() == 0
    assert client.get(JOBS).status_code == 200


def test_what_is_done_is_not_done_again(client: Client, lost: OutboxMessage) -> None:
    OutboxMessage.objects.update(gave_up_at=None, done_at=timezone.now())
    _try_again(client, ManagerFactory(), lost)

    assert carry_out_due() == 0


def test_nobody_reads_a_mail_in_the_admin(client: Client, lost: OutboxMessage) -> None:
    client.force_login(ManagerFactory())

    answer = client.get(reverse("admin:shop_outboxmessage_change", args=[lost.pk]))

    assert answer.status_code == 200
    assert "ada@example.org" not in answer.content.decode()


def test_what_is_sent_is_not_kept(lost: OutboxMessage) -> None:
    OutboxMessage.objects.update(gave_up_at=None, attempts=0)

    assert carry_out_due() == 1

    lost.refresh_from_db()
    assert (lost.payload, lost.done_at is None) == ({}, False)
