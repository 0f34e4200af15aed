"""Mails of what a card paid and refused: one for all it is asked for at one go."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shop.foundation.locks import lock_row
from shop.foundation.money import total
from shop.payments.links import payment_link
from shop.payments.models import Payment, SavedCard
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import told_at_the_end
from trials.returns.models.charges import ChargeAttempt, TrialCharge
from trials.returns.queries.charges import payments_for
from trials.returns.services.asking import AUTHENTICATE
from trials.returns.services.notices import send_notice

Purpose = TrialCharge.Purpose
# The cards of a box's charges are asked at one go: the answers come within it.
ONE_GO = timedelta(hours=1)
REFUSED = "trial_charge_refused"
TOGETHER = "trial_charged_together"
# The mail that says what she paid for, where it was one thing.
MAILS = {
    Purpose.UNRETURNED: "trial_charged",
    Purpose.DAMAGED: "trial_charged_damage",
    Purpose.KEPT: "trial_charged_kept",
    Purpose.LATE: "trial_charged_late",
}


def tell_paid(
    *, trial_id: uuid.UUID, caused_by: uuid.UUID | None = None, over: bool = False
) -> bool:
    """Write one mail of all that is paid of a trial and was not told of yet.

    Not while a card is still asked for more of it: the last answer tells of all. An answer that
    never comes holds nothing up for longer than ``ONE_GO``; the clock asks again then.

    Args:
        trial_id: which trial.
        caused_by: the event of the last payment.
        over: whether the trial ended with that payment; then the mail says so.

    Returns:
        Whether a mail was written.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "card"))
        paid = list(
            trial.charges.filter(tell_at__isnull=False)
            .select_related("item__variant__frame", "proposal")
            .order_by("created_at", "pk")
        )
        now = timezone.now()
        waits = all(each.tell_at is not None and each.tell_at > now for each in paid)
        if not paid or (waits and _is_being_asked(trial, now)):
            return False
        trial.charges.filter(pk__in=[each.pk for each in paid]).update(tell_at=None)
        context: dict[str, Any] = told_at_the_end(trial) if over else {}
        if len(paid) == 1:
            template = MAILS[Purpose(paid[0].purpose)]
            context |= {"charge": paid[0], "frame": paid[0].what}
        else:
            template = TOGETHER
            context |= {
                "charges": paid,
                "amount": total([each.amount for each in paid]),
                "unreturned": any(each.purpose == Purpose.UNRETURNED for each in paid),
            }
        send_notice(
            template,
            trial,
            # Each is told once: the last of them names the mail.
            fact=paid[-1].pk,
            caused_by=caused_by,
            card=_card_that_paid(paid),
            over=over,
            **context,
        )
        return True


def _is_being_asked(trial: Trial, now: datetime) -> bool:
    """Tell whether an answer is still awaited of a card that is asked at this go."""
    open_ = ChargeAttempt.objects.filter(
        charge__trial=trial, charge__state=TrialCharge.State.OWED, refused_at=None
    )
    # What is due and was not asked for yet, will be within a minute.
    at_this_go = Q(asked_at__gt=now - ONE_GO) | Q(asked_at=None, due_at__lte=now)
    return open_.filter(at_this_go).exists()


def _card_that_paid(paid: list[TrialCharge]) -> SavedCard | None:
    """Return the card that paid all of it; nothing where it was several, or herself.

    A card that was refused did not pay: she did it herself, with one we need not name.
    """
    attempts = ChargeAttempt.objects.filter(charge__in=paid).select_related("card")
    last = {each.charge_id: each for each in attempts.order_by("number")}
    cards = {
        last[each.pk].card if each.pk in last and last[each.pk].refused_at is None else None
        for each in paid
    }
    return cards.pop() if len(cards) == 1 else None


def tell_refused(charge: TrialCharge, attempt: ChargeAttempt, payment: Payment) -> None:
    """Write one mail of what a card refused at one go: the first names all that is open.

    Args:
        charge: owed; locked by the caller in this transaction, and its trial.
        attempt: refused just now.
        payment: by which it is paid.
    """
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
    others = owed.exclude(pk=charge.pk).select_related("item__variant__frame", "trial", "proposal")
    found = list(others.order_by("created_at", "pk"))
    payments = payments_for(charge.trial, found)
    return [
        {
            "charge": each,
            "what": each.what,
            "amount": each.amount,
            "pay_path": payment_link(payments[each.pk]),
        }
        for each in found
        if each.pk in payments
    ]
