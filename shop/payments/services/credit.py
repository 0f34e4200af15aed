"""Customers' credit: rewards granted and taken back, held for an order, spent, given back.

Every movement is a balanced transaction of the ledger, booked once a kind and reference, and the
account's balance moves with it under the account's row lock (docs/locking.md). Credit is never
paid out. It is held when an order is placed, so that two orders cannot both count on it; it is
sales once the order is paid, and hers again if the order is cancelled before.
"""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.analytics.models import EventKey
from shop.analytics.names import EventName
from shop.analytics.services import SHOP, customer, record
from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.payments.errors import CreditShortError
from shop.payments.models import CreditAccount, LedgerEntry, LedgerTransaction
from shop.payments.services.ledger import Entry, book

Account = LedgerEntry.Account
REWARD, REWARD_REVERSED = "reward", "reward_reversed"
HELD, SPENT, RELEASED, REFUNDED = "credit_hold", "credit_payment", "credit_release", "credit_refund"


def _locked(user: User, currency: str) -> CreditAccount:
    account, _new = CreditAccount.objects.get_or_create(
        user=user, balance_currency=currency, defaults={"balance": Money(0, currency)}
    )
    return lock_row(CreditAccount, account.pk)


def _change(account: CreditAccount, by: Money) -> None:
    account.balance += by
    account.save(update_fields=["balance"])


def grant_reward(
    *,
    user: User,
    amount: Money,
    reference: str,
    subject: tuple[str, object],
    caused_by: uuid.UUID | None,
    details: dict[str, Any],
    order_number: str = "",
) -> bool:
    """Book a reward once, in the caller's transaction.

    Args:
        user: whose it is.
        amount: above zero.
        reference: names this reward; up to 80 characters.
        subject: what earned it, for the event.
        caused_by: the event that led to it.
        details: for the event; no name, no address.
        order_number: the order it is taken off; without it the amount becomes her credit.

    Returns:
        Whether it was booked now.
    """
    if not order_number:
        account = _locked(user, str(amount.currency))
    booked = book(
        kind=REWARD,
        reference=reference,
        entries=[
            Entry(Account.REWARDS, amount),
            Entry(Account.SALES if order_number else Account.CUSTOMER_CREDIT, -amount),
        ],
        user_id=user.pk,
        order_number=order_number,
    )
    if not booked:
        return False
    if not order_number:
        _change(account, amount)
    record(
        EventName.REWARD_GRANTED,
        key=f"{EventName.REWARD_GRANTED}:{reference}",
        subject=subject,
        person=customer(user),
        caused_by=caused_by,
        amount=amount,
        details=details,
    )
    return True


def reverse_reward(
    *, reference: str, caused_by: uuid.UUID | None, details: dict[str, Any]
) -> Money | None:
    """Take a reward back beside its grant, once, in the caller's transaction.

    Her balance may fall below zero by it: she has spent the reward already, and what she earns next
    makes up for it first.

    Args:
        reference: as it was granted.
        caused_by: the event that led to it.
        details: for the event.

    Returns:
        What was taken back; nothing where it was never granted, or taken back before.
    """
    granted = LedgerEntry.objects.filter(
        transaction__kind=REWARD, transaction__reference=reference
    ).select_related("user")
    for entry in granted.exclude(account=Account.REWARDS):
        if entry.user is None:
            return None
        amount: Money = -entry.amount
        is_credit = entry.account == Account.CUSTOMER_CREDIT
        if is_credit:
            account = _locked(entry.user, str(amount.currency))
        booked = book(
            kind=REWARD_REVERSED,
            reference=reference,
            entries=[
                Entry(LedgerEntry.Account(entry.account), amount),
                Entry(Account.REWARDS, -amount),
            ],
            user_id=entry.user_id,
            order_number=entry.order_number,
        )
        if not booked:
            return None
        if is_credit:
            _change(account, -amount)
        record(
            EventName.REWARD_REVERSED,
            key=f"{EventName.REWARD_REVERSED}:{reference}",
            subject=("user", entry.user_id),
            person=SHOP,
            caused_by=caused_by or reward_event(reference),
            amount=amount,
            details=details,
        )
        return amount
    return None


def reward_event(reference: str) -> uuid.UUID | None:
    """Return the event of a reward's grant."""
    key = f"{EventName.REWARD_GRANTED}:{reference}"
    return EventKey.objects.filter(pk=key).values_list("event_id", flat=True).first()


def hold_credit(*, user: User, amount: Money, order_number: str) -> None:
    """Set credit aside for an order that is being placed, in the caller's transaction.

    Args:
        user: whose credit.
        amount: above zero.
        order_number: an order holds credit once.

    Raises:
        CreditShortError: she has less by now.
    """
    account = _locked(user, str(amount.currency))
    if account.balance < amount:
        left = max(account.balance, Money(0, amount.currency))
        raise CreditShortError(
            _("Your credit is now %(left)s. Please choose once more how much of it to use.")
            % {"left": left},
            left=str(left.amount),
        )
    _move_credit(HELD, user, amount, order_number, Account.CUSTOMER_CREDIT, Account.RECEIVABLE)
    _change(account, -amount)


def spend_held_credit(*, user: User, amount: Money, order_number: str, order_id: object) -> None:
    """Turn what an order holds of its customer's credit into sales: the order is paid."""
    booked = _move_credit(SPENT, user, amount, order_number, Account.RECEIVABLE, Account.SALES)
    if not booked:
        return
    last = (
        LedgerTransaction.objects.filter(
            kind=REWARD, entries__account=Account.CUSTOMER_CREDIT, entries__user=user
        )
        .order_by("-pk")
        .first()
    )
    record(
        EventName.REWARD_SPENT,
        key=f"{EventName.REWARD_SPENT}:{order_number}",
        subject=("order", order_id),
        person=customer(user),
        # Credit has no serial numbers: the latest reward stands for what filled the account.
        caused_by=reward_event(last.reference) if last else None,
        amount=amount,
        details={"number": order_number},
    )


def release_credit(*, user: User, amount: Money, order_number: str) -> None:
    """Give back what an order held that was cancelled before it was paid."""
    account = _locked(user, str(amount.currency))
    if _move_credit(
        RELEASED, user, amount, order_number, Account.RECEIVABLE, Account.CUSTOMER_CREDIT
    ):
        _change(account, amount)


def refund_credit(*, user: User, amount: Money, order_number: str, reference: str) -> None:
    """Give back the credit, or part of it, that a paid order was paid with.

    Args:
        user: whose credit.
        amount: above zero; the caller knows how much is left.
        order_number: the order.
        reference: names this very refund.
    """
    account = _locked(user, str(amount.currency))
    accounts = (Account.SALES, Account.CUSTOMER_CREDIT)
    if _move_credit(REFUNDED, user, amount, order_number, *accounts, reference=reference):
        _change(account, amount)


def _move_credit(
    kind: str,
    user: User,
    amount: Money,
    order_number: str,
    debit: LedgerEntry.Account,
    credit: LedgerEntry.Account,
    *,
    reference: str = "",
) -> bool:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("credit moves in a transaction")
    return book(
        kind=kind,
        reference=reference or order_number,
        entries=[Entry(debit, amount), Entry(credit, -amount)],
        user_id=user.pk,
        order_number=order_number,
    )
