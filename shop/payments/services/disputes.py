"""What a payer's bank decides where she objects to a payment."""

from django.db import transaction

from shop.foundation.locks import lock_rows
from shop.payments import gateway
from shop.payments.models import Payment

Dispute = Payment.Dispute
# Stripe's words (https://docs.stripe.com/api/disputes/object#dispute_object-status). An inquiry, a
# ``warning``, has taken no money, and a refund is how it is settled.
STATES = {
    "needs_response": Dispute.OPEN,
    "under_review": Dispute.OPEN,
    "won": Dispute.WON,
    "lost": Dispute.LOST,
}


def note_dispute(*, stripe_dispute_id: str) -> None:
    """Ask Stripe how a dispute stands and note it with its payment; may be repeated.

    Raises:
        StripeUnreachableError: try again.
    """
    intent_id, status = gateway.retrieve_dispute(stripe_dispute_id)
    if not intent_id:
        return
    with transaction.atomic():
        disputed = Payment.objects.filter(stripe_payment_intent_id=intent_id)
        for payment in lock_rows(Payment, disputed.values_list("pk", flat=True)):
            payment.dispute = STATES.get(status, "")
            payment.save(update_fields=["dispute"])
