"""What can stand in the way of an extension."""

from shop.foundation.errors import ConflictError


class CannotExtendError(ConflictError):
    """The days of a trial cannot be extended; the message says why."""

    code = "cannot_extend"
