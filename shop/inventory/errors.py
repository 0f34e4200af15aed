"""What can go wrong with stock."""

from shop.foundation.errors import ConflictError


class OutOfStockError(ConflictError):
    """Fewer are free than were asked for; ``variants`` names their ids."""

    code = "out_of_stock"


class StockReservedError(ConflictError):
    """More are reserved than would be on hand."""

    code = "stock_reserved"


class ReferenceUsedError(ConflictError):
    """The reference holds, or held, something else."""

    code = "reservation_reference_used"
