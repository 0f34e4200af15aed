"""Filling a cart."""

import re
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.opening import get_or_open
from shop.foundation.postgres import prepared_cursor
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.orders.errors import (
    CartLineMissingError,
    CartMissingError,
    NotForSaleError,
    OriginError,
    QuantityError,
)
from shop.orders.models import Cart, CartLine

MOST = 20
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ORIGIN = re.compile(f"(?:trial:{UUID}|gallery:{UUID}:(?:{UUID})?)?")
_OWN = PreparedQuery(lambda: Cart.objects.filter(user_id=Slot("user"), ordered_at=None))
_OPEN = PreparedQuery(
    lambda: Cart.objects.select_for_update().filter(pk=Slot("cart"), ordered_at=None)
)
_SOLD = PreparedQuery(
    lambda: Variant.objects.only("pk").filter(
        pk=Slot("variant"), active=True, frame__published=True
    )
)
_LINE = PreparedQuery(
    lambda: CartLine.objects.filter(cart_id=Slot("cart"), variant_id=Slot("variant"))
)
# The cart is locked, but a visitor's may be taken over into it at the same moment.
_PUT_IN = """
INSERT INTO shop_cartline (cart_id, variant_id, quantity, origin, note, added_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (cart_id, variant_id) DO NOTHING
"""


@transaction.atomic
def cart_for(*, user: User | None = None, cart_id: uuid.UUID | None = None) -> Cart:
    """Return the open cart of a customer or visitor, begun now if there is none.

    Args:
        user: the customer; a visitor has none.
        cart_id: the cart a visitor's session remembers. What it holds is taken over into the
            customer's own cart once she has logged in.
    """
    guest = None
    if cart_id is not None:
        guest = (
            Cart.objects.select_for_update()
            .filter(pk=cart_id, user__isnull=True, ordered_at__isnull=True)
            .first()
        )
    if user is None:
        return guest or Cart.objects.create()
    own = _OWN.first(user=user.pk) or get_or_open(Cart, user=user, ordered_at=None)[0]
    own.user = user
    if guest is not None:
        for line in guest.lines.all():
            CartLine.objects.get_or_create(
                cart=own,
                variant_id=line.variant_id,
                defaults={"quantity": line.quantity, "origin": line.origin, "note": line.note},
            )
        guest.delete()
    return own


def _open_cart(cart_id: uuid.UUID) -> Cart:
    cart = _OPEN.first(cart=cart_id)
    if cart is None:
        raise CartMissingError(_("This cart has been ordered or is gone. Start a new one."))
    return cart


@transaction.atomic
def add_to_cart(
    *, cart_id: uuid.UUID, variant_id: int, quantity: int = 1, origin: str = "", note: str = ""
) -> CartLine:
    """Put a variant in; one that is there already stays as it is, and learns where it came from.

    Args:
        cart_id: an open cart.
        variant_id: what to add.
        quantity: 1 to ``MOST``.
        origin: ``trial:<id>``, ``gallery:<id>:<trial id or nothing>``, or empty; believed, so
            that only a service that knows whose they are may name them, never a client.
        note: shown on the line, such as ``favourite_note``; read anew whenever it is shown.

    Raises:
        CartMissingError: the cart was ordered meanwhile.
        NotForSaleError: the variant is not sold.
        QuantityError: out of range.
        OriginError: not one of the forms above.
    """
    if not ORIGIN.fullmatch(origin):
        raise OriginError(_("This is no place a frame can come from."))
    if not 1 <= quantity <= MOST:
        raise QuantityError(_("Choose 1 to %(most)s.") % {"most": MOST})
    cart = _open_cart(cart_id)
    if _SOLD.first(variant=variant_id) is None:
        raise NotForSaleError(_("This frame is not sold any more. Please choose another."))
    with prepared_cursor() as cursor:
        new: list[Any] = [cart.pk, variant_id, quantity, origin, note, timezone.now()]
        cursor.execute(_PUT_IN, new)
        created = cursor.rowcount == 1
    line = _LINE.rows(cart=cart.pk, variant=variant_id)[0]
    if not created and origin:
        line.origin, line.note = origin, note or line.note
        line.save(update_fields=["origin", "note"])
    return line


@transaction.atomic
def change_quantity(*, cart_id: uuid.UUID, variant_id: int, quantity: int) -> None:
    """Set how many of a variant are wanted; zero takes it out.

    Raises:
        CartMissingError: the cart was ordered meanwhile.
        QuantityError: out of range.
        CartLineMissingError: more than zero are wanted of a variant that is not in.
    """
    if not 0 <= quantity <= MOST:
        raise QuantityError(_("Choose 1 to %(most)s.") % {"most": MOST})
    lines = CartLine.objects.filter(cart=_open_cart(cart_id), variant_id=variant_id)
    if quantity == 0:
        lines.delete()
    elif not lines.update(quantity=quantity):
        raise CartLineMissingError(
            _("This frame is not in your cart any more. Load the page again.")
        )


def remove_from_cart(*, cart_id: uuid.UUID, variant_id: int) -> None:
    """Take a variant out; one that is not there stays out."""
    change_quantity(cart_id=cart_id, variant_id=variant_id, quantity=0)
