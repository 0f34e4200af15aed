"""What can stand in the way of a question or an answer."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class ThreadMissingError(MissingError):
    """There is no such thread, or not for this person."""

    code = "thread_not_found"


class ThreadMovedOnError(ConflictError):
    """Something was said that whoever answers has not read."""

    code = "thread_moved_on"


class ThreadClosedError(ConflictError):
    """The thread is closed; it is reopened before it is answered."""

    code = "thread_closed"


class NotStaffError(ForbiddenError):
    """Only people who work here answer."""

    code = "staff_only"


class MessageInvalidError(InvalidError):
    """The message says nothing, or too much."""

    code = "message_invalid"
