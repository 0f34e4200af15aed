"""Giving money back: never more than was paid, once for each refund."""

import uuid
from collections.abc import Iterable, Mapping

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.money import from_minor, quantize, to_minor, total
from shop.foundation.outbox import publish
from shop.payments import gateway
from shop.payments.errors import RefundRefusedError
from shop.payments.models import LedgerEntry, Payment, Refund
from shop.payments.purposes import purpose_of
from shop.payments.services.ledger import Entry, book, booked

logger = structlog.get_logger(__name__)

State = Refund.State
PAID = Payment.State.SUCCEEDED
# Stripe's words; what is pending or waits for an action stays requested.
STATES = {
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


@transaction.atomic
def request_refund(*, payment_id: uuid.UUID, amount: Money, by: User | None, reason: str) -> Refund:
    """Decide to give money back; a worker has Stripe do it after the commit.

    Args:
        payment_id: what it was paid by.
        amount: above zero, at most what is left of it, in whole smallest units.
        by: who decided; nobody where the shop did.
        reason: kept for the books.

    Raises:
        RefundRefusedError: it was not paid, is disputed at the bank, less is left, or the amount
            has too many decimals.
    """
    payment = lock_row(Payment, payment_id)
    if payment.state != Payment.State.SUCCEEDED:
        raise RefundRefusedError(_("This was not paid, so nothing can be given back."))
    if payment.dispute in (Payment.Dispute.OPEN, Payment.Dispute.LOST):
        raise RefundRefusedError(
            _("The payer disputes this at her bank, which decides. Nothing is given back twice.")
        )
    if amount.currency != payment.amount.currency:
        raise RefundRefusedError(_("A refund is in the currency that was paid in."))
    left = payment.amount - payment.refunded
    check_refundable(amount, left)
    payment.refunded += amount
    payment.save(update_fields=["refunded"])
    refund = Refund.objects.create(
        payment=payment, amount=amount, reason=reason[:200], requested_by=by
    )
    publish("payments.refund", {"refund_id": str(refund.pk)})
    return refund


def check_refundable(amount: Money, left: Money) -> None:
    """Refuse to give back what nobody can.

    Args:
        amount: what somebody would give back.
        left: what of it was paid and not given back, in the same currency.

    Raises:
        RefundRefusedError: it has a part of the smallest coin, is nothing, or more than is left.
    """
    if amount != quantize(amount):
        least = from_minor(1, str(amount.currency))
        raise RefundRefusedError(
            _("Nothing smaller than %(least)s can be paid. Round the amount.") % {"least": least}
        )
    if not 0 < amount.amount <= left.amount:
        raise RefundRefusedError(
            _("At most %(left)s of this payment can be given back.") % {"left": left}
        )


def carry_out_refund(*, refund_id: uuid.UUID) -> None:
    """Have Stripe give the money back; may be repeated."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != State.REQUESTED:
        return
    if refund.stripe_refund_id:
        result = gateway.retrieve_refund(refund.stripe_refund_id)
    else:
        result = gateway.create_refund(
            refund_id=refund.pk,
            intent_id=str(refund.payment.stripe_payment_intent_id),
            amount=to_minor(refund.amount),
        )
    settle_refund(refund_id=refund.pk, result=result)


def refresh_refund(*, stripe_refund_id: str) -> None:
    """Ask Stripe how a refund stands and settle it, be it ours or one made at Stripe's dashboard.

    Raises:
        StripeUnreachableError: try again.
    """
    known = Refund.objects.filter(stripe_refund_id=stripe_refund_id)
    if known.exists() and not known.exclude(state=State.FAILED).exists():
        return
    take_over_refund(gateway.retrieve_refund(stripe_refund_id))


def known_refunds(results: Iterable[gateway.RefundResult]) -> dict[str, list[Refund]]:
    """Return our rows of refunds that Stripe tells of, by its ids: one query for all."""
    ids = [each.id for each in results]
    known: dict[str, list[Refund]] = {}
    for refund in Refund.objects.filter(stripe_refund_id__in=ids).order_by("payment", "pk"):
        known.setdefault(str(refund.stripe_refund_id), []).append(refund)
    return known


def take_over_refund(
    result: gateway.RefundResult, known: Mapping[str, list[Refund]] | None = None
) -> int:
    """Settle a refund as Stripe just told it, be it ours or not; may be repeated.

    Args:
        result: what Stripe told.
        known: ``known_refunds`` of it and others; read if not given, and of one not in it.

    Returns:
        How many rows of ours it is of.
    """
    ours = (known or {}).get(result.id) or known_refunds([result]).get(result.id)
    refunds = ours or _known_otherwise(result)
    for refund in refunds:
        # A sweep reads a month's refunds each hour: nearly all of them say what is booked already,
        # and what has been said cannot be unsaid, so no lock is taken to find that out.
        if not _says_nothing_new(refund, result):
            settle_refund(refund_id=refund.pk, result=result)
    return len(refunds)


def _says_nothing_new(refund: Refund, result: gateway.RefundResult) -> bool:
    """Tell whether a refund is at its end, as far as what Stripe tells of it goes."""
    failed = STATES.get(result.status) == State.FAILED
    return refund.state == State.FAILED or (refund.state == State.SUCCEEDED and not failed)


@transaction.atomic
def _known_otherwise(result: gateway.RefundResult) -> list[Refund]:
    """Return our rows of a refund that Stripe tells of first, made where it was not ours.

    One, but where several payments share the intent and no single one has so much left. Nothing
    for one of no payment of ours, for a hold that was let go, and for one that failed before we
    had heard of it.
    """
    if result.refund_id:
        # It came before the answer to our own call.
        return list(Refund.objects.filter(pk=uuid.UUID(result.refund_id)))
    if not result.intent_id or not result.moves_money or STATES.get(result.status) == State.FAILED:
        return []
    paid = Payment.objects.filter(stripe_payment_intent_id=result.intent_id, state=PAID)
    payments = lock_rows(Payment, paid.values_list("pk", flat=True))
    known = list(Refund.objects.filter(stripe_refund_id=result.id).order_by("payment", "pk"))
    if known or not payments:
        return known
    back = from_minor(result.amount, str(payments[0].amount.currency))
    made = []
    for payment, amount in _shares(payments, back):
        payment.refunded += amount
        payment.save(update_fields=["refunded"])
        made.append(
            Refund.objects.create(
                payment=payment,
                amount=amount,
                reason=gettext_noop("Given back at Stripe"),
                stripe_refund_id=result.id,
            )
        )
    return made


def _shares(payments: list[Payment], back: Money) -> list[tuple[Payment, Money]]:
    """Return of which payments an amount was given back: of one, where one has so much left."""
    left = {payment.pk: payment.amount - payment.refunded for payment in payments}
    fitting = [payment for payment in payments if left[payment.pk] >= back]
    if fitting or len(payments) == 1:
        # That of just this amount first: so a single frame is given back at the dashboard.
        return [(min(fitting or payments, key=lambda each: left[each.pk]), back)]
    shares = []
    for payment in payments:
        amount = min(left[payment.pk], back)
        if amount.amount > 0:
            shares.append((payment, amount))
            back -= amount
    return shares


@transaction.atomic
def settle_refund(*, refund_id: uuid.UUID, result: gateway.RefundResult) -> None:
    """Take over what Stripe says of a refund: booked once, and taken back once should it fail.

    A refund may fail days after it had succeeded, when the customer's bank sends it back:
    https://docs.stripe.com/refunds#failed-refunds. Failed is the end.
    """
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    payment = lock_row(Payment, payment_id)
    refund = lock_row(Refund, refund_id)
    state = STATES.get(result.status, State.REQUESTED)
    if _says_nothing_new(refund, result):
        return
    had_succeeded = refund.state == State.SUCCEEDED
    refund.state = state
    refund.stripe_refund_id = result.id or refund.stripe_refund_id
    refund.failure_message = result.failure[:300]
    refund.settled_at = None if state == State.REQUESTED else timezone.now()
    refund.save(update_fields=["state", "stripe_refund_id", "failure_message", "settled_at"])
    if state == State.SUCCEEDED:
        _book(refund, payment, kind="refund", amount=refund.amount)
        purpose_of(payment).on_refunded(refund)
    elif state == State.FAILED:
        logger.error("refund_failed", refund=str(refund.pk), reason=result.failure)
        payment.refunded -= refund.amount
        payment.save(update_fields=["refunded"])
        if had_succeeded:
            _book(refund, payment, kind="refund_failed", amount=-refund.amount)
        purpose_of(payment).on_refund_failed(refund)


def _book(refund: Refund, payment: Payment, *, kind: str, amount: Money) -> None:
    if kind == "refund":
        entries = [*_taken_back(refund, payment), Entry(LedgerEntry.Account.STRIPE, -amount)]
    else:
        there = booked(kind="refund", reference=str(refund.pk))
        entries = [Entry(each.account, -each.amount) for each in there]
    income = purpose_of(payment).account
    book(
        kind=kind,
        reference=str(refund.pk),
        entries=entries,
        user_id=payment.user_id,
        order_number=payment.reference if income == LedgerEntry.Account.SALES else "",
    )


def _taken_back(refund: Refund, payment: Payment) -> list[Entry]:
    """Return the entries that take a refund from where its payment was booked, tax in proportion.

    What several refunds take of the tax is the tax of their sum, so that no cent is left over.
    """
    there = booked(kind="payment", reference=str(payment.pk))
    tax = [each.amount for each in there if each.account == LedgerEntry.Account.SALES_TAX]
    kept = (LedgerEntry.Account.SALES_TAX, LedgerEntry.Account.STRIPE)
    income = next(
        (each.account for each in there if each.account not in kept), purpose_of(payment).account
    )
    if not tax:
        return [Entry(income, refund.amount)]
    others = payment.refunds.filter(state=State.SUCCEEDED).exclude(pk=refund.pk)
    before = total([each.amount for each in others], str(payment.amount.currency))

    def share(of: Money) -> Money:
        return quantize(-tax[0] * of.amount / payment.amount.amount)

    part = share(before + refund.amount) - share(before)
    return [
        Entry(income, refund.amount - part),
        *([Entry(LedgerEntry.Account.SALES_TAX, part)] if part.amount else []),
    ]
