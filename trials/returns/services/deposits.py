"""What the deposit pays of a debt that is written off, and what goes back of that."""

from djmoney.money import Money

from shop.foundation.money import total
from shop.foundation.outbox import publish
from shop.payments.models import LedgerEntry, LedgerTransaction, Payment
from shop.payments.services.ledger import Entry, book, income_entries
from trials.home_trials.models import Trial
from trials.home_trials.services.paying import deposit_left
from trials.returns.models.charges import TrialCharge
from trials.returns.services.late_fees import give_back_kept_fee
from trials.returns.services.making import ACCOUNTS, sales_tax
from trials.returns.services.notices import send_notice

Purpose = TrialCharge.Purpose
# Kinds of ledger transactions.
KEPT, GIVEN_BACK = "debt_from_deposit", "debt_from_deposit_back"
DISPUTED = frozenset({Payment.Dispute.OPEN, Payment.Dispute.LOST})


def pay_from_deposit(charge: TrialCharge, *, trial: Trial, paid: list[Payment]) -> Money:
    """Pay a charge that is written off from its trial's deposit, as far as that reaches.

    The customer is told; what is left of the deposit goes back when the trial is closed. Of money
    that she disputes at her bank nothing is kept.

    Args:
        charge: locked by the caller in this transaction, written off just now.
        trial: its trial, locked, with user and programme version.
        paid: what was paid of the deposits, locked before the trial.

    Returns:
        What was kept; zero where there is no deposit, or nothing left of it.
    """
    sure = [payment for payment in paid if payment.dispute not in DISPUTED]
    kept: Money = min(charge.amount, deposit_left(trial, sure))
    if not kept.amount:
        return kept
    trial.kept_deposit += kept
    trial.save(update_fields=["kept_deposit"])
    charge.from_deposit = kept
    charge.save(update_fields=["from_deposit"])
    _book(charge, _income(charge, kept), kind=KEPT, reference=str(charge.pk))
    send_notice(
        "trial_deposit_kept",
        trial,
        fact=charge.pk,
        charge=charge,
        frame=charge.what,
        amount=kept,
    )
    return kept


def give_back_to_deposit(charge: TrialCharge, *, trial: Trial, amount: Money) -> None:
    """Give back what the deposit paid of a charge, such as for a frame that turned up.

    Args:
        charge: locked by the caller in this transaction.
        trial: its trial, locked.
        amount: above zero, at most what the deposit paid.
    """
    before = _income(charge, charge.from_deposit)
    charge.from_deposit -= amount
    after = {each.account: each.amount for each in _income(charge, charge.from_deposit)}
    # The difference of two incomes, so that no cent of tax is left over.
    entries = [
        Entry(each.account, after.get(each.account, amount * 0) - each.amount) for each in before
    ]
    charge.to_decide = False
    charge.save(update_fields=["from_deposit", "to_decide"])
    trial.kept_deposit -= amount
    trial.save(update_fields=["kept_deposit"])
    so_far = LedgerTransaction.objects.filter(
        kind=GIVEN_BACK, reference__startswith=f"{charge.pk}:"
    ).count()
    _book(charge, entries, kind=GIVEN_BACK, reference=f"{charge.pk}:{so_far + 1}")
    give_back_kept_fee(charge, left=charge.from_deposit)
    # A trial that is not over yet gives all of it back at its end.
    publish("trials.give_back", {"trial_id": str(trial.pk)})


def _income(charge: TrialCharge, amount: Money) -> list[Entry]:
    account = ACCOUNTS[Purpose(charge.purpose)]
    return income_entries(account, amount, percent=sales_tax(charge))


def _book(charge: TrialCharge, income: list[Entry], *, kind: str, reference: str) -> None:
    amount = -total([each.amount for each in income])
    book(
        kind=kind,
        reference=reference,
        entries=[Entry(LedgerEntry.Account.DEPOSITS, amount), *income],
        user_id=charge.trial.user_id,
    )
