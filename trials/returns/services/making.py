"""Writing down what is owed: one charge an item, or a trial, and purpose."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from djmoney.money import Money

from shop.customers.models import User
from shop.holds.services.ending import take_from_hold
from shop.payments.models import LedgerEntry, Payment
from shop.payments.queries import payment_for
from shop.payments.services.charges import request_payment
from shop.payments.services.ledger import booked
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.holding import PURPOSE as HOLD
from trials.returns.models.charges import ChargeAttempt, ChargeTransition, TrialCharge

Purpose = TrialCharge.Purpose
# What payments are for, by what is charged.
PURPOSES = {
    Purpose.UNRETURNED: "unreturned_frame",
    Purpose.DAMAGED: "damaged_frame",
    Purpose.KEPT: "kept_frame",
    Purpose.LATE: "late_fee",
}
# Where it is booked once it is paid.
ACCOUNTS = {
    Purpose.UNRETURNED: LedgerEntry.Account.UNRETURNED,
    Purpose.DAMAGED: LedgerEntry.Account.UNRETURNED,
    Purpose.KEPT: LedgerEntry.Account.KEPT_SALES,
    Purpose.LATE: LedgerEntry.Account.LATE_FEES,
}
PURPOSE = PURPOSES[Purpose.UNRETURNED]


def sales_tax(charge: TrialCharge) -> Decimal:
    """Return the tax within a charge, in %: a frame that is kept is sold where the box went.

    What did not come back, came back broken or late is compensation, which bears none
    (https://eur-lex.europa.eu/eli/dir/2006/112/oj, article 2: supplies for consideration).
    """
    if charge.purpose != Purpose.KEPT:
        return Decimal(0)
    return Decimal(settings.SALES_TAX_PERCENT.get(charge.trial.address.country, 0))


def booked_as(charge: TrialCharge) -> LedgerEntry.Account:
    """Return where the income of a charge is booked: kept frames were once as unreturned ones."""
    payment = payment_for(purpose=PURPOSES[Purpose(charge.purpose)], reference=str(charge.pk))
    entries = booked(kind="payment", reference=str(payment.pk)) if payment else []
    beside = (LedgerEntry.Account.STRIPE, LedgerEntry.Account.SALES_TAX)
    there = (each.account for each in entries if each.account not in beside)
    return next(there, ACCOUNTS[Purpose(charge.purpose)])


def make_charge(
    *,
    trial: Trial,
    purpose: TrialCharge.Purpose,
    amount: Money,
    item: TrialItem | None = None,
    by: User | None = None,
) -> TrialCharge:
    """Write down one amount that is owed; see ``make_charges``.

    Args:
        trial: locked by the caller in this transaction.
        purpose: why; one charge an item, or a trial where there is none, and purpose.
        amount: above zero, in whole smallest units.
        item: for which frame; nothing for a fee of the whole trial.
        by: who asked; nobody where the shop did.
    """
    (charge,) = make_charges(trial=trial, purpose=purpose, owed=[(item, amount)], by=by)
    return charge


def make_charges(
    *,
    trial: Trial,
    purpose: TrialCharge.Purpose,
    owed: Sequence[tuple[TrialItem | None, Money]],
    by: User | None = None,
) -> list[TrialCharge]:
    """Write down what is owed and have the trial's card asked for it after the commit.

    Where an amount is held, as many of them are taken from that as it pays whole. They are made
    together, because a hold is taken from once.

    Args:
        trial: locked by the caller in this transaction.
        purpose: why.
        owed: the frames, or nothing for the whole trial, and how much for each.
        by: who asked; nobody where the shop did.
    """
    made = [_write(trial, purpose, item, amount, by) for item, amount in owed]
    if made and trial.programme_version.hold.amount:
        # Then the card is not asked: who looks a payment up finds the hold.
        payments = [payment for _charge, payment in made]
        take_from_hold(payments, purpose=HOLD, reference=trial.number)
    return [charge for charge, _payment in made]


def _write(
    trial: Trial,
    purpose: TrialCharge.Purpose,
    item: TrialItem | None,
    amount: Money,
    by: User | None,
) -> tuple[TrialCharge, Payment]:
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
    return charge, payment
