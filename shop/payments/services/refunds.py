"""Giving money back: never more than was paid, once for each refund."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.money import to_minor
from shop.foundation.outbox import publish
from shop.payments import gateway
from shop.payments.errors import RefundRefusedError
from shop.payments.models import LedgerEntry, Payment, Refund
from shop.payments.purposes import purpose_of
from shop.payments.services.ledger import Entry, book


@transaction.atomic
def request_refund(*, payment_id: uuid.UUID, amount: Money, by: User | None, reason: str) -> Refund:
    """Decide to give money back; a worker has Stripe do it after the commit.

    Args:
        payment_id: what it was paid by.
        amount: above zero, at most what is left of it.
        by: who decided; nobody where the shop did.
        reason: kept for the books.

    Raises:
        RefundRefusedError: it was not paid, or less is left.
    """
    payment = lock_row(Payment, payment_id)
    if payment.state != Payment.State.SUCCEEDED:
        raise RefundRefusedError(_("This was not paid, so nothing can be given back."))
    if amount.currency != payment.amount.currency:
        raise RefundRefusedError(_("A refund is in the currency that was paid in."))
    left = payment.amount - payment.refunded
    if not 0 < amount.amount <= left.amount:
        raise RefundRefusedError(
            _("At most %(left)s of this payment can be given back.") % {"left": left}
        )
    payment.refunded += amount
    payment.save(update_fields=["refunded"])
    refund = Refund.objects.create(
        payment=payment, amount=amount, reason=reason[:200], requested_by=by
    )
    publish("payments.refund", {"refund_id": str(refund.pk)})
    return refund


def carry_out_refund(*, refund_id: uuid.UUID) -> None:
    """Have Stripe give the money back; may be repeated."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != Refund.State.REQUESTED:
        return
    result = gateway.create_refund(
        refund_id=refund.pk,
        intent_id=str(refund.payment.stripe_payment_intent_id),
        amount=to_minor(refund.amount),
    )
    settle_refund(refund_id=refund.pk, result=result)


@transaction.atomic
def settle_refund(*, refund_id: uuid.UUID, result: gateway.RefundResult) -> None:
    """Take over what Stripe says of a refund, once."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    payment = lock_row(Payment, payment_id)
    refund = lock_row(Refund, refund_id)
    if refund.state != Refund.State.REQUESTED or result.status == "pending":
        return
    failed = result.status in ("failed", "canceled")
    refund.state = Refund.State.FAILED if failed else Refund.State.SUCCEEDED
    refund.stripe_refund_id = result.id or None
    refund.failure_message = result.failure[:300]
    refund.settled_at = timezone.now()
    refund.save(update_fields=["state", "stripe_refund_id", "failure_message", "settled_at"])
    if failed:
        payment.refunded -= refund.amount
        payment.save(update_fields=["refunded"])
        return
    income = purpose_of(payment).account
    book(
        kind="refund",
        reference=str(refund.pk),
        entries=[
            Entry(income, refund.amount),
            Entry(LedgerEntry.Account.STRIPE, -refund.amount),
        ],
        user=payment.user,
        order_number=payment.reference if income == LedgerEntry.Account.SALES else "",
    )
    purpose_of(payment).on_refunded(refund)
