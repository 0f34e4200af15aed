"""The mails a trial sends, each with what every one of them needs."""

import uuid
from typing import Any

from django.urls import reverse

from shop.messages.services.notifying import notify
from shop.messages.topics import Topic
from trials.home_trials.models import Trial


def mail_customer(
    template: str,
    trial: Trial,
    *,
    fact: object = "",
    caused_by: uuid.UUID | None = None,
    **context: Any,
) -> str:
    """Mail a trial's customer, in her language and in this transaction, and note that it was sent.

    Args:
        template: the mail's name, such as ``trial_requested``.
        trial: with its user.
        fact: what the mail tells, such as a refund's id, where a trial has such a mail more than
            once; the same fact again writes nothing.
        caused_by: the event that led to it.
        context: what this mail needs besides ``trial``, ``customer``, ``path`` and ``zone``.

    Returns:
        The subject; nothing where the fact was told before.
    """
    customer = trial.user
    message = notify(
        user=customer,
        topic=Topic.TRIAL,
        template=template,
        context={
            "trial": trial,
            "customer": customer,
            "path": reverse("trials:trial", args=[trial.number]),
            "zone": customer.time_zone,
            **context,
        },
        key=f"{template}:{fact or trial.pk}",
        about=trial.pk,
        caused_by=caused_by,
    )
    return message.subject if message else ""
