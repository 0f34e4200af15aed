"""Mail: written when it is decided, sent by the outbox."""

import uuid
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from shop.foundation.outbox import publish


def queue_mail(*, to: str, template: str, context: dict[str, Any], language: str = "") -> None:
    """Write a mail and queue it in this transaction.

    Args:
        to: the address.
        template: ``mail/<template>.txt`` and ``.html``; the text's first line is the subject.
        context: for both; ``public_url`` is added.
        language: the reader's, such as ``de``; the shop's own if empty.
    """
    values = {"public_url": settings.PUBLIC_URL, **context}
    with translation.override(language or settings.LANGUAGE_CODE):
        text = render_to_string(f"mail/{template}.txt", values)
        html = render_to_string(f"mail/{template}.html", values)
    subject, _, body = text.strip().partition("\n")
    queue_text(to=to, subject=subject.strip(), text=body.strip() + "\n", html=html)


def queue_text(*, to: str, subject: str, text: str, html: str = "") -> None:
    """Queue a mail that is written already, in this transaction.

    Args:
        to: the address.
        subject: one line.
        text: what a reader without HTML sees.
        html: what the others see; the text for all if empty.
    """
    payload = {"to": to, "subject": subject, "text": text, "html": html}
    # The same on every try, so that a mail sent twice shows once.
    publish("mail.send", {**payload, "message_id": f"<{uuid.uuid4()}@lorgnette>"})
