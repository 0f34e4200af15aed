"""Cards, payments and the ledger: the cards go, what was paid stays, by number."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.locks import lock_rows
from shop.foundation.outbox import publish
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from shop.payments.models import (
    CardSetup,
    LedgerEntry,
    Payment,
    PaymentCustomer,
    Refund,
    SavedCard,
)

ENDED = (Payment.State.SUCCEEDED, Payment.State.CANCELED)


def export_payments(user: Any) -> dict[str, Any]:
    """Return her cards as far as the shop knows them, what she paid and got back."""
    payments = Payment.objects.filter(user=user).order_by("created_at", "pk")
    refunds = Refund.objects.filter(payment__user=user).order_by("created_at", "pk")
    entries = LedgerEntry.objects.filter(user=user).order_by("pk")
    money = ("amount", "amount_currency")
    return {
        "cards": list(
            SavedCard.objects.filter(user=user)
            .order_by("pk")
            .values("brand", "last4", "exp_month", "exp_year", "created_at", "detached_at")
        ),
        "payments": list(
            payments.values("purpose", "reference", *money, "state", "created_at", "settled_at")
        ),
        "refunds": list(refunds.values(*money, "reason", "state", "created_at", "settled_at")),
        "ledger": list(entries.values("account", *money, "order_number", "transaction__at")),
    }


@transaction.atomic
def erase_cards(user: Any) -> int:
    """Forget her cards, here and at Stripe; a trial that named one keeps the row without digits."""
    cards = lock_rows(SavedCard, [user.pk], by="user_id")
    kept = [card for card in cards if card.last4]
    now = timezone.now()
    for card in kept:
        if card.detached_at is None:
            publish("payments.detach", {"payment_method_id": card.stripe_payment_method_id})
        card.detached_at, card.last4 = card.detached_at or now, ""
        card.save(update_fields=["detached_at", "last4"])
    CardSetup.objects.filter(user=user).delete()
    for known in PaymentCustomer.objects.filter(user=user):
        publish("payments.forget_customer", {"customer_id": known.stripe_customer_id})
        known.delete()
    return len(kept)


def payment_under_way(user: User) -> str:
    """Return why an account must wait: money is on its way to the shop, or back to her."""
    paying = Payment.objects.filter(user=user).exclude(state__in=ENDED)
    refunded = Refund.objects.filter(Q(payment__user=user), state=Refund.State.REQUESTED)
    if paying.exists() or refunded.exists():
        return _("A payment of yours is not settled yet.")
    return ""


register_personal_data(
    "shop.payments",
    holds={
        "shop.SavedCard": ["user", "last4"],
        "shop.CardSetup": ["user", "address_hash"],
        "shop.PaymentCustomer": ["user"],
    },
    export=export_payments,
    erase={Scope.ACCOUNT: erase_cards},
    obstacle=payment_under_way,
)
keep_personal_data(
    "shop.SavedCard",
    "brand",
    "fingerprint",
    "stripe_payment_method_id",
    why="Stripe's pseudonym of a card, which tells that one person brings herself as a friend.",
)
keep_personal_data(
    "shop.Payment", "user", why="Books of account are kept by law; the number has no name."
)
keep_personal_data(
    "shop.CreditAccount",
    "user",
    why="What her entries in the ledger come to; the number has no name.",
)
keep_personal_data(
    "shop.LedgerEntry",
    "user",
    why="The ledger is never rewritten, and is kept by law; the number has no name.",
)
keep_personal_data(
    "shop.Refund",
    "reason",
    "requested_by",
    why="Why staff gave money back, and who: kept by law with the payment.",
)
PAYMENT_WORDS = (
    *("purpose", "reference", "failure_code", "failure_message"),
    *("decline_code", "advice_code", "failed_charge"),
)
not_personal("shop.Payment", *PAYMENT_WORDS, "stripe_payment_intent_id", why="Stripe's words.")
not_personal("shop.Refund", "stripe_refund_id", "failure_message", why="Stripe's words.")
not_personal("shop.PaymentCustomer", "stripe_customer_id", why="Deleted, and at Stripe too.")
not_personal("shop.CardSetup", "stripe_setup_intent_id", why="Stripe's name of a try.")
not_personal("shop.WebhookEvent", why="Stripe's names of events.")
not_personal("shop.LedgerTransaction", why="Kind and number of what was booked.")
not_personal("shop.LedgerEntry", "order_number", why="The number of an order.")
not_personal(
    "shop.Dispute", "stripe_dispute_id", "status", "reason", why="Stripe's words and names."
)
not_personal("shop.StripeSweep", "kind", why="What was read of Stripe, and until when.")
