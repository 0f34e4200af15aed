"""Which cart a request fills: a visitor's by her session, a customer's by herself."""

import uuid

from django.http import HttpRequest

from shop.customers.models import User
from shop.orders.models import Cart
from shop.orders.queries import cart_count, open_cart
from shop.orders.services.carts import cart_for

CART_KEY = "cart_id"


def _who(request: HttpRequest) -> tuple[User | None, uuid.UUID | None]:
    remembered = request.session.get(CART_KEY)
    user = request.user if isinstance(request.user, User) else None
    return user, uuid.UUID(remembered) if remembered else None


def session_cart(request: HttpRequest) -> Cart | None:
    """Return the cart of whoever asks, or nothing if she has not begun one.

    A visitor who has logged in since keeps what she had put in.
    """
    user, remembered = _who(request)
    if user is not None and remembered is not None:
        return cart_to_fill(request)
    return open_cart(user=user, cart_id=remembered)


def cart_to_fill(request: HttpRequest) -> Cart:
    """Return the cart of whoever asks, begun now if there was none."""
    user, remembered = _who(request)
    cart = cart_for(user=user, cart_id=remembered)
    if user is not None:
        request.session.pop(CART_KEY, None)
    else:
        request.session[CART_KEY] = str(cart.pk)
    return cart


def session_cart_count(request: HttpRequest) -> int:
    """Return how many lines the cart of whoever asks has."""
    user, remembered = _who(request)
    return cart_count(user=user, cart_id=remembered)
