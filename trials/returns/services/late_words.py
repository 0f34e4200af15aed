"""What a carrier tells of a box after it was checked in: that it had it earlier than was known."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_noop

from shop.foundation.locks import lock_row
from shop.payments.queries import payment_for
from trials.home_trials.models import Trial
from trials.returns.models import TrialCharge
from trials.returns.queries import AWAY
from trials.returns.services.closing import close_if_settled
from trials.returns.services.late_fees import late_fee_of_return
from trials.returns.services.making import PURPOSES
from trials.returns.services.taking_back import let_go
from trials.returns.states import PAID

EARLIER = gettext_noop("The carrier told later that it had the box earlier.")


def judge_late_fee_again(*, trial_id: uuid.UUID) -> None:
    """See to the fee of a box that was less late than it seemed; again, nothing changes.

    What is still owed is let go, be it that a lower fee would be due: she is not asked twice. Of
    what she paid, or what was kept of a refund of hers, a manager decides.

    Args:
        trial_id: of which its carrier told something after the box was opened.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user"))
        fee = trial.charges.filter(purpose=TrialCharge.Purpose.LATE).first()
        if fee is None or late_fee_of_return(trial) >= fee.amount:
            return
        if fee.state == TrialCharge.State.OWED:
            let_go(fee, by=None, reason=EARLIER)
            close_if_settled(trial_id=trial.pk, by=None)
        elif fee.state in PAID:
            TrialCharge.objects.filter(pk=_paid_of(fee).pk).update(to_decide=True)


def _paid_of(fee: TrialCharge) -> TrialCharge:
    """Return what a fee was paid with: itself, or the charge from whose refund it was kept."""
    if payment_for(purpose=PURPOSES[TrialCharge.Purpose.LATE], reference=str(fee.pk)):
        return fee
    given_back = TrialCharge.objects.filter(
        trial=fee.trial_id, purpose__in=AWAY, state__in=PAID, created_at__lt=fee.created_at
    )
    return given_back.order_by("created_at", "pk").last() or fee
