"""Charges and how their payments stand."""

from collections.abc import Iterable

from shop.payments.models import Payment
from trials.returns.models import TrialCharge
from trials.returns.services.making import PURPOSES


def payments_of(charges: Iterable[TrialCharge]) -> dict[str, Payment]:
    """Return the latest payment of each charge by the charge's id, in one query."""
    payments = Payment.objects.filter(
        purpose__in=PURPOSES.values(), reference__in=[str(charge.pk) for charge in charges]
    )
    return {payment.reference: payment for payment in payments.order_by("created_at")}
