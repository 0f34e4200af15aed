"""Customers who are logged in: with an address, a saved card and a session's token."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from shop.customers.models import Address, User
from shop.payments.models import SavedCard

EVERYTHING_ASCII = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Customer:
    """Somebody with an app in her hand.

    Attributes:
        user: her row.
        token: of her session, which the app sends with every request.
        address_id: where her parcels go.
        card_id: the card she has saved.
    """

    user: User
    token: str
    address_id: int
    card_id: int

    def headers(self, **more: str) -> dict[str, str]:
        """Return what her app sends with each request."""
        return {"X-Session-Token": self.token, **more}


def make_customers(count: int) -> list[Customer]:
    """Return new customers, each logged in."""
    known = User.objects.count()
    users = User.objects.bulk_create(
        User(email=f"load{known + n}@lorgnette.example", name=f"Load {n}", password="!")
        for n in range(count)
    )
    addresses = Address.objects.bulk_create(
        Address(
            user=user,
            name=user.name,
            line1="Lindenstraße 4",
            postal_code="10969",
            city="Berlin",
            country="DE",
        )
        for user in users
    )
    cards = SavedCard.objects.bulk_create(
        SavedCard(
            user=user,
            stripe_payment_method_id=f"pm_load_{user.pk}",
            brand="visa",
            last4="4242",
            exp_month=12,
            exp_year=2040,
            fingerprint=f"load{user.pk}",
        )
        for user in users
    )
    tokens = _log_in(users)
    return [
        Customer(user, token, address.pk, card.pk)
        for user, token, address, card in zip(users, tokens, addresses, cards, strict=True)
    ]


def _log_in(users: list[User]) -> list[str]:
    """Return the key of a new session of each user, as a log-in leaves it."""
    store = SessionStore()
    rows = [
        Session(
            session_key=get_random_string(32, EVERYTHING_ASCII),
            session_data=store.encode(
                {
                    SESSION_KEY: str(user.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                }
            ),
            expire_date=timezone.now() + timedelta(days=1),
        )
        for user in users
    ]
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]
