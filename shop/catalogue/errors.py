"""What can go wrong with the catalogue."""

from shop.foundation.errors import InvalidError, MissingError


class FrameMissingError(MissingError):
    """No such frame, or none that is sold."""

    code = "frame_not_found"


class PictureUnreadableError(InvalidError):
    """A file is no picture the shop can show."""

    code = "picture_unreadable"
