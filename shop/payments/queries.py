"""Reading cards and payments."""

import uuid

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.money import zero
from shop.payments.errors import PaymentMissingError
from shop.payments.models import CreditAccount, Dispute, LedgerEntry, Payment, SavedCard


def cards_of(user: User) -> QuerySet[SavedCard]:
    """Return the cards a customer can pay with, the newest first."""
    return SavedCard.objects.filter(user=user, detached_at__isnull=True).order_by("-pk")


def payment_for(*, purpose: str, reference: str) -> Payment | None:
    """Return the payment that stands for something owed: the paid one, else the newest."""
    payments = list(
        Payment.objects.filter(purpose=purpose, reference=reference).order_by("-created_at")
    )
    paid = [each for each in payments if each.state == Payment.State.SUCCEEDED]
    return next(iter(paid or payments), None)


def open_disputes() -> QuerySet[Dispute]:
    """Return the disputes that banks have still to decide, the one to be answered soonest first."""
    found = Dispute.objects.filter(is_open=True).select_related("payment__user")
    return found.order_by("answer_by", "pk")


def payment_of(user: User, payment_id: uuid.UUID) -> Payment:
    """Return a payment that is this user's to pay.

    Raises:
        PaymentMissingError: there is none, or it is somebody else's.
    """
    payment = Payment.objects.filter(user=user, pk=payment_id).first()
    if payment is None:
        raise PaymentMissingError(_("There is no such payment in your account."))
    return payment


def credit_of(user: User, currency: str = "") -> Money:
    """Return a customer's credit; below zero where a reward was taken back that she had used.

    Args:
        user: whose.
        currency: the shop's own if not given.
    """
    currency = currency or settings.DEFAULT_CURRENCY
    account = CreditAccount.objects.filter(user=user, balance_currency=currency).first()
    return account.balance if account else zero(currency)


def credit_entries(user: User) -> QuerySet[LedgerEntry]:
    """Return what came into a customer's credit (below zero) and went out, the latest first."""
    return (
        LedgerEntry.objects.filter(user=user, account=LedgerEntry.Account.CUSTOMER_CREDIT)
        .select_related("transaction")
        .order_by("-pk")
    )
