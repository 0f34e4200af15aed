"""What can be wrong with a photo, in words for the person who took it."""

from django.utils.translation import gettext_lazy as _

from shop.foundation.errors import ConflictError, InvalidError, MissingError

# By the code of ``decoding.RefusedError``.
REFUSALS = {
    "too_heavy": _("This photo has more than 20 MB. Send a smaller copy."),
    "too_large": _("This photo has more than 25 megapixels. Send a smaller copy."),
    "wrong_type": _("This is no photo we can read. Send a JPEG, PNG, WebP, HEIC or AVIF file."),
    "moving": _("This picture moves. Send a still photo."),
    "broken": _("This photo is damaged, perhaps it was not copied whole. Send it once more."),
    "too_hard": _(
        "This photo takes too much time or memory to open. Send a smaller copy as a JPEG."
    ),
    "too_many_photos": _("This frame has as many photos as it can have. Remove one first."),
}


class PhotoRefusedError(InvalidError):
    """The file cannot be taken as a photo."""

    code = "photo_refused"


class PhotoMissingError(MissingError):
    """There is no such photo, or not for this person."""

    code = "photo_not_found"


class NotAtHomeError(ConflictError):
    """The frames have not arrived yet, so nobody can wear them."""

    code = "not_at_home"


class TooManyPhotosError(ConflictError):
    """A frame has as many photos as it may have."""

    code = "too_many_photos"


class ConsentMissingError(InvalidError):
    """Nobody agreed to the photo being kept and shown."""

    code = "consent_missing"


class PhotoNotReadyError(ConflictError):
    """The photo is still being prepared, or was refused."""

    code = "photo_not_ready"


class CropRefusedError(InvalidError):
    """The box does not lie within the photo, or shows too little of it."""

    code = "crop_refused"


class UploadMissingError(MissingError):
    """There is no such upload, or not for this person; it may have expired."""

    code = "upload_not_found"


class UploadOffsetError(ConflictError):
    """What was sent does not begin where the upload ends; ``offset`` says where that is."""

    code = "upload_offset"


class TooManyUploadsError(ConflictError):
    """As many uploads are open as may be, in number or in bytes."""

    code = "too_many_uploads"


class UploadTooLargeError(InvalidError):
    """More bytes than a photo may have, or than were declared."""

    status = 413
    code = "upload_too_large"


class UploadProtocolError(InvalidError):
    """A header of the upload protocol is missing or says something else than it must."""

    status = 400
    code = "upload_protocol"
