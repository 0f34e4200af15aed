"""Giving back what was paid for a charge, and taking it over whoever gave it back."""

import uuid
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import record, staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from shop.payments.errors import RefundRefusedError
from shop.payments.models import Payment, Refund
from shop.payments.queries import payment_for
from shop.payments.services.refunds import request_refund
from trials.home_trials.models import Trial
from trials.returns.errors import (
    ChargeNotPaidError,
    DecidedMeanwhileError,
    MayNotSettleError,
    ReasonMissingError,
)
from trials.returns.models.charges import ChargeTransition, TrialCharge
from trials.returns.queries.charges import charge_by_id
from trials.returns.services.deposits import give_back_to_deposit
from trials.returns.services.late_fees import give_back_kept_fee
from trials.returns.services.making import PURPOSES
from trials.returns.services.notices import send_notice
from trials.returns.services.paying import charge_details, locked_charge
from trials.returns.services.taking_back import PERMISSION
from trials.returns.states import CHARGE_MOVES, PAID, state_of_paid

Purpose, State = TrialCharge.Purpose, TrialCharge.State


def refund_due_charge(*, charge_id: uuid.UUID) -> None:
    """Ask for the refund that the policy owes for a charge; may be repeated.

    Where it is refused, such as for a payment that is disputed at the bank, a manager decides.

    Args:
        charge_id: a charge with ``refund_due``; one without is left.
    """
    with transaction.atomic():
        payment = _lock_payment(charge_id)
        charge = locked_charge(payment)
        due = charge.refund_due
        if not due.amount:
            return
        charge.refund_due = due * 0
        try:
            request_refund(
                payment_id=payment.pk,
                amount=due,
                by=None,
                reason=gettext_noop("Came back after it was charged"),
            )
        except RefundRefusedError:
            charge.to_decide = True
        charge.save(update_fields=["refund_due", "to_decide"])


def decide_refund(
    *,
    charge_id: uuid.UUID,
    by: User,
    amount: Money,
    reason: str,
    undecided: bool = False,
    seen_left: Decimal | None = None,
    answer: str = "",
) -> TrialCharge:
    """Give back so much of a charge that was paid, or nothing, and close the question.

    Where it was to be decided and nothing is given back, its customer is told.

    Args:
        charge_id: a charge that was paid.
        by: somebody with the permission ``trials.settle_trialcharge``.
        amount: zero for nothing.
        reason: why, kept with the charge.
        undecided: she saw that it was still to be decided, and means that.
        seen_left: what was left to give back when she looked, as ``left_of`` says it, so that two
            do not give back the same; nothing for whatever it is.
        answer: why nothing is given back, in words she reads; of money that is, a mail tells as
            it goes.

    Raises:
        MayNotSettleError: the person may not.
        ReasonMissingError: no reason was given.
        CardNumberError: the reason or the answer holds a card number.
        ChargeMissingError: there is no such charge.
        DecidedMeanwhileError: it is decided by now, though she saw it was not, or another amount
            is left than she saw, or a refund by the terms is under way.
        ChargeNotPaidError: it was not paid by a card.
        RefundRefusedError: the amount is more than is left, or the payment is disputed.
    """
    if not by.has_perm(PERMISSION):
        raise MayNotSettleError(_("Only a manager gives back what a customer paid. Ask one."))
    reason = one_line(reason)
    if not reason:
        raise ReasonMissingError(_("Say why, for those who read it later."))
    answer = one_line(answer)[:300]
    refuse_card_numbers(reason, answer)
    if charge_by_id(charge_id).from_deposit.amount:
        return _decide_of_deposit(
            charge_id,
            by=by,
            amount=amount,
            reason=reason,
            answer=answer,
            seen=(undecided, seen_left),
        )
    with transaction.atomic():
        payment = _lock_payment(charge_id)
        charge = locked_charge(payment)
        _check_seen(charge, undecided, seen_left, left_of(charge, payment))
        if charge.state not in PAID:
            raise ChargeNotPaidError(_("This charge was not paid, so nothing can be given back."))
        if amount.amount:
            request_refund(payment_id=payment.pk, amount=amount, by=by, reason=reason)
        elif (stays := kept_if_nothing_goes_back(charge, payment)) is not None:
            _tell_nothing_back(charge, stays=stays, by=by, answer=answer)
        charge.to_decide, charge.reason = False, reason[:300]
        charge.refund_due = charge.refund_due * 0
        charge.save(update_fields=["to_decide", "reason", "refund_due"])
        return charge


def left_of(charge: TrialCharge, payment: Payment | None) -> Money | None:
    """Return how much of a charge may be given back: what a deposit or a card paid of it.

    Args:
        charge: a charge.
        payment: its own; refunds that are under way count as given back.

    Returns:
        Nothing of what nobody paid, and while the payer disputes it at her bank.
    """
    if charge.from_deposit.amount:
        kept: Money = charge.from_deposit
        return kept
    if payment is None or charge.state not in PAID or payment.state != Payment.State.SUCCEEDED:
        return None
    disputed = payment.dispute in (Payment.Dispute.OPEN, Payment.Dispute.LOST)
    left: Money = payment.amount - payment.refunded
    return None if disputed else left


def _check_seen(
    charge: TrialCharge, undecided: bool, seen_left: Decimal | None, left: Money | None
) -> None:
    if charge.refund_due.amount:
        raise DecidedMeanwhileError(
            _("Nothing was given back: %(amount)s go back by the terms right now. Look again.")
            % {"amount": charge.refund_due}
        )
    if seen_left is not None and left is not None and seen_left != left.amount:
        raise DecidedMeanwhileError(
            _("Nothing was given back: %(left)s are left of it by now. Look again.")
            % {"left": left}
        )
    if undecided and not charge.to_decide:
        raise DecidedMeanwhileError(
            _("Nothing was given back: this is decided already, for this reason: “%(reason)s”")
            % {"reason": charge.reason or "–"}
        )


