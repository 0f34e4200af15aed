"""What can go wrong with carts and orders."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class CartMissingError(MissingError):
    """There is no such cart, or it has been ordered."""

    code = "cart_not_found"


class CartLineMissingError(MissingError):
    """The cart has no such variant in it."""

    code = "cart_line_not_found"


class CartEmptyError(ConflictError):
    """There is nothing to order."""

    code = "cart_empty"


class CartChangedError(ConflictError):
    """The total is no longer the one that was shown."""

    code = "cart_changed"


class NotForSaleError(ConflictError):
    """The variant is not sold, or no longer."""

    code = "not_for_sale"


class QuantityError(InvalidError):
    """A quantity that cannot be ordered."""

    code = "quantity_invalid"


class OriginError(InvalidError):
    """Where a line came from is named by our own pages only."""

    code = "origin_invalid"


class OrderMissingError(MissingError):
    """There is no such order, or not of this person."""

    code = "order_not_found"


class NotForPackingError(ConflictError):
    """The order is not paid, or has left already."""

    code = "order_not_for_packing"


class WrongPieceError(ConflictError):
    """What was scanned is no piece of this order, or one too many."""

    code = "wrong_piece"


class OrderNotPackedError(ConflictError):
    """Packing was begun, and not every piece is scanned."""

    code = "order_not_packed"


class OrderNotSentError(ConflictError):
    """The order has not left, or has arrived: no parcel of it is on its way."""

    code = "order_not_sent"


class TrackingInvalidError(InvalidError):
    """What was scanned or typed is no parcel's number."""

    code = "tracking_number_invalid"


class OrderChangedError(ConflictError):
    """The order was moved since whoever decides about it looked."""

    code = "order_changed"


class RefundForbiddenError(ForbiddenError):
    """Giving money back takes a permission of its own."""

    code = "refund_forbidden"


class RefundChangedError(ConflictError):
    """Money was given back since whoever decides looked."""

    code = "refund_changed"
