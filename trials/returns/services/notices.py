"""Mails about what is away or owed, each with a row that says that it was sent."""

import uuid
from typing import Any

from shop.customers.models import User
from trials.home_trials.models import Trial
from trials.home_trials.services.mails import mail_customer
from trials.returns.models.charges import Notice


def send_notice(
    template: str,
    trial: Trial,
    *,
    fact: object,
    by: User | None = None,
    caused_by: uuid.UUID | None = None,
    **context: Any,
) -> Notice:
    """Queue a mail to a trial's customer in this transaction, and keep that it was.

    Args:
        template: the mail's name, such as ``trial_reminder``.
        trial: with its user.
        fact: what it tells, such as a refund's id; told again, nothing is sent.
        by: who sent it; nobody where the shop did.
        caused_by: the event that led to it.
        context: see ``mail_customer``.
    """
    subject = mail_customer(template, trial, fact=fact, caused_by=caused_by, **context)
    return Notice.objects.create(trial=trial, kind=template, subject=subject[:200], sent_by=by)
