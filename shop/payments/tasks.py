"""Jobs of payments: charging, refunding, looking up what was never told."""

import uuid
from datetime import datetime
from typing import Any

from celery import shared_task

from shop.foundation.outbox import handles, news
from shop.payments import gateway
from shop.payments.services.asking_again import ask_again
from shop.payments.services.charges import cancel_payment, charge_off_session
from shop.payments.services.reconciling import reconcile_payments, reconcile_refunds
from shop.payments.services.refunds import carry_out_refund
from shop.payments.services.sweeping import sweep_disputes, sweep_refunds

# What is owed and was refused may be asked of the new card.
news("payments.card_saved")


@handles("payments.charge", name="payments.charge_off_session")
def on_charge(payload: dict[str, Any]) -> None:
    """Charge a saved card."""
    charge_off_session(payment_id=uuid.UUID(payload["payment_id"]))


@handles("payments.ask_again", name="payments.ask_again")
def on_ask_again(payload: dict[str, Any]) -> None:
    """Ask a card once more."""
    ask_again(
        payment_id=uuid.UUID(payload["payment_id"]),
        card_id=payload["card_id"],
        attempt=payload["attempt"],
        asked_at=datetime.fromisoformat(payload["asked_at"]),
    )


@handles("payments.cancel", name="payments.cancel_payment")
def on_cancel(payload: dict[str, Any]) -> None:
    """Give a payment up."""
    cancel_payment(payment_id=uuid.UUID(payload["payment_id"]))


@handles("payments.refund", name="payments.carry_out_refund")
def on_refund(payload: dict[str, Any]) -> None:
    """Give money back."""
    carry_out_refund(refund_id=uuid.UUID(payload["refund_id"]))


@handles("payments.detach", name="payments.detach_card")
def on_detach(payload: dict[str, Any]) -> None:
    """Have Stripe forget a card."""
    gateway.detach_card(payload["payment_method_id"])


@handles("payments.forget_customer", name="payments.forget_customer")
def on_forget_customer(payload: dict[str, Any]) -> None:
    """Have Stripe forget a person."""
    gateway.delete_customer(payload["customer_id"])


@shared_task(name="shop.payments.reconcile")
def reconcile() -> None:
    """Look up payments and refunds whose outcome nobody told."""
    reconcile_payments()
    reconcile_refunds()


@shared_task(name="shop.payments.sweep_stripe")
def sweep_stripe() -> None:
    """Take over what was done at Stripe, or by banks, and nobody told of."""
    sweep_refunds()
    sweep_disputes()
