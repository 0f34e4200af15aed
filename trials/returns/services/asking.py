"""Asking cards for charges: the first time, by a plan after a refusal, and a new card at once."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.payments.models import Payment, SavedCard
from shop.payments.queries import payment_for
from shop.payments.services.asking_again import request_another_try
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.errors import AskedLatelyError, ChargeSettledError, NotYetChargeableError
from trials.returns.models.charges import ChargeAttempt, TrialCharge
from trials.returns.queries.charges import charge_by_id, days_run_anew
from trials.returns.services.making import PURPOSES

# Refusals after which the same card may pay on another day: https://docs.stripe.com/declines/codes.
# For all others the networks take fines, or only the customer can help.
MAY_PAY_LATER = frozenset(
    {
        "approve_with_id",
        "card_velocity_exceeded",
        "do_not_honor",
        "generic_decline",
        "insufficient_funds",
        "issuer_not_available",
        "no_action_taken",
        "processing_error",
        "reenter_transaction",
        "try_again_later",
        "withdrawal_count_limit_exceeded",
    }
)
MONTH, MOST_A_MONTH = timedelta(days=30), 12
# Her bank wants to hear it from herself.
AUTHENTICATE = frozenset({"authentication_required", "authentication_not_handled"})


def may_pay_later(payment: Payment) -> bool:
    """Tell whether a refused card may be asked again; what its network advises comes first."""
    if payment.advice_code:
        return payment.advice_code == "try_again_later"
    return (payment.decline_code or payment.failure_code) in MAY_PAY_LATER


def note_refusal(*, charge: TrialCharge, payment: Payment) -> ChargeAttempt | None:
    """Note that the bank refused the try it was asked for, and plan the next by the plan.

    Args:
        charge: owed; locked by the caller in this transaction, and its trial.
        payment: as it was refused just now.

    Returns:
        The attempt; nothing where none waited for an answer, the customer having tried herself.
    """
    now = timezone.now()
    if not charge.attempts.exists():
        # Made by a release that wrote down none.
        ChargeAttempt.objects.create(
            charge=charge,
            number=0,
            card=charge.trial.card,
            due_at=charge.created_at,
            asked_at=charge.created_at,
        )
    waiting = charge.attempts.filter(asked_at__isnull=False, refused_at=None)
    attempt = waiting.select_related("card").last()
    if attempt is None:
        return None
    attempt.refused_at = now
    attempt.decline_code = payment.decline_code or payment.failure_code
    attempt.save(update_fields=["refused_at", "decline_code"])
    plan = [0, *settings.CHARGE_RETRY_DAYS]
    planned = charge.attempts.filter(asked_at=None).exists()
    if may_pay_later(payment) and not planned and attempt.number + 1 < len(plan):
        days = plan[attempt.number + 1] - plan[attempt.number]
        ChargeAttempt.objects.create(
            charge=charge,
            number=attempt.number + 1,
            card=attempt.card,
            due_at=now + timedelta(days=days),
        )
    return attempt


def ask_attempt(*, attempt_id: int) -> bool:
    """Have the card of a planned attempt asked, once it is due; a worker does it after the commit.

    Args:
        attempt_id: which attempt; one asked before, of a charge no longer owed, for a box that its
            customer says never came, or whose days at home run anew, is left.

    Returns:
        Whether it is asked now.
    """
    charge_id = ChargeAttempt.objects.values_list("charge_id", flat=True).get(pk=attempt_id)
    with transaction.atomic():
        charge = _locked(charge_id)
        now = timezone.now()
        attempt = (
            charge.attempts.select_related("card")
            .filter(pk=attempt_id, asked_at=None, due_at__lte=now)
            .first()
        )
        if attempt is None or charge.state != TrialCharge.State.OWED:
            return False
        if is_missed(charge.trial) or days_run_anew(charge, now):
            return False
        payment = payment_for(
            purpose=PURPOSES[TrialCharge.Purpose(charge.purpose)], reference=str(charge.pk)
        )
        if payment is None:
            return False
        attempt.asked_at = now
        attempt.save(update_fields=["asked_at"])
        request_another_try(payment_id=payment.pk, card=attempt.card, attempt=attempt.number)
        return True


def ask_now(*, charge_id: uuid.UUID, by: User) -> ChargeAttempt:
    """Have the card of a charge asked again at once, by the hand of staff.

    Args:
        charge_id: what is owed.
        by: who does it; kept with the attempt.

    Raises:
        ChargeMissingError: there is no such charge.
        ChargeSettledError: it is no longer owed.
        NotYetChargeableError: its customer says that the box never came, or her days count anew.
        AskedLatelyError: the card is being asked, was within the last hour, or was as often as
            its network bears within a month.
    """
    charge_by_id(charge_id)
    with transaction.atomic():
        charge = _locked(charge_id)
        if charge.state != TrialCharge.State.OWED:
            raise ChargeSettledError(
                _("This charge is “%(state)s” already.") % {"state": charge.get_state_display()},
                state=charge.state,
            )
        check_not_missed(charge.trial)
        now = timezone.now()
        if days_run_anew(charge, now):
            raise NotYetChargeableError(
                _("Her days at home were counted anew: nothing is asked before %(day)s.")
                % {
                    "day": date_format(
                        timezone.localtime(charge.trial.charge_at), "DATETIME_FORMAT"
                    )
                }
            )
        attempts = list(charge.attempts.select_related("card"))
        asked = [each for each in attempts if each.asked_at is not None]
        waits = any(
            each.refused_at is None and each.asked_at and each.asked_at > now - timedelta(days=1)
            for each in asked
        )
        lately = [each for each in asked if each.asked_at and each.asked_at > now - MONTH]
        just = any(each.asked_at and each.asked_at > now - timedelta(hours=1) for each in asked)
        if waits or just or len(lately) >= MOST_A_MONTH:
            raise AskedLatelyError(
                _(
                    "The card was asked a short while ago, or too often."
                    " Her last mail holds a link by which she can pay."
                )
            )
        planned = next((each for each in attempts if each.asked_at is None), None)
        if planned is None:
            number = max((each.number for each in attempts), default=0) + 1
            card = attempts[-1].card if attempts else charge.trial.card
            planned = ChargeAttempt(charge=charge, number=number, card=card)
        planned.due_at, planned.asked_by = now, by
        planned.save()
    ask_attempt(attempt_id=planned.pk)
    return planned


def is_missed(trial: Trial) -> bool:
    """Tell whether a customer says that her box never came, and it is not on its way back."""
    return trial.missed_at is not None and trial.state == TrialState.DELIVERED


def check_not_missed(trial: Trial) -> None:
    """Make sure that nobody is charged for a box that its customer says never came.

    Raises:
        NotYetChargeableError: she says so, and is not answered yet.
    """
    if is_missed(trial):
        raise NotYetChargeableError(
            _("The customer of %(number)s says that the box never came. Answer her first.")
            % {"number": trial.number}
        )


def ask_new_card(*, card_id: int) -> int:
    """Plan that a card its owner has just saved is asked at once for what another one refused.

    Args:
        card_id: the card; one that was planned before is not planned twice.

    Returns:
        For how many charges.
    """
    card = SavedCard.objects.get(pk=card_id)
    refused = TrialCharge.objects.filter(
        trial__user=card.user_id, state=TrialCharge.State.OWED, attempts__refused_at__isnull=False
    )
    planned = 0
    for charge_id in refused.order_by("trial_id", "pk").values_list("pk", flat=True).distinct():
        with transaction.atomic():
            planned += _plan_card(_locked(charge_id), card)
    return planned


def _plan_card(charge: TrialCharge, card: SavedCard) -> bool:
    attempts = list(charge.attempts.all())
    waits = any(each.asked_at and not each.refused_at for each in attempts)
    if charge.state != TrialCharge.State.OWED or waits:
        return False
    if any(each.card_id == card.pk for each in attempts):
        return False
    now = timezone.now()
    planned = next((each for each in attempts if each.asked_at is None), None)
    if planned is not None:
        planned.card, planned.due_at = card, now
        planned.save(update_fields=["card", "due_at"])
    else:
        number = max(each.number for each in attempts) + 1
        ChargeAttempt.objects.create(charge=charge, number=number, card=card, due_at=now)
    return True


def _locked(charge_id: uuid.UUID) -> TrialCharge:
    """Lock the trial, then the charge."""
    trial_id = TrialCharge.objects.values_list("trial_id", flat=True).get(pk=charge_id)
    trial = lock_row(Trial, trial_id)
    charge = lock_row(TrialCharge, charge_id)
    charge.trial = trial
    return charge
