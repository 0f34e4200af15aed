"""Packing an order by what is scanned: every piece once, and no other."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from shop.foundation.locks import lock_row
from shop.orders.errors import NotForPackingError, WrongPieceError
from shop.orders.models import Order, OrderLine
from shop.orders.queries import lines_to_pack, same_code
from shop.orders.states import OrderState


@transaction.atomic
def pack_piece(*, order_id: uuid.UUID, barcode: str) -> OrderLine:
    """Count one scanned piece into the parcel of a paid order.

    Args:
        order_id: which order.
        barcode: the piece's SKU, or the barcode that its maker gave it.

    Returns:
        The line it is of, as it stands now.

    Raises:
        NotForPackingError: the order is not paid, or has left.
        WrongPieceError: it is no piece of this order, or all of these are in.
    """
    order = _locked(order_id)
    lines = [
        each
        for each in lines_to_pack(order)
        if same_code(barcode, each.variant.sku) or same_code(barcode, each.variant.barcode)
    ]
    if not lines:
        raise WrongPieceError(
            _("%(code)s does not belong to order %(number)s. Lay it aside.")
            % {"code": barcode[:40] or "?", "number": order.number}
        )
    line = next((each for each in lines if each.packed < each.quantity), None)
    if line is None:
        raise WrongPieceError(
            _("All of %(name)s are in already: %(n)s. Lay this one aside.")
            % {"name": lines[0].name, "n": lines[0].quantity}
        )
    line.packed += 1
    line.save(update_fields=["packed"])
    return line


@transaction.atomic
def unpack_order(*, order_id: uuid.UUID) -> None:
    """Begin the packing of a paid order anew: nothing counts as scanned.

    Raises:
        NotForPackingError: the order is not paid, or has left.
    """
    _locked(order_id).lines.filter(packed__gt=0).update(packed=0)


def check_for_packing(order: Order) -> None:
    """Refuse an order of which nothing is to be packed.

    Raises:
        NotForPackingError: it is not paid, or has left.
    """
    if order.state == OrderState.PAID:
        return
    words = _("Order %(number)s is “%(state)s”. Only paid orders are packed.")
    if order.state == OrderState.CANCELLED:
        words = _("Order %(number)s was called off. Lay its pieces back on their shelves.")
    raise NotForPackingError(
        words % {"number": order.number, "state": order.get_state_display()}, state=order.state
    )


def _locked(order_id: uuid.UUID) -> Order:
    order = lock_row(Order, order_id)
    check_for_packing(order)
    return order
