"""What can go wrong with galleries and links."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


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


class GalleryGoneError(ConflictError):
    """The gallery is put away, or its photos are erased or about to be."""

    code = "gallery_gone"


class GalleryClosedError(ConflictError):
    """What was asked can be done only while friends may vote."""

    code = "gallery_closed"


class TooManyGalleriesError(ConflictError):
    """The customer asks about as many choices of frames as she may."""

    code = "too_many_galleries"


class FramesInvalidError(InvalidError):
    """Too few or too many frames, or one that is not sold."""

    code = "frames_invalid"


class SettingInvalidError(InvalidError):
    """A gallery cannot be set so."""

    code = "setting_invalid"


class OwnLinkError(ForbiddenError):
    """The owner of a gallery does not come in by its link: she is there already."""

    code = "own_link"
