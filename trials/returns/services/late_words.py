"""What a carrier tells of a box after it was checked in: that it had it earlier than was known."""

import uuid

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.foundation.locks import lock_row
from trials.home_trials.models import Trial
from trials.home_trials.states import ItemOutcome, TrialState
from trials.returns.handing_over import handed_over_at
from trials.returns.models.charges import TrialCharge
from trials.returns.services.closing import close_if_settled, keep_in_sight
from trials.returns.services.late_fees import late_fee_of_return
from trials.returns.services.taking_back import let_go
from trials.returns.states import PAID

Purpose = TrialCharge.Purpose
PAID_FOR = Q(state__in=PAID) | Q(from_deposit__gt=0)
CAME = (ItemOutcome.RETURNED, ItemOutcome.DAMAGED)
EARLIER = gettext_noop("The carrier told later that it had the box earlier.")


def judge_again(*, trial_id: uuid.UUID) -> None:
    """See to what a box cost that was less late than it seemed; again, nothing changes.

    Of the fee, what is still owed is let go, be it that a lower one would be due: she is not asked
    twice. Of what she or her deposit paid, or what was kept of a refund of hers, a manager decides.
    And what may be in a parcel under way that was charged before is looked after from now on.

    Args:
        trial_id: of which its carrier told something after the box was opened.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user"))
        to_decide = _kept_of_refunds(trial)
        fee = trial.charges.filter(purpose=Purpose.LATE).first()
        if fee is not None and late_fee_of_return(trial) < fee.amount:
            if fee.state == TrialCharge.State.OWED:
                let_go(fee, by=None, reason=EARLIER)
                close_if_settled(trial_id=trial.pk, by=None)
            elif fee.state in PAID or fee.from_deposit.amount:
                to_decide.append(_paid_of(fee))
        TrialCharge.objects.filter(pk__in=[each.pk for each in to_decide]).update(
            to_decide=True,
            # What somebody said of it before is not written over.
            reason=Coalesce(NullIf("reason", Value("")), Value(EARLIER)),
        )
        if trial.state == TrialState.CLOSED:
            keep_in_sight(trial_id=trial.pk)


def _kept_of_refunds(trial: Trial) -> list[TrialCharge]:
    """Return what was charged for frames that came back in time, and not given back whole."""
    charges = trial.charges.filter(
        PAID_FOR, purpose=Purpose.UNRETURNED, item__outcome__in=CAME
    ).select_related("item__inspection")
    return [each for each in charges if _is_kept(each) and _was_in_time(trial, each)]


def _is_kept(charge: TrialCharge) -> bool:
    if charge.from_deposit.amount:
        return True
    left: Money = charge.amount - charge.refunded - charge.refund_due
    return charge.state in PAID and left.amount > 0


def _was_in_time(trial: Trial, charge: TrialCharge) -> bool:
    item = charge.item
    if item is None or trial.charge_at is None:
        return False
    return handed_over_at(trial, here=item.inspection.at) <= trial.charge_at


def _paid_of(fee: TrialCharge) -> TrialCharge:
    """Return what a fee was paid with: itself, or the charge from whose refund it was kept."""
    return fee.kept_from or fee
