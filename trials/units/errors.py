"""What can stand in the way of a unit."""

from shop.foundation.errors import ConflictError, InvalidError


class NothingFreeError(ConflictError):
    """No unit of a variant is free, so nothing was reserved.

    Its ``variants`` are the ids of the variants of which none is left.
    """

    code = "none_free"


class UnitCountError(InvalidError):
    """So many units cannot be made at once."""

    code = "unit_count"
