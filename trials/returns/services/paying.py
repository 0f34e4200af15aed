"""What follows when the money for a charge came, or did not."""

import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.services import SHOP, record
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.payments.models import Payment
from shop.payments.services.refunds import request_refund
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import settle_item
from trials.home_trials.states import ItemOutcome
from trials.returns.models.charges import ChargeTransition, TrialCharge
from trials.returns.queries.charges import AWAY, KEPT_PAID
from trials.returns.services.asking import is_missed, note_refusal
from trials.returns.services.closing import close_if_settled
from trials.returns.services.making import sales_tax
from trials.returns.services.telling import ONE_GO, tell_paid, tell_refused
from trials.returns.states import CHARGE_MOVES, PAID

Purpose = TrialCharge.Purpose
# Why a frame is the customer's once its charge is paid.
WHY = {
    Purpose.UNRETURNED: gettext_noop("Not returned and charged"),
    Purpose.KEPT: gettext_noop("Kept and paid"),
}


def charge_paid(payment: Payment) -> None:
    """Note that a charge is paid; a frame that did not come back is the customer's now.

    She is told once her card has paid or refused all that it is asked for at this go.

    Args:
        payment: settled in this transaction, its row locked. Where the charge was let go at the
            same moment, the money is given back.
    """
    with transaction.atomic():
        charge = locked_charge(payment)
        if charge.state in PAID:
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
        charge.attempts.filter(asked_at=None).delete()
        if charge.item_id is not None and charge.purpose in AWAY:
            settle_item(
                item_id=charge.item_id,
                outcome=ItemOutcome.KEPT,
                reason=WHY[Purpose(charge.purpose)],
                sold=charge.purpose == Purpose.KEPT,
            )
        event = record(
            EventName.FEE_CHARGED,
            key=f"fee_charged:{charge.pk}",
            subject=("trial_charge", charge.pk),
            person=SHOP,
            occurred_at=now,
            amount=charge.amount,
            details=charge_details(charge),
        )
        if charge.purpose == Purpose.KEPT:
            publish(KEPT_PAID, {"charge": str(charge.pk)})
        charge.tell_at = now + ONE_GO
        # Asked before she said that her box never came, or paid by herself since.
        charge.to_decide = charge.to_decide or is_missed(charge.trial)
        charge.save(update_fields=["tell_at", "to_decide"])
        # One mail tells both: that it is paid and, where nothing else is open, that all is over.
        over = close_if_settled(trial_id=charge.trial_id, mail="")
        tell_paid(trial_id=charge.trial_id, caused_by=event, over=over)


def charge_refused(payment: Payment) -> None:
    """Tell the customer that her card was refused, and plan the next time it is asked.

    She reads how to pay by another card, or to confirm with her bank. What she refuses herself, on
    the page the mail leads to, plans nothing and writes no mail.

    Args:
        payment: refused in this transaction, its row locked.
    """
    with transaction.atomic():
        charge = locked_charge(payment)
        if charge.state != TrialCharge.State.OWED:
            return
        attempt = note_refusal(charge=charge, payment=payment)
        if attempt is None:
            return
        # Others of the box may have been paid, and waited for this answer.
        tell_paid(trial_id=charge.trial_id)
        tell_refused(charge, attempt, payment)


def charge_words(payment: Payment) -> str:
    """Return what a payment for a charge is for, in words."""
    charges = TrialCharge.objects.select_related("trial", "item__variant__frame")
    charge = charges.get(pk=payment.reference)
    words = {
        Purpose.UNRETURNED: _("%(frame)s, not sent back from trial %(number)s"),
        Purpose.DAMAGED: _("%(frame)s, damaged in trial %(number)s"),
        Purpose.KEPT: _("%(frame)s, kept from trial %(number)s"),
        Purpose.LATE: _("Trial %(number)s, sent back late"),
    }
    return words[Purpose(charge.purpose)] % {"frame": charge.what, "number": charge.trial.number}


def charge_tax(payment: Payment) -> Decimal:
    """Return the sales tax within a payment for a charge, in %."""
    charge = TrialCharge.objects.select_related("trial__address").get(pk=payment.reference)
    return sales_tax(charge)


def charge_owed(payment: Payment) -> bool:
    """Tell whether what a payment is for is still owed."""
    owed = TrialCharge.objects.filter(pk=payment.reference, state=TrialCharge.State.OWED)
    return owed.exists()


def note_link_opened(payment: Payment) -> None:
    """Note that a person was on the page by which a charge is paid, the first time."""
    TrialCharge.objects.filter(pk=payment.reference, link_opened_at=None).update(
        link_opened_at=timezone.now()
    )


def charge_details(charge: TrialCharge) -> dict[str, object]:
    """Return what the events of a charge say besides its amount."""
    variant = charge.item.variant_id if charge.item else None
    return {"trial": str(charge.trial_id), "variant": variant, "purpose": charge.purpose}


def locked_charge(payment: Payment) -> TrialCharge:
    """Lock the trial, then the charge: everybody takes them in this order.

    Args:
        payment: what it is paid by, its row locked.
    """
    charge_id = uuid.UUID(payment.reference)
    lock_row(Trial, TrialCharge.objects.values_list("trial_id", flat=True).get(pk=charge_id))
    lock_row(TrialCharge, charge_id)
    return TrialCharge.objects.select_related("trial__user", "item__variant__frame").get(
        pk=charge_id
    )
