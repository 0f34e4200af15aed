"""What can go wrong with galleries and links."""

from shop.foundation.errors import ConflictError, MissingError


class GalleryMissingError(MissingError):
    """There is no such gallery, or it is somebody else's."""

    code = "gallery_not_found"


class LinkMissingError(MissingError):
    """A link is unknown, withdrawn or expired: one answer for all three, so that none is told."""

    code = "link_not_found"


class GalleryTooEarlyError(ConflictError):
    """The frames have not arrived, so there is nothing to show."""

    code = "not_at_home"


class TooManyLinksError(ConflictError):
    """A gallery has as many open links as it may have."""

    code = "too_many_links"
