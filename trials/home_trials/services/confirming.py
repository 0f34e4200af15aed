"""Telling a customer that her wish for a trial has come, with its frames and its terms."""

import uuid
from functools import partial

from django.db import transaction
from djmoney.money import Money

from shop.foundation.locks import lock_row
from trials.home_trials.models import Trial
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import OPEN
from trials.programme.terms import terms_of


def confirm_request(*, trial_id: uuid.UUID, caused_by: uuid.UUID) -> None:
    """Mail what was asked for, once; nothing of a wish that is over by then, which has its mail.

    By a job after the placing: for two hundred at once, writing their mails took a third of it.

    Args:
        trial_id: of which nothing had to be paid first.
        caused_by: the event of its placing.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "programme_version"))
        if trial.state in OPEN:
            mail_request(trial, caused_by=caused_by)


def mail_request(trial: Trial, *, caused_by: uuid.UUID, paid: Money | None = None) -> None:
    """Write the mail that confirms a trial, in this transaction.

    Args:
        trial: with its user and its terms.
        caused_by: the event of its placing, or of its payment.
        paid: what was paid for it first, if anything was.
    """
    items = trial.items.select_related("variant__frame").order_by("variant_id")
    mail_customer(
        "trial_requested",
        trial,
        caused_by=caused_by,
        variants=[item.variant for item in items],
        version=trial.programme_version,
        # Written in her language, while the mail is.
        terms=partial(terms_of, trial.programme_version),
        **({"paid": paid} if paid else {}),
    )
