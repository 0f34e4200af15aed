"""What a payer's bank decides where she objects to a payment."""

from django.db import transaction

from shop.foundation.locks import lock_row
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
    payment = Payment.objects.filter(stripe_payment_intent_id=intent_id).first()
    if payment is None or not intent_id:
        return
    with transaction.atomic():
        locked = lock_row(Payment, payment.pk)
        locked.dispute = STATES.get(status, "")
        locked.save(update_fields=["dispute"])
