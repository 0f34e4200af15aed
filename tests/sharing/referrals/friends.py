"""Friends who come, order and let time pass, by the services of the shop."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.utils import timezone
from djmoney.money import Money

from sharing.referrals.models import Campaign, Referral
from sharing.referrals.services.claiming import claim_code
from sharing.referrals.services.codes import code_for
from sharing.referrals.services.rewarding import settle_due
from shop.catalogue.models import Variant
from shop.customers.models import Address, User
from shop.foundation.invariants import all_invariants, breaches
from shop.inventory.models import StockRecord
from shop.orders.models import Order
from shop.orders.services.checkout import place_order
from tests.factories.shop import StockRecordFactory, UserFactory
from tests.shop.orders.buying import filled_cart, mark_paid


def euros(amount: object) -> Money:
    return Money(str(amount), "EUR")


def campaign(**changes: Any) -> Campaign:
    """Return a running campaign: ten euros for both, thirty days after an order of fifty."""
    fields: dict[str, Any] = {
        "name": "Spring",
        "starts_at": timezone.now() - timedelta(days=1),
        "advocate_kind": "amount",
        "advocate_amount": Decimal(10),
        "friend_kind": "amount",
        "friend_amount": Decimal(10),
        "minimum": Decimal(50),
        "qualification_days": 30,
        **changes,
    }
    return Campaign.objects.create(**fields)


def joined(advocate: User | None = None, friend: User | None = None) -> Referral:
    """Return the referral of a friend who typed an advocate's code."""
    code = code_for(user=advocate or UserFactory())
    return claim_code(user=friend or UserFactory(), code=code)


def ordered(friend: User, *, price: object = 145, **wish: Any) -> Order:
    """Return an order of a friend's, paid."""
    stock: StockRecord = StockRecordFactory()
    Variant.objects.filter(pk=stock.variant_id).update(price=euros(price))
    bought = filled_cart(friend, stock)
    # The factory's friends all live at one door, which would hold every one of them.
    Address.objects.filter(user=friend).update(line1=f"Weg {friend.pk}")
    order = place_order(**bought, **wish)
    return order if order.state == "paid" else mark_paid(order)


def later(days: float = 31) -> int:
    """Let days pass and the beat look; return how many referrals moved."""
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return settle_due()


def broken() -> list[str]:
    return [each.name for each in all_invariants() if breaches(each)]


def held_referral() -> Referral:
    """Return a referral that is held: two mail addresses are one."""
    if not Campaign.objects.exists():
        campaign()
    number = User.objects.count()
    advocate = UserFactory(email=f"ring.leader{number}@lorgnette.example")
    return joined(advocate, UserFactory(email=f"ring.leader{number}+1@lorgnette.example"))
