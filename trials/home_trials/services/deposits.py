"""The deposit that a wish is asked for besides its programme's own, before anything is packed.

A payment of its own, booked to the customers' deposits. What is given back of it, and when, is
decided with the programme's deposit (``services.paying``).
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import SHOP, customer
from shop.foundation.locks import lock_row
from shop.payments.links import payment_link
from shop.payments.models import Payment
from shop.payments.services.charges import request_payment
from shop.payments.services.refunds import request_refund
from trials.home_trials.models import Trial
from trials.home_trials.services.facts import record_trial, tell_to_decide
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.paying import ASKED_DEPOSIT, check_paid, what_was_paid
from trials.home_trials.states import NEVER_LEFT, TrialState


@transaction.atomic
def ask_for_deposit(*, trial_id: uuid.UUID, amount: Money) -> Trial:
    """Ask the customer of a requested trial for a deposit, once; the trial waits until it is paid.

    She pays it by a link, with a card and 3-D Secure where her bank wants it, within
    ``DEPOSIT_PAID_WITHIN_HOURS``; else the clock calls the trial off.

    Args:
        trial_id: which trial.
        amount: above zero, in whole smallest units.

    Returns:
        The trial; one that was asked before, or is no longer requested, as it stands.

    Raises:
        AwaitsPaymentError: its fee is to be paid first.
    """
    trial = lock_row(Trial, trial_id, related=("user", "card", "programme_version"))
    if trial.state != TrialState.REQUESTED or trial.asked_deposit.amount:
        return trial
    check_paid(trial)
    trial.asked_deposit = amount
    trial.pay_by = timezone.now() + timedelta(hours=settings.DEPOSIT_PAID_WITHIN_HOURS)
    trial.save(update_fields=["asked_deposit", "pay_by"])
    payment = request_payment(
        user=trial.user,
        purpose=ASKED_DEPOSIT,
        reference=trial.number,
        amount=amount,
        card=trial.card,
    )
    event = record_trial(EventName.TRIAL_DEPOSIT_ASKED, trial, person=SHOP, amount=amount)
    mail_customer(
        "trial_deposit_asked",
        trial,
        caused_by=event,
        amount=amount,
        until=trial.pay_by,
        paid=what_was_paid(trial),
        fee=trial.programme_version.fee,
        comes_back=trial.programme_version.deposit + amount,
        pay_path=payment_link(payment),
    )
    return trial


def deposit_paid(payment: Payment) -> None:
    """Let a trial go on whose deposit is paid; called in the settling transaction.

    A trial that ended before the money came gets it back in full.
    """
    trial = lock_row(Trial, payment.reference, by="number", related=("user", "programme_version"))
    if trial.state in NEVER_LEFT:
        request_refund(
            payment_id=payment.pk,
            amount=payment.amount,
            by=None,
            reason=gettext_noop("The trial had ended before it was paid."),
        )
        return
    if trial.pay_by is None:
        return
    trial.pay_by = None
    trial.save(update_fields=["pay_by"])
    event = record_trial(
        EventName.TRIAL_DEPOSIT_PAID, trial, person=customer(trial.user), amount=payment.amount
    )
    tell_to_decide(trial)
    mail_customer("trial_deposit_paid", trial, caused_by=event, amount=payment.amount)


def deposit_words(payment: Payment) -> str:
    """Return what the payment of such a deposit is for, in words."""
    return _("Try-on box %(number)s: deposit") % {"number": payment.reference}
