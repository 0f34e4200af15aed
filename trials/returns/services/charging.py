"""What did not come back is charged to the saved card, its owner being away."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.services import SHOP, record
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.payments.models import Payment
from shop.payments.services.charges import request_payment
from shop.payments.services.refunds import request_refund
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.journey import settle_item
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import ItemOutcome
from trials.returns.errors import NotYetChargeableError
from trials.returns.models import ChargeTransition, TrialCharge
from trials.returns.queries import AFTER_REMINDER, uncharged_items
from trials.returns.services.closing import AFTER_THE_CUSTOMER, close_if_settled
from trials.returns.states import CHARGE_MOVES

PURPOSE = "unreturned_frame"


def charge_unreturned(*, trial_id: uuid.UUID, by: User | None = None) -> list[TrialCharge]:
    """Charge every frame of a trial that is still away once the days of grace are over.

    And not before its customer has been reminded and had a day after that.

    A worker takes the money after the commit. Asked again, nothing is charged twice.

    Args:
        trial_id: which trial.
        by: who asked; nobody where the clock did.

    Returns:
        The charges made now.

    Raises:
        NotYetChargeableError: the days of grace are not over, the customer was not reminded a day
            before, or the trial is not out.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        _check_due(trial)
        away = list(uncharged_items().filter(trial=trial).order_by("pk"))
        free = [item for item in away if not item.price.amount]
        for item in free:
            settle_item(
                item_id=item.pk,
                outcome=ItemOutcome.LOST,
                by=by,
                reason=gettext_noop("Not returned, free"),
            )
        if free:
            close_if_settled(trial_id=trial_id, by=by)
        return [_charge(trial, item, by) for item in away if item not in free]


def charge_paid(payment: Payment) -> None:
    """Note that a frame which did not come back is paid: it is the customer's now.

    Args:
        payment: settled in this transaction, its row locked. Where the charge was let go at the
            same moment, the money is given back.
    """
    with transaction.atomic():
        charge = _locked_charge(payment)
        if charge.state == TrialCharge.State.PAID:
            return
        if charge.state != TrialCharge.State.OWED:
            request_refund(
                payment_id=payment.pk,
                amount=payment.amount,
                by=None,
                reason=gettext_noop("The charge was let go while the card was charged."),
            )
            return
        now = timezone.now()
        move(
            charge,
            TrialCharge.State.PAID,
            moves=CHARGE_MOVES,
            history=ChargeTransition,
            fields={"settled_at": now},
        )
        item = settle_item(
            item_id=charge.item_id,
            outcome=ItemOutcome.KEPT,
            reason=gettext_noop("Not returned and charged"),
        )
        record(
            EventName.FEE_CHARGED,
            key=f"fee_charged:{charge.pk}",
            subject=("trial_charge", charge.pk),
            person=SHOP,
            occurred_at=now,
            amount=charge.amount,
            details={"trial": str(item.trial_id), "variant": item.variant_id},
        )
        trial = charge.item.trial
        mail_customer("trial_charged", trial, charge=charge, frame=str(charge.item.variant))
        close_if_settled(trial_id=trial.pk)


def charge_refused(payment: Payment) -> None:
    """Tell the customer that her card was refused; what she owes stays in the queue of ops.

    Args:
        payment: refused in this transaction, its row locked.
    """
    with transaction.atomic():
        charge = _locked_charge(payment)
        if charge.state == TrialCharge.State.OWED:
            mail_customer(
                "trial_charge_refused",
                charge.item.trial,
                charge=charge,
                frame=str(charge.item.variant),
            )


def charge_words(payment: Payment) -> str:
    """Return what a payment for a charge is for, in words."""
    charges = TrialCharge.objects.select_related("item__trial", "item__variant__frame")
    item = charges.get(pk=payment.reference).item
    return _("%(frame)s, not sent back from trial %(number)s") % {
        "frame": item.variant,
        "number": item.trial.number,
    }


def _check_due(trial: Trial) -> None:
    if trial.state not in AFTER_THE_CUSTOMER or trial.charge_at is None:
        raise NotYetChargeableError(
            _("Trial %(number)s is “%(state)s”; there is nothing to charge.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
    if trial.charge_at > timezone.now():
        day = date_format(trial.charge_at.astimezone(trial.user.zone), "DATE_FORMAT")
        raise NotYetChargeableError(
            _("The customer has until the end of %(day)s.") % {"day": day},
            charge_at=trial.charge_at.isoformat(),
        )
    if trial.reminded_at is None:
        raise NotYetChargeableError(
            _("The customer is reminded first, and can be charged a day after that.")
        )
    if (after := trial.reminded_at + AFTER_REMINDER) > timezone.now():
        moment = date_format(after.astimezone(trial.user.zone), "DATETIME_FORMAT")
        raise NotYetChargeableError(
            _("The customer was reminded and can be charged after %(moment)s.")
            % {"moment": moment},
            charge_at=after.isoformat(),
        )


def _charge(trial: Trial, item: TrialItem, by: User | None) -> TrialCharge:
    charge = TrialCharge.objects.create(
        item=item, purpose=TrialCharge.Purpose.UNRETURNED, amount=item.price
    )
    ChargeTransition.objects.create(
        subject=charge, from_state="", to_state=charge.state, at=charge.created_at, actor=by
    )
    request_payment(
        user=trial.user,
        purpose=PURPOSE,
        reference=str(charge.pk),
        amount=charge.amount,
        card=trial.card,
        off_session=True,
    )
    return charge


def _locked_charge(payment: Payment) -> TrialCharge:
    """Lock the trial, then the charge: everybody takes them in this order."""
    charge_id = uuid.UUID(payment.reference)
    lock_row(Trial, TrialCharge.objects.values_list("item__trial_id", flat=True).get(pk=charge_id))
    lock_row(TrialCharge, charge_id)
    return TrialCharge.objects.select_related("item__trial__user", "item__variant__frame").get(
        pk=charge_id
    )
