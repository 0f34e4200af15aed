"""Orders that a saved card pays, placed while all is killed, and what became of them.

Run by ``test_kills`` in the clone that is tried, over its own database. An order's number is
written to a file once the database has acknowledged it, never before.
"""

import json
import sys
import time
import uuid
from email import message_from_bytes
from pathlib import Path
from typing import Any

import stripe
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Count

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import publish
from shop.inventory.services import set_on_hand
from shop.orders.models import Cart, Order
from shop.orders.services.carts import add_to_cart
from shop.orders.services.checkout import PURPOSE, place_order
from shop.orders.states import OrderState
from shop.payments.models import LedgerTransaction, Payment, SavedCard
from shop.payments.services.cards import stripe_customer

PLENTY = 1_000_000
# Somewhat more than workers get done that are killed all the time.
PAUSE_SECONDS = 0.1


def _stripe() -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY, base_addresses={"api": settings.STRIPE_API_BASE}
    )


def _card(user: User) -> SavedCard:
    method = _stripe().v1.payment_methods.attach(
        "pm_card_visa", {"customer": stripe_customer(user)}
    )
    return SavedCard.objects.create(
        user=user,
        stripe_payment_method_id=method.id,
        brand="visa",
        last4="4242",
        exp_month=12,
        exp_year=2040,
        fingerprint="soak",
    )


def _place(user: User, cart_id: uuid.UUID, variant_id: int, card: SavedCard, address: int) -> str:
    with transaction.atomic():
        _cart, new = Cart.objects.get_or_create(pk=cart_id, defaults={"user": user})
        if new:
            add_to_cart(cart_id=cart_id, variant_id=variant_id)
        order = place_order(user=user, cart_id=cart_id, address_id=address)
        payment = Payment.objects.get(purpose=PURPOSE, reference=order.number)
        if not payment.off_session:
            Payment.objects.filter(pk=payment.pk).update(card=card, off_session=True)
            publish("payments.charge", {"payment_id": str(payment.pk)})
        return str(order.number)


def place(count: int, acknowledged: Path) -> None:
    """Place orders, each until the database has acknowledged it.

    Args:
        count: how many at least; it goes on until a file ``stop`` lies beside ``acknowledged``.
        acknowledged: where their numbers are written.
    """
    user = User.objects.get(email="mia@lorgnette.example")
    card, address = _card(user), user.addresses.values_list("pk", flat=True)[0]
    variant_id = Variant.objects.filter(active=True).values_list("pk", flat=True)[0]
    set_on_hand(variant_id=variant_id, on_hand=PLENTY)
    print("begun", flush=True)
    stop, placed = acknowledged.with_name("stop"), 0
    with acknowledged.open("w") as file:
        while placed < count or not stop.exists():
            placed += 1
            time.sleep(PAUSE_SECONDS)
            cart_id = uuid.uuid4()
            while True:
                try:
                    number = _place(user, cart_id, variant_id, card, address)
                except Error:
                    # Killed under us; whether it was committed the next try finds out.
                    connection.close()
                    time.sleep(0.2)
                else:
                    print(number, file=file, flush=True)
                    break


def report(acknowledged: Path) -> dict[str, Any]:
    """Return how far the work is, and what was lost or doubled of it."""
    numbers = set(acknowledged.read_text().split())
    orders = Order.objects.filter(number__in=numbers)
    payments = Payment.objects.filter(purpose=PURPOSE, reference__in=numbers)
    paid_times = orders.filter(transitions__to_state=OrderState.PAID).annotate(
        times=Count("transitions")
    )
    waiting = OutboxMessage.objects.filter(done_at=None)
    return {
        "acknowledged": len(numbers),
        "orders": orders.count(),
        "paid": orders.filter(state=OrderState.PAID).count(),
        "paid_more_than_once": paid_times.filter(times__gt=1).count(),
        "booked": LedgerTransaction.objects.filter(
            kind="payment",
            reference__in=[str(each) for each in payments.values_list("pk", flat=True)],
        ).count(),
        "waiting": waiting.filter(gave_up_at=None).count(),
        "given_up": waiting.exclude(gave_up_at=None).count(),
        "done": OutboxMessage.objects.exclude(done_at=None).count(),
        "tried_again": OutboxMessage.objects.filter(attempts__gt=1).count(),
        **_at_stripe(
            {str(each) for each in payments.values_list("stripe_payment_intent_id", flat=True)}
        ),
        **_mails(),
    }


def _at_stripe(ours: set[str]) -> dict[str, int]:
    charges = list(_stripe().v1.charges.list({"limit": 100}).auto_paging_iter())
    good = [each for each in charges if each.status == "succeeded"]
    return {
        "charged": len(good),
        "charged_without_order": sum(str(each.payment_intent) not in ours for each in good),
    }


def _mails() -> dict[str, int]:
    files = Path(settings.EMAIL_FILE_PATH).glob("*.log")
    texts = [text.strip() for file in files for text in file.read_bytes().split(b"-" * 79)]
    ids = [name for text in texts if (name := message_from_bytes(text).get("Message-ID"))]
    return {"mails": len(set(ids)), "mails_sent_again": len(ids) - len(set(ids))}


if __name__ == "__main__":
    if sys.argv[1] == "place":
        place(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        print(json.dumps(report(Path(sys.argv[2]))))
