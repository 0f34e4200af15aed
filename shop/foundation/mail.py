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
    publish(
        "mail.send",
        {
            "to": to,
            "subject": subject.strip(),
            "text": body.strip() + "\n",
            "html": html,
            # The same on every try, so that a mail sent twice shows once.
            "message_id": f"<{uuid.uuid4()}@lorgnette>",
        },
    )
