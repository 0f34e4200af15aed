"""What a trial costs when it is asked for, and what of it goes back.

Fee and deposit are one payment, so that a customer confirms once. It is booked as a deposit, which
is hers; the fee is moved to income beside it, and back should the box never leave the shop or never
reach her.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import customer
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.money import zero
from shop.foundation.outbox import publish
from shop.payments.models import LedgerEntry, LedgerTransaction, Payment
from shop.payments.queries import payment_for
from shop.payments.services.charges import cancel_payment, request_payment
from shop.payments.services.ledger import Entry, book
from shop.payments.services.refunds import request_refund
from trials.home_trials.errors import AwaitsPaymentError, NothingToPayError
from trials.home_trials.models import Trial
from trials.home_trials.services.confirming import mail_request
from trials.home_trials.services.facts import record_trial, tell_to_decide
from trials.home_trials.states import NEVER_LEFT, ItemOutcome, TrialState
from trials.programme.terms import due_at_placing

PURPOSE = "trial"
# Of the deposit that the rules asked for once the wish was there (services.deposits).
ASKED_DEPOSIT = "trial_deposit"
# Kinds of ledger transactions.
FEE, FEE_BACK = "trial_fee", "trial_fee_back"


def ask_for_payment(trial: Trial, *, within: timedelta | None = None) -> bool:
    """Ask for fee and deposit of a trial that is about to be saved, in the caller's transaction.

    Args:
        trial: with user, card and version; it is given the moment by which it must be paid.
        within: how long its customer has; ``TRIAL_PAID_WITHIN_MINUTES`` if not given.

    Returns:
        Whether anything is to be paid; if so the trial waits until it is.
    """
    due = due_at_placing(trial.programme_version)
    if not due.amount:
        return False
    within = within or timedelta(minutes=settings.TRIAL_PAID_WITHIN_MINUTES)
    trial.pay_by = timezone.now() + within
    request_payment(
        user=trial.user, purpose=PURPOSE, reference=trial.number, amount=due, card=trial.card
    )
    return True


def check_paid(trial: Trial) -> None:
    """Make sure that nothing is to be paid of a trial before it goes on.

    Raises:
        AwaitsPaymentError: something is.
    """
    if trial.pay_by is not None:
        raise AwaitsPaymentError(
            _("Trial %(number)s is not paid yet. It goes on by itself once it is.")
            % {"number": trial.number},
            pay_by=trial.pay_by.isoformat(),
        )


def trial_paid(payment: Payment) -> None:
    """Let a trial go on whose fee and deposit are paid; called in the settling transaction.

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
    if trial.pay_by is None or trial.asked_deposit.amount:
        return
    trial.pay_by = None
    trial.save(update_fields=["pay_by"])
    _book_fee(trial, trial.programme_version.fee, kind=FEE)
    event = record_trial(
        EventName.TRIAL_PAID, trial, person=customer(trial.user), amount=payment.amount
    )
    tell_to_decide(trial)
    mail_request(trial, caused_by=event, paid=payment.amount)


def payment_path(payment: Payment) -> str:
    """Return where the trial is looked at that a payment is for."""
    return reverse("trials:trial", args=[payment.reference])


def payment_words(payment: Payment) -> str:
    """Return what a payment for a trial is for, in words."""
    trial = Trial.objects.select_related("programme_version").get(number=payment.reference)
    fee, deposit = trial.programme_version.fee, trial.programme_version.deposit
    words = {"number": trial.number, "fee": fee, "deposit": deposit}
    if not deposit.amount:
        return _("Try-on box %(number)s") % words
    if not fee.amount:
        return _("Try-on box %(number)s: deposit") % words
    return _("Try-on box %(number)s: %(fee)s fee, %(deposit)s deposit") % words


def payment_of_trial(trial: Trial) -> Payment:
    """Return the payment of a trial's fee and deposit, or of the deposit it was asked for since.

    Raises:
        NothingToPayError: nothing was asked for.
    """
    purpose = ASKED_DEPOSIT if trial.asked_deposit.amount else PURPOSE
    payment = payment_for(purpose=purpose, reference=trial.number)
    if payment is None:
        raise NothingToPayError(_("There is nothing to pay for this trial."))
    return payment


def due_now(trial: Trial) -> Money | None:
    """Return what is to be paid of a trial now; nothing where nothing is, or it was."""
    if trial.pay_by is None:
        return None
    asked: Money = trial.asked_deposit
    return asked if asked.amount else due_at_placing(trial.programme_version)


def what_was_paid(trial: Trial) -> Money | None:
    """Return what was paid before a trial left; nothing where nothing is, or was not yet."""
    due = due_at_placing(trial.programme_version) + trial.asked_deposit
    waiting = due_now(trial)
    paid = due if waiting is None else due - waiting
    return paid if paid.amount else None


