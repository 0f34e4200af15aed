"""Writing down what is owed: one charge an item, or a trial, and purpose."""

from djmoney.money import Money

from shop.customers.models import User
from shop.holds.services.ending import take_from_hold
from shop.payments.services.charges import request_payment
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.holding import PURPOSE as HOLD
from trials.returns.models import ChargeAttempt, ChargeTransition, TrialCharge

Purpose = TrialCharge.Purpose
# What payments are for, by what is charged.
PURPOSES = {
    Purpose.UNRETURNED: "unreturned_frame",
    Purpose.DAMAGED: "damaged_frame",
    Purpose.KEPT: "kept_frame",
    Purpose.LATE: "late_fee",
}
PURPOSE = PURPOSES[Purpose.UNRETURNED]


def make_charge(
    *,
    trial: Trial,
    purpose: TrialCharge.Purpose,
    amount: Money,
    item: TrialItem | None = None,
    by: User | None = None,
) -> TrialCharge:
    """Write down what is owed and have the trial's card asked for it after the commit.

    Where an amount is held that suffices, it is taken from that instead.

    Args:
        trial: locked by the caller in this transaction.
        purpose: why; one charge an item, or a trial where there is none, and purpose.
        amount: above zero, in whole smallest units.
        item: for which frame; nothing for a fee of the whole trial.
        by: who asked; nobody where the shop did.
    """
    charge = TrialCharge.objects.create(
        trial=trial,
        item=item,
        purpose=purpose,
        amount=amount,
        refunded=amount * 0,
        refund_due=amount * 0,
    )
    ChargeTransition.objects.create(
        subject=charge, from_state="", to_state=charge.state, at=charge.created_at, actor=by
    )
    ChargeAttempt.objects.create(
        charge=charge,
        number=0,
        card=trial.card,
        due_at=charge.created_at,
        asked_at=charge.created_at,
    )
    payment = request_payment(
        user=trial.user,
        purpose=PURPOSES[purpose],
        reference=str(charge.pk),
        amount=charge.amount,
        card=trial.card,
        off_session=True,
    )
    if trial.programme_version.hold.amount:
        # Then the card is not asked: who looks the payment up finds the hold.
        take_from_hold(payment, purpose=HOLD, reference=trial.number)
    return charge
