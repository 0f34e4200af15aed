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


class NotToWaitForError(InvalidError):
    """The frame is not shown in the shop."""

    code = "not_to_wait_for"


class FrameFreeError(ConflictError):
    """A unit of the variant is free, so that there is nothing to wait for."""

    code = "frame_free"


class WaitlistFullError(ConflictError):
    """The customer waits for as many variants as she may."""

    code = "waitlist_full"