@transaction.atomic
def _decide_of_deposit(
    charge_id: uuid.UUID,
    *,
    by: User,
    amount: Money,
    reason: str,
    answer: str,
    seen: tuple[bool, Decimal | None],
) -> TrialCharge:
    """Give back so much of what the deposit paid of a charge, or nothing."""
    trial_id = TrialCharge.objects.values_list("trial_id", flat=True).get(pk=charge_id)
    trial = lock_row(Trial, trial_id)
    charge = lock_row(TrialCharge, charge_id, related=("trial__user", "item__variant__frame"))
    _check_seen(charge, *seen, charge.from_deposit)
    if amount.currency != charge.from_deposit.currency or amount > charge.from_deposit:
        raise RefundRefusedError(
            _("At most %(left)s of this payment can be given back.") % {"left": charge.from_deposit}
        )
    if amount.amount:
        give_back_to_deposit(charge, trial=trial, amount=amount)
    elif (stays := kept_if_nothing_goes_back(charge, None)) is not None:
        _tell_nothing_back(charge, stays=stays, by=by, answer=answer)
    charge.to_decide, charge.reason = False, reason[:300]
    charge.save(update_fields=["to_decide", "reason"])
    return charge


def kept_if_nothing_goes_back(charge: TrialCharge, payment: Payment | None) -> Money | None:
    """Return what stays paid of a charge that is to be decided, should nothing be given back.

    Args:
        charge: a charge.
        payment: its own.

    Returns:
        Nothing where nobody waits for the answer, or all of it went back already: then its
        customer is not told.
    """
    left = left_of(charge, payment)
    # While it is disputed none may go back, and what was paid is looked at all the same.
    stays: Money = charge.amount - charge.refunded if left is None else left
    return stays if charge.to_decide and stays.amount else None


def _tell_nothing_back(charge: TrialCharge, *, stays: Money, by: User, answer: str) -> None:
    """Write to the customer that what was looked at stays paid."""
    send_notice(
        "trial_charge_not_refunded",
        charge.trial,
        # It may be to be decided again, and is told again then.
        fact=f"{charge.pk}:{timezone.now().isoformat()}",
        by=by,
        charge=charge,
        frame=charge.what,
        left=stays,
        answer=answer,
    )


def charge_refunded(refund: Refund) -> None:
    """Take over that money of a charge went back, be it by us or at Stripe's dashboard.

    Args:
        refund: settled in this transaction, its payment's row and its own locked.
    """
    with transaction.atomic():
        charge = locked_charge(refund.payment)
        if charge.state not in PAID:
            # The charge was let go before the money came; it never counted as paid.
            return
        _take_over(charge, refund)
        event = record(
            EventName.FEE_REFUNDED,
            key=f"fee_refunded:{refund.pk}",
            subject=("trial_charge", charge.pk),
            person=staff(refund.requested_by),
            amount=refund.amount,
            details=charge_details(charge),
        )
        send_notice(
            "trial_charge_refunded",
            charge.trial,
            fact=refund.pk,
            caused_by=event,
            charge=charge,
            frame=charge.what,
            amount=refund.amount,
        )


def charge_refund_failed(refund: Refund) -> None:
    """Take over that a refund came back from the bank: it counts as paid, and somebody decides.

    Args:
        refund: failed in this transaction, its payment's row and its own locked.
    """
    with transaction.atomic():
        charge = locked_charge(refund.payment)
        if charge.state not in PAID:
            return
        before = charge.refunded
        _take_over(charge, refund)
        charge.to_decide = True
        charge.save(update_fields=["to_decide"])
        if charge.refunded != before:
            record(
                EventName.FEE_REFUND_FAILED,
                key=f"fee_refund_failed:{refund.pk}",
                subject=("trial_charge", charge.pk),
                person=staff(None),
                amount=refund.amount,
                details=charge_details(charge),
            )


def _take_over(charge: TrialCharge, refund: Refund) -> None:
    """Set what was given back of a charge to what the refunds that went through come to."""
    through = refund.payment.refunds.filter(state=Refund.State.SUCCEEDED)
    given_back = through.aggregate(total=Sum("amount"))["total"] or 0
    charge.refunded = Money(given_back, str(charge.amount.currency))
    give_back_kept_fee(charge, left=charge.amount - charge.refunded, by=refund.requested_by)
    state = state_of_paid(amount=charge.amount, refunded=charge.refunded)
    if charge.state == state:
        charge.save(update_fields=["refunded"])
        return
    move(
        charge,
        state,
        moves=CHARGE_MOVES,
        history=ChargeTransition,
        by=refund.requested_by,
        reason=refund.reason,
        fields={"refunded": charge.refunded},
    )


def _lock_payment(charge_id: uuid.UUID) -> Payment:
    """Lock what a charge was paid by: before the trial, as everybody does.

    Raises:
        ChargeNotPaidError: no card was asked for it, such as a fee kept from a refund.
    """
    purpose = TrialCharge.objects.values_list("purpose", flat=True).get(pk=charge_id)
    payment = payment_for(purpose=PURPOSES[Purpose(purpose)], reference=str(charge_id))
    if payment is None:
        raise ChargeNotPaidError(_("No card was charged for this, so nothing can be given back."))
    lock_row(Payment, payment.pk)
    return payment