def deposit_due(trial: Trial) -> Money:
    """Return what of a trial's deposits goes back at its end, as far as nothing of it was kept."""
    left: Money = trial.programme_version.deposit + trial.asked_deposit - trial.kept_deposit
    return max(left, left * 0)


def settle_what_was_paid(trial: Trial) -> None:
    """Have a worker give back what is to go back, now that a trial is over."""
    if due_at_placing(trial.programme_version).amount or trial.asked_deposit.amount:
        publish("trials.give_back", {"trial_id": str(trial.pk)})


def give_back(*, trial_id: uuid.UUID) -> Money:
    """Give back what a trial that is over does not keep; calls Stripe where nothing was paid yet.

    All of it where the box never left the shop or never reached her, else the deposits. What the
    payer disputes at her bank waits for what that decides, and she who won it has it. May be
    repeated: what went back already does not go again.

    Returns:
        What goes back now.
    """
    trial = Trial.objects.select_related("programme_version").get(pk=trial_id)
    if trial.closed_at is None:
        return zero(str(trial.programme_version.fee.currency))
    for purpose in (PURPOSE, ASKED_DEPOSIT):
        payment = payment_for(purpose=purpose, reference=trial.number)
        if payment is not None and payment.state != Payment.State.SUCCEEDED:
            # Should it be paid after all, who hears of it gives the money back.
            cancel_payment(payment_id=payment.pk)
    return _give_back(trial)


@transaction.atomic
def _give_back(trial: Trial) -> Money:
    paid = lock_deposits(trial.number)
    whole, reason = False, gettext_noop("Deposit of a trial that is settled")
    never_reached = _never_reached(trial)
    if trial.state in NEVER_LEFT or never_reached:
        whole, reason = True, never_reached or gettext_noop("The box was not sent")
        # One that was paid after its end was never moved to income.
        if LedgerTransaction.objects.filter(kind=FEE, reference=trial.number).exists():
            _book_fee(trial, -trial.programme_version.fee, kind=FEE_BACK)
    back = zero(str(trial.programme_version.fee.currency))
    left = _all_left(trial, paid) if whole else deposit_left(trial, paid)
    for payment in paid:
        if payment.dispute in (Payment.Dispute.OPEN, Payment.Dispute.LOST):
            continue
        target = payment.amount if whole else deposit_in(trial, payment)
        amount = min(target - payment.refunded, left)
        if amount.amount > 0:
            request_refund(payment_id=payment.pk, amount=amount, by=None, reason=reason)
            back, left = back + amount, left - amount
    return back


def give_back_after_dispute(*, payment_id: uuid.UUID) -> None:
    """Give back of a trial what waited for a bank's decision; of what is no trial's, nothing.

    Args:
        payment_id: whose dispute is over.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.purpose in (PURPOSE, ASKED_DEPOSIT):
        give_back(trial_id=Trial.objects.get(number=payment.reference).pk)


def lock_deposits(number: str) -> list[Payment]:
    """Lock what was paid of a trial's deposits, in the caller's transaction, before the trial."""
    paid = Payment.objects.filter(
        purpose__in=(PURPOSE, ASKED_DEPOSIT), reference=number, state=Payment.State.SUCCEEDED
    )
    return lock_rows(Payment, list(paid.values_list("pk", flat=True)))


def deposit_in(trial: Trial, payment: Payment) -> Money:
    """Return how much of a payment is a deposit: of the first one what is not the fee."""
    whole: Money = payment.amount
    return trial.programme_version.deposit if payment.purpose == PURPOSE else whole


def deposit_left(trial: Trial, paid: list[Payment]) -> Money:
    """Return what of a trial's deposits is neither given back nor kept; never below zero.

    Args:
        trial: with its programme version.
        paid: as ``lock_deposits`` returns them.
    """
    left: Money = -trial.kept_deposit
    for payment in paid:
        left += deposit_in(trial, payment) - payment.refunded
    return max(left, left * 0)


def _all_left(trial: Trial, paid: list[Payment]) -> Money:
    """Return what was paid and is neither given back nor kept; never below zero."""
    left: Money = -trial.kept_deposit
    for payment in paid:
        left += payment.amount - payment.refunded
    return max(left, left * 0)


def _never_reached(trial: Trial) -> str:
    """Return why a box that was sent never reached its customer; empty where it did."""
    if trial.state != TrialState.CLOSED:
        return ""
    all_lost = not trial.items.exclude(outcome=ItemOutcome.LOST).exists()
    if all_lost and (trial.never_arrived or trial.delivered_at is None):
        return gettext_noop("The box was lost on its way")
    return gettext_noop("The box could not be delivered") if trial.never_arrived else ""


def _book_fee(trial: Trial, fee: Money, *, kind: str) -> None:
    if not fee.amount:
        return
    book(
        kind=kind,
        reference=trial.number,
        entries=[
            Entry(LedgerEntry.Account.DEPOSITS, fee),
            Entry(LedgerEntry.Account.TRIAL_FEES, -fee),
        ],
        user_id=trial.user_id,
    )
