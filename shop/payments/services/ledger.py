"""The ledger: balanced entries, only ever added."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from djmoney.money import Money

from shop.payments.models import LedgerEntry, LedgerTransaction


@dataclass(frozen=True)
class Entry:
    """An amount for one account: debit above zero, credit below."""

    account: LedgerEntry.Account
    amount: Money


def book(
    *,
    kind: str,
    reference: str,
    entries: list[Entry],
    user_id: int | None = None,
    order_number: str = "",
) -> bool:
    """Book a transaction once.

    Args:
        kind: ``payment`` or ``refund``.
        reference: what it is about; a kind and reference are booked once.
        entries: they sum to zero, in one currency.
        user_id: whose money it is.
        order_number: the order it belongs to, if any.

    Returns:
        Whether it was booked now; false where it had been before.

    Raises:
        ValueError: the entries do not sum to zero.
        transaction.TransactionManagementError: outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("book needs a transaction")
    if sum(entry.amount.amount for entry in entries) or (
        len({str(entry.amount.currency) for entry in entries}) != 1
    ):
        raise ValueError(f"{kind} {reference} does not sum to zero in one currency")
    try:
        with transaction.atomic():
            booked = LedgerTransaction.objects.create(kind=kind, reference=reference)
    except IntegrityError:
        return False
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            transaction=booked,
            account=entry.account,
            amount=entry.amount,
            order_number=order_number,
            user_id=user_id,
        )
        for entry in entries
    )
    return True
