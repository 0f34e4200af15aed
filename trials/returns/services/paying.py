"""What follows when the money for a charge came, or did not."""

import uuid
from datetime import timedelta
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
from shop.payments.links import payment_link
from shop.payments.models import Payment
from shop.payments.queries import payment_for
from shop.payments.services.refunds import request_refund
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import settle_item, told_at_the_end
from trials.home_trials.states import ItemOutcome
from trials.returns.models import ChargeAttempt, ChargeTransition, TrialCharge
from trials.returns.queries import AWAY, KEPT_PAID
from trials.returns.services.asking import AUTHENTICATE, note_refusal
from trials.returns.services.closing import close_if_settled
from trials.returns.services.making import PURPOSES, sales_tax
from trials.returns.services.notices import send_notice
from trials.returns.states import CHARGE_MOVES, PAID

Purpose = TrialCharge.Purpose
REFUSED = "trial_charge_refused"
# The cards of a box's charges are asked at one go: the answers come within it.
ONE_GO = timedelta(hours=1)
# The mail that says what she paid for.
MAILS = {
    Purpose.UNRETURNED: "trial_charged",
    Purpose.DAMAGED: "trial_charged_damage",
    Purpose.KEPT: "trial_charged_kept",
    Purpose.LATE: "trial_charged_late",
}

# Why a frame is the customer's once its charge is paid.
WHY = {
    Purpose.UNRETURNED: gettext_noop("Not returned and charged"),
    Purpose.KEPT: gettext_noop("Kept and paid"),
}


def charge_paid(payment: Payment) -> None:
    """Note that a charge is paid; a frame that did not come back is the customer's now.

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
        asked = charge.attempts.select_related("card").last()
        # One mail tells both: that it is paid and, where nothing else is open, that all is over.
        over = close_if_settled(trial_id=charge.trial_id, mail="")
        send_notice(
            MAILS[Purpose(charge.purpose)],
            charge.trial,
            fact=charge.pk,
            caused_by=event,
            charge=charge,
            frame=charge.what,
            # A card that was refused did not pay: she did it herself, with one we need not name.
            card=asked.card if asked and asked.refused_at is None else None,
            over=over,
            **(told_at_the_end(charge.trial) if over else {}),
        )


def charge_refused(payment: Payment) -> None:
    """Tell the customer that her card was refused, and plan the next time it is asked.

    She reads how to pay by another card, or to confirm with her bank. What her card refused at one
    go, five frames of a box, is one mail: the first names all that is open. What she refuses
    herself, on the page the mail leads to, plans nothing and writes no mail.

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
        if _told_with_another(charge, attempt):
            return
        following = charge.attempts.filter(asked_at=None).first()
        send_notice(
            REFUSED,
            charge.trial,
            fact=attempt.pk,
            charge=charge,
            frame=charge.what,
            card=attempt.card,
            confirm=attempt.decline_code in AUTHENTICATE,
            next_at=following.due_at if following else None,
            pay_path=payment_link(payment),
            others=_also_open(charge),
        )


def _told_with_another(charge: TrialCharge, attempt: ChargeAttempt) -> bool:
    """Tell whether the mail about another charge this card just refused named this one, too."""
    since = max(timezone.now() - ONE_GO, charge.created_at)
    others = ChargeAttempt.objects.filter(
        charge__trial=charge.trial_id, card=attempt.card_id, refused_at__gt=since
    ).exclude(charge=charge)
    return others.exists() and charge.trial.notices.filter(kind=REFUSED, at__gt=since).exists()


def _also_open(charge: TrialCharge) -> list[dict[str, object]]:
    """Return what else is owed for the same box, each with the page by which it is paid."""
    owed = TrialCharge.objects.filter(trial=charge.trial_id, state=TrialCharge.State.OWED)
    others = owed.exclude(pk=charge.pk).select_related("item__variant__frame", "trial")
    found = []
    for other in others.order_by("created_at", "pk"):
        purpose = PURPOSES[Purpose(other.purpose)]
        payment = payment_for(purpose=purpose, reference=str(other.pk))
        if payment is not None:
            found.append(
                {"what": other.what, "amount": other.amount, "pay_path": payment_link(payment)}
            )
    return found


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
