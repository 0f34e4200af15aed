"""Jobs of the foundation: carrying out the outbox, mail, forgetting old answers."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from shop.foundation import network, outbox
from shop.foundation.models import IdempotencyRecord, OutboxMessage

KEEP_ANSWERS = timedelta(days=2)
KEEP_DONE = timedelta(days=14)


@shared_task(name="shop.foundation.carry_out")
def carry_out(*message_ids: str) -> None:
    """Carry out the outbox messages of one transaction, in the order they were written."""
    for message_id in message_ids:
        outbox.carry_out(message_id)


@shared_task(name="shop.foundation.sweep_outbox")
def sweep_outbox() -> None:
    """Carry out whatever is due and was not rung for."""
    outbox.carry_out_due()


@shared_task(name="shop.foundation.forget")
def forget() -> None:
    """Delete old answers, messages long done, sessions and the salts of days that are over."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    IdempotencyRecord.objects.filter(created_at__lt=now - KEEP_ANSWERS).delete()
    OutboxMessage.objects.filter(done_at__lt=now - KEEP_DONE).delete()
    network.forget_salts()


@outbox.handles("mail.send", name="foundation.send_mail")
def send_mail(payload: dict[str, Any]) -> None:
    """Send one mail, written in full when it was decided (``foundation.mail``)."""
    mail = EmailMultiAlternatives(
        subject=payload["subject"],
        body=payload["text"],
        to=[payload["to"]],
        # A row that the release before this one wrote has no headers of its own.
        headers={**payload.get("headers", {}), "Message-ID": payload["message_id"]},
    )
    if payload.get("html"):
        mail.attach_alternative(payload["html"], "text/html")
    mail.send()
