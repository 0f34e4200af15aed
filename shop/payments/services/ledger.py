"""The ledger: balanced entries, only ever added."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.money import quantize
from shop.foundation.postgres import prepared_cursor
from shop.payments.models import LedgerEntry

# Transaction and entries in one statement, or neither: whoever books the same at the same moment
# is waited for.
BOOK = """
WITH fresh AS (
    INSERT INTO shop_ledgertransaction (kind, reference, at)
    VALUES (%(kind)s, %(reference)s, %(at)s)
    ON CONFLICT (kind, reference) DO NOTHING
    RETURNING id
)
INSERT INTO shop_ledgerentry
    (transaction_id, account, amount, amount_currency, order_number, user_id)
SELECT fresh.id, entry.account, entry.amount, %(currency)s, %(order_number)s, %(user)s::bigint
FROM fresh, unnest(%(accounts)s::varchar[], %(amounts)s::numeric[]) AS entry (account, amount)
"""


@dataclass(frozen=True)
class Entry:
    """An amount for one account: debit above zero, credit below."""

    account: LedgerEntry.Account
    amount: Money


def income_entries(account: LedgerEntry.Account, amount: Money, *, percent: Decimal) -> list[Entry]:
    """Return the entries of an income, the sales tax within it apart.

    Args:
        account: of the income without tax.
        amount: with tax; below zero where it is taken back.
        percent: the tax on the income; nothing is booked apart where it is zero.
    """
    tax = quantize(amount * percent / (100 + percent))
    if not tax.amount:
        return [Entry(account, -amount)]
    return [Entry(account, tax - amount), Entry(LedgerEntry.Account.SALES_TAX, -tax)]


def booked(*, kind: str, reference: str) -> list[Entry]:
    """Return the entries of a transaction, in the order they were booked; none where none is."""
    entries = LedgerEntry.objects.filter(transaction__kind=kind, transaction__reference=reference)
    return [
        Entry(LedgerEntry.Account(each.account), each.amount) for each in entries.order_by("pk")
    ]


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
    values: dict[str, Any] = {
        "kind": kind,
        "reference": reference,
        "at": timezone.now(),
        "currency": str(entries[0].amount.currency),
        "order_number": order_number,
        "user": user_id,
        "accounts": [str(entry.account) for entry in entries],
        "amounts": [entry.amount.amount for entry in entries],
    }
    with prepared_cursor() as cursor:
        cursor.execute(BOOK, values)
        return bool(cursor.rowcount)
