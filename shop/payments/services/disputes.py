"""What a payer's bank decides where she objects to a payment, and the money it takes meanwhile."""

from django.db import transaction

from shop.foundation.locks import lock_rows
from shop.foundation.money import from_minor
from shop.foundation.outbox import news, publish
from shop.payments import reversals
from shop.payments.models import Dispute, LedgerEntry, Payment
from shop.payments.purposes import purpose_of
from shop.payments.services.ledger import Entry, book

State = Payment.Dispute
# Stripe's words (https://docs.stripe.com/api/disputes/object#dispute_object-status). An inquiry, a
# ``warning``, has taken no money, and a refund is how it is settled.
STATES = {
    "needs_response": State.OPEN,
    "under_review": State.OPEN,
    "won": State.WON,
    "lost": State.LOST,
}
OPEN = frozenset(
    {"needs_response", "under_review", "warning_needs_response", "warning_under_review"}
)
# While the bank has the money, or keeps it.
WITH_THE_BANK = frozenset({State.OPEN, State.LOST})
BOOKED, FEE = "dispute", "dispute_fee"
# The bank has decided: what was to go back by itself, and was not, may go now.
DISPUTE_OVER = "payments.dispute_over"
news(DISPUTE_OVER)
Account = LedgerEntry.Account


def note_dispute(*, stripe_dispute_id: str) -> None:
    """Ask Stripe how a dispute stands and take it over; may be repeated, in any order.

    Raises:
        StripeUnreachableError: try again.
    """
    take_over_dispute(reversals.retrieve_dispute(stripe_dispute_id))


@transaction.atomic
def take_over_dispute(result: reversals.DisputeResult) -> Dispute | None:
    """Take over what Stripe says of a dispute: its state, and each move of money, booked once.

    What Stripe takes for itself is booked apart from what the bank takes: it is lost whoever wins,
    unless Stripe gives it back.

    Returns:
        Our row; nothing for one of no payment of ours.
    """
    if not result.intent_id:
        return None
    disputed = Payment.objects.filter(stripe_payment_intent_id=result.intent_id)
    payments = lock_rows(Payment, disputed.values_list("pk", flat=True))
    if not payments:
        return None
    nothing = from_minor(0, result.currency)
    dispute, _new = Dispute.objects.get_or_create(
        stripe_dispute_id=result.id,
        defaults={
            "payment": payments[0],
            "amount": from_minor(result.amount, result.currency),
            "withdrawn": nothing,
            "fees": nothing,
            "opened_at": result.opened_at,
        },
    )
    dispute.status, dispute.reason = result.status[:30], result.reason[:60]
    dispute.answer_by, dispute.is_open = result.answer_by, result.status in OPEN
    dispute.withdrawn = from_minor(-sum(result.moved.values()), result.currency)
    dispute.fees = from_minor(sum(result.fees.values()), result.currency)
    dispute.save(update_fields=["status", "reason", "answer_by", "is_open", "withdrawn", "fees"])
    _judge(payments)
    for entry_id, minor in result.moved.items():
        _book(dispute, BOOKED, entry_id, minor, Account.DISPUTES)
    for entry_id, minor in result.fees.items():
        _book(dispute, FEE, entry_id, -minor, Account.DISPUTE_FEES)
    return dispute


def _judge(payments: list[Payment]) -> None:
    """Say of payments that share an intent how all disputes of it stand together.

    An inquiry may follow a chargeback that was lost: its money is with the bank all the same.
    """
    disputes = Dispute.objects.filter(payment__in=payments)
    stand = {STATES.get(status, "") for status in disputes.values_list("status", flat=True)}
    state = next((each for each in (State.LOST, State.OPEN, State.WON) if each in stand), "")
    for payment in payments:
        before, payment.dispute = payment.dispute, state
        payment.save(update_fields=["dispute"])
        # Lost at first, too: the bank's network may decide once more.
        if before in WITH_THE_BANK and state not in WITH_THE_BANK:
            publish(DISPUTE_OVER, {"payment_id": str(payment.pk)})


def _book(dispute: Dispute, kind: str, entry_id: str, minor: int, account: Account) -> None:
    moved = from_minor(minor, str(dispute.amount.currency))
    of_order = purpose_of(dispute.payment).account == Account.SALES
    book(
        kind=kind,
        reference=f"{dispute.stripe_dispute_id}:{entry_id}",
        entries=[Entry(Account.STRIPE, moved), Entry(account, -moved)],
        user_id=dispute.payment.user_id,
        order_number=dispute.payment.reference if of_order else "",
    )
