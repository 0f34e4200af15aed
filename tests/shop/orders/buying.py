"""Orders made by the services that make them in the shop, and paid as Stripe would say."""

from typing import Any

from shop.customers.models import User
from shop.foundation.money import to_minor
from shop.inventory.models import StockRecord
from shop.orders.models import Order
from shop.orders.services.carts import add_to_cart, cart_for
from shop.orders.services.checkout import PURPOSE, place_order
from shop.payments.gateway import Intent
from shop.payments.models import Payment
from shop.payments.services.charges import settle_payment
from tests.factories.shop import AddressFactory, StockRecordFactory, UserFactory


def filled_cart(
    user: User, *stocks: StockRecord, quantity: int = 1, origin: str = ""
) -> dict[str, Any]:
    """Return what ``place_order`` wants of ``user``, her cart being filled."""
    cart = cart_for(user=user)
    for stock in stocks:
        add_to_cart(cart_id=cart.pk, variant_id=stock.variant_id, quantity=quantity, origin=origin)
    return {"user": user, "cart_id": cart.pk, "address_id": AddressFactory(user=user).pk}


def placed_order(
    *stocks: StockRecord, user: User | None = None, quantity: int = 1, origin: str = ""
) -> Order:
    """Return an order that waits for its payment: of these pieces, or of one new frame."""
    wish = filled_cart(
        user or UserFactory(),
        *(stocks or [StockRecordFactory()]),
        quantity=quantity,
        origin=origin,
    )
    return place_order(**wish)


def payment_of(order: Order) -> Payment:
    """Return the order's payment."""
    return Payment.objects.get(purpose=PURPOSE, reference=order.number)


def mark_paid(order: Order) -> Order:
    """Settle the order's payment as Stripe tells of a success; return the order as it is then."""
    payment = payment_of(order)
    intent = Intent(
        id=f"pi_{payment.pk.hex}",
        status="succeeded",
        client_secret="",
        amount_received=to_minor(payment.amount),
        redirect_url="",
        failure_code="",
        failure_message="",
    )
    settle_payment(payment_id=payment.pk, intent=intent)
    return Order.objects.get(pk=order.pk)
