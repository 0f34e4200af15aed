"""Giving up what a customer owes, with a name and a reason."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.history import can_move, latest_move, move, told
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.plain_text import one_line
from shop.payments.queries import payment_for
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import settle_item
from trials.home_trials.services.paying import lock_deposits
from trials.home_trials.states import ItemOutcome
from trials.returns.errors import (
    ChargeSettledError,
    MayNotSettleError,
    NothingAwayError,
    ReasonMissingError,
)
from trials.returns.models.charges import ChargeTransition, TrialCharge
from trials.returns.queries.charges import AWAY, charge_by_id, uncharged_items
from trials.returns.services.closing import AFTER_THE_CUSTOMER, close_if_settled
from trials.returns.services.deposits import pay_from_deposit
from trials.returns.services.making import PURPOSES
from trials.returns.services.taking_back import PERMISSION
from trials.returns.states import CHARGE_MOVES, ChargeState

__all__ = ["PERMISSION", "mark_lost", "waive_charge", "write_off_charge"]


def waive_charge(*, charge_id: uuid.UUID, by: User, reason: str) -> TrialCharge:
    """Let a customer off a charge that should not be hers; the card is no longer asked.

    The frame counts as lost until it turns up: then it is checked in like any other.

    Args:
        charge_id: what is owed.
        by: somebody with the permission ``trials.settle_trialcharge``.
        reason: why, kept with the charge.

    Raises:
        MayNotSettleError: the person may not.
        ReasonMissingError: no reason was given.
        CardNumberError: the reason holds a card number.
        ChargeMissingError: there is no such charge.
        ChargeSettledError: it is paid or was let go otherwise.
    """
    return _let_go(charge_id, TrialCharge.State.WAIVED, by=by, reason=reason)


def write_off_charge(*, charge_id: uuid.UUID, by: User, reason: str) -> TrialCharge:
    """Give a charge up that is owed and will not be paid; otherwise like ``waive_charge``.

    What was paid as a deposit pays it first, as far as it reaches, before the rest goes back.
    """
    return _let_go(charge_id, TrialCharge.State.WRITTEN_OFF, by=by, reason=reason)


def mark_lost(*, trial_id: uuid.UUID, by: User, reason: str) -> Trial:
    """Give up what is still away of a trial and is not charged: nobody pays for it.

    Such as a box that the carrier lost. Should a frame turn up, it is checked in like any other.

    Args:
        trial_id: which trial.
        by: somebody with the permission ``trials.settle_trialcharge``.
        reason: why, kept with the units' movements.

    Raises:
        MayNotSettleError: the person may not.
        ReasonMissingError: no reason was given.
        CardNumberError: the reason holds a card number.
        NothingAwayError: nothing is away, or all of it is charged.
    """
    reason = _allowed(by, reason)
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        away = list(uncharged_items().filter(trial=trial).order_by("pk"))
        if not away or trial.state not in AFTER_THE_CUSTOMER:
            raise NothingAwayError(
                _("No frame of trial %(number)s is away and uncharged.") % {"number": trial.number}
            )
        for item in away:
            settle_item(item_id=item.pk, outcome=ItemOutcome.LOST, by=by, reason=reason)
        close_if_settled(trial_id=trial_id, by=by)
        return Trial.objects.get(pk=trial_id)


def _allowed(by: User, reason: str) -> str:
    if not by.has_perm(PERMISSION):
        raise MayNotSettleError(_("Only a manager may let a customer off a charge. Ask one."))
    reason = one_line(reason)
    if not reason:
        raise ReasonMissingError(_("Say why, for those who read it later."))
    return reason


def _let_go(charge_id: uuid.UUID, state: ChargeState, *, by: User, reason: str) -> TrialCharge:
    reason = _allowed(by, reason)
    trial_id = charge_by_id(charge_id).trial_id
    with transaction.atomic():
        number = Trial.objects.values_list("number", flat=True).get(pk=trial_id)
        deposits = lock_deposits(number) if state == TrialCharge.State.WRITTEN_OFF else []
        trial = lock_row(Trial, trial_id, related=("user", "programme_version"))
        charge = lock_row(TrialCharge, charge_id)
        if charge.state == state and charge.settled_by_id in (None, by.pk):
            return charge
        if not can_move(CHARGE_MOVES, charge.state, state):
            raise _settled(charge)
        move(
            charge,
            state,
            moves=CHARGE_MOVES,
            history=ChargeTransition,
            by=by,
            reason=reason,
            fields={"settled_at": timezone.now(), "settled_by": by, "reason": reason[:300]},
        )
        if deposits:
            pay_from_deposit(charge, trial=trial, paid=deposits)
        charge.attempts.filter(asked_at=None).delete()
        purpose = TrialCharge.Purpose(charge.purpose)
        payment = payment_for(purpose=PURPOSES[purpose], reference=str(charge.pk))
        if payment is not None:
            publish("payments.cancel", {"payment_id": str(payment.pk)})
        if charge.item_id is not None and purpose in AWAY:
            settle_item(item_id=charge.item_id, outcome=ItemOutcome.LOST, by=by, reason=reason)
        close_if_settled(trial_id=trial_id, by=by)
        return charge


def _settled(charge: TrialCharge) -> ChargeSettledError:
    """Return what is in the way: who settled the charge how, and when."""
    latest = latest_move(ChargeTransition, charge)
    assert latest is not None
    return ChargeSettledError(
        _("Nothing was done: %(who)s made this charge “%(now)s” (%(when)s).")
        % told(latest, charge),
        state=charge.state,
    )
