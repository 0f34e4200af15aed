"""Holds: what was held on her card, kept as books are."""

from typing import Any

from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.privacy import (
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from shop.holds.models import Hold

STANDING = ("created", "authorised", "releasing", "capturing")


def export_holds(user: Any) -> list[dict[str, Any]]:
    """Return what was held on her cards, oldest first."""
    holds = Hold.objects.filter(user=user).order_by("created_at", "pk")
    columns = ("amount", "amount_currency", "captured", "state", "created_at", "capture_before")
    return list(holds.values("purpose", "reference", *columns))


def hold_stands(user: User) -> str:
    """Return why an account must wait: something is held on her card."""
    standing = Hold.objects.filter(user=user, state__in=STANDING)
    return _("Something is held on your card still.") if standing.exists() else ""


register_personal_data("shop.holds", holds={}, export=export_holds, obstacle=hold_stands)
keep_personal_data(
    "shop.Hold", "user", why="Books of account are kept by law; the number has no name."
)
not_personal(
    "shop.Hold",
    *("purpose", "reference", "failure_code", "stripe_payment_intent_id"),
    why="Stripe's words, and the number of what it was for.",
)
