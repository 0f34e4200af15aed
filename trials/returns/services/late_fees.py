"""The fee for a box that comes back late: so much a day after grace, up to a cap."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.money import quantize
from shop.payments.models import LedgerEntry, LedgerTransaction
from shop.payments.services.ledger import Entry, book, income_entries
from trials.home_trials.models import Trial
from trials.home_trials.states import ItemOutcome
from trials.programme.days import days_after
from trials.programme.models import ProgrammeVersion
from trials.returns.handing_over import last_handed_over_at
from trials.returns.models.charges import ChargeTransition, TrialCharge
from trials.returns.models.inspections import Inspection
from trials.returns.services.making import booked_as, make_charge, sales_tax
from trials.returns.states import CHARGE_MOVES, state_of_paid

Purpose = TrialCharge.Purpose
# Kinds of ledger transactions.
KEPT_BACK, KEPT_NO_MORE = "late_fee", "late_fee_back"


def late_days(trial: Trial, until: datetime) -> int:
    """Return how many days a box is late: those after grace, by the rule that grace went by.

    They are the customer's own calendar days, and of them those that her programme counts: what is
    closed on a Sunday makes nobody late.

    Args:
        trial: with its programme version and user; ``charge_at`` is the end of the last day of
            grace. Its address is read only where the box is late.
        until: when it was handed over, or the time now.
    """
    if trial.charge_at is None:
        return 0
    zone = trial.user.zone
    last, end = trial.charge_at.astimezone(zone).date(), until.astimezone(zone).date()
    if end <= last:
        return 0
    count = trial.programme_version.day_count
    return days_after(last, end, count=count, country=trial.address.country)


def late_fee(rules: ProgrammeVersion, days: int) -> Money:
    """Return the fee of so many late days: days × ``late_fee``, at most ``late_fee_cap``."""
    fee = quantize(rules.late_fee * days)
    cap: Money = rules.late_fee_cap
    return min(fee, cap) if cap.amount else fee


def late_fee_of_return(trial: Trial) -> Money:
    """Return the fee for what came back of a trial: that of the frame that came last.

    Days on which the parcel was under way do not count: what was taken in with the box was handed
    over when the carrier first had it; what came in a parcel after it, when it had that one. What
    never came costs its price, and no fee.

    Args:
        trial: with its programme version and user.
    """
    nothing: Money = trial.programme_version.late_fee * 0
    if not trial.programme_version.late_fee.amount:
        return nothing
    inspected = list(
        Inspection.objects.filter(
            item__trial=trial, item__outcome__in=(ItemOutcome.RETURNED, ItemOutcome.DAMAGED)
        ).values_list("at", flat=True)
    )
    if not inspected:
        return nothing
    end = last_handed_over_at(trial, found=inspected)
    return late_fee(trial.programme_version, late_days(trial, end))


def charge_late_return(trial: Trial) -> TrialCharge | None:
    """Charge a trial whose box came back late, once; nothing where it did not, or was before.

    Args:
        trial: locked by the caller in this transaction, every item of it settled.
    """
    if trial.charges.filter(purpose=Purpose.LATE).exists():
        return None
    fee = late_fee_of_return(trial)
    if not fee.amount:
        return None
    return make_charge(trial=trial, purpose=Purpose.LATE, amount=fee)


def _income(of: TrialCharge, fee: Money) -> list[Entry]:
    account = booked_as(of)
    sold = account == LedgerEntry.Account.KEPT_SALES
    return income_entries(account, fee, percent=sales_tax(of) if sold else Decimal(0))


def keep_late_fee(trial: Trial, *, most: Money, of: TrialCharge) -> Money:
    """Keep the fee for a late return from what is given back for the frame, once a trial.

    Args:
        trial: locked by the caller in this transaction, the frame settled as returned.
        most: what is to be given back; the fee is no more than that.
        of: the charge that is given back.

    Returns:
        What was kept now; zero where nothing is to be, or a fee was charged before.
    """
    fee = min(late_fee_of_return(trial), most)
    if not fee.amount or trial.charges.filter(purpose=Purpose.LATE).exists():
        return most * 0
    charge = TrialCharge.objects.create(
        trial=trial,
        purpose=Purpose.LATE,
        kept_from=of,
        amount=fee,
        refunded=fee * 0,
        refund_due=fee * 0,
    )
    ChargeTransition.objects.create(
        subject=charge, from_state="", to_state=charge.state, at=charge.created_at
    )
    move(
        charge,
        TrialCharge.State.PAID,
        moves=CHARGE_MOVES,
        history=ChargeTransition,
        reason=gettext_noop("Kept from what was given back"),
        fields={"settled_at": charge.created_at},
    )
    book(
        kind=KEPT_BACK,
        reference=str(charge.pk),
        entries=[
            *(Entry(each.account, -each.amount) for each in _income(of, fee)),
            Entry(LedgerEntry.Account.LATE_FEES, -fee),
        ],
        user_id=trial.user_id,
    )
    return fee


def give_back_kept_fee(of: TrialCharge, *, left: Money, by: User | None = None) -> None:
    """Take out of the books what was kept as a late fee of a charge, once that is given back too.

    What is left of the charge is the fee's first of all. Of a refund that failed it is kept again.

    Args:
        of: locked by the caller in this transaction.
        left: what was paid of it and not given back.
        by: who gives it back.
    """
    fee = TrialCharge.objects.filter(kept_from=of).first()
    if fee is None:
        return
    # The fee changes while the lock of its charge is held, and then alone.
    before, after = fee.amount - fee.refunded, min(fee.amount, left)
    if before == after:
        return
    fee = lock_row(TrialCharge, fee.pk)
    fee.refunded = fee.amount - after
    _book_kept(fee, of, before=before, after=after)
    state = state_of_paid(amount=fee.amount, refunded=fee.refunded)
    if fee.state == state:
        fee.save(update_fields=["refunded"])
        return
    move(
        fee,
        state,
        moves=CHARGE_MOVES,
        history=ChargeTransition,
        by=by,
        reason=gettext_noop("Given back with what it was kept from"),
        fields={"refunded": fee.refunded},
    )


def _book_kept(fee: TrialCharge, of: TrialCharge, *, before: Money, after: Money) -> None:
    """Book the difference of two incomes, so that no cent of tax is left over."""
    now = {each.account: each.amount for each in _income(of, after)} if after.amount else {}
    so_far = LedgerTransaction.objects.filter(
        kind=KEPT_NO_MORE, reference__startswith=f"{fee.pk}:"
    ).count()
    book(
        kind=KEPT_NO_MORE,
        reference=f"{fee.pk}:{so_far + 1}",
        entries=[
            *(
                Entry(each.account, each.amount - now.get(each.account, after * 0))
                for each in _income(of, before)
            ),
            Entry(LedgerEntry.Account.LATE_FEES, before - after),
        ],
        user_id=fee.trial.user_id,
    )
