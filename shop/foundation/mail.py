"""Mail: written when it is decided, sent by the outbox."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import publish

FOOT = "mail/parts/foot.txt"


def queue_mail(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    language: str = "",
    headers: Mapping[str, str] | None = None,
) -> str:
    """Write a mail and queue it in this transaction.

    Args:
        to: the address.
        template: ``mail/<template>.txt`` and ``.html``; the text's first line is the subject.
        context: for both; ``public_url`` is added. With ``unsubscribe_url`` and ``topic_words``
            the foot says how to end such mails.
        language: the reader's, such as ``de``; the shop's own if empty.
        headers: further ones, such as ``List-Unsubscribe``.

    Returns:
        The subject.
    """
    values = {"public_url": settings.PUBLIC_URL, **context}
    with translation.override(language or settings.LANGUAGE_CODE):
        text = render_to_string(f"mail/{template}.txt", values)
        foot = render_to_string(FOOT, values).strip()
        html = render_to_string(f"mail/{template}.html", values)
    subject, _, body = text.strip().partition("\n")
    subject, body = subject.strip(), body.strip() + "\n"
    if foot:
        body = f"{body}\n{foot}\n"
    queue_text(to=to, subject=subject, text=body, html=html, headers=headers)
    return subject


def queue_text(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Queue a mail that is written already, in this transaction.

    Args:
        to: the address.
        subject: one line.
        text: what a reader without HTML sees.
        html: what the others see; the text for all if empty.
        headers: further ones.
    """
    payload = {"to": to, "subject": subject, "text": text, "html": html}
    # The same on every try, so that a mail sent twice shows once.
    named = {"message_id": f"<{uuid.uuid4()}@lorgnette>", "headers": dict(headers or {})}
    publish("mail.send", {**payload, **named})


def forget_mail(address: str) -> int:
    """Delete what is queued, was given up or failed on its way to an address, in any case of it.

    Returns:
        How many there were.
    """
    mails = OutboxMessage.objects.filter(topic="mail.send", payload__to__iexact=address)
    return mails.delete()[0]
