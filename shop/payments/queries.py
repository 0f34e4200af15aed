"""Reading cards and payments."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shop.customers.models import User
from shop.payments.errors import PaymentMissingError
from shop.payments.models import Payment, SavedCard


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


def payment_of(user: User, payment_id: uuid.UUID) -> Payment:
    """Return a payment that is this user's to pay.

    Raises:
        PaymentMissingError: there is none, or it is somebody else's.
    """
    payment = Payment.objects.filter(user=user, pk=payment_id).first()
    if payment is None:
        raise PaymentMissingError(_("There is no such payment in your account."))
    return payment
