"""What can be wrong with a photo, in words for the person who took it."""

from django.utils.translation import gettext_lazy as _

from shop.foundation.errors import ConflictError, InvalidError, MissingError

# By the code of ``decoding.RefusedError``.
REFUSALS = {
    "too_heavy": _("This photo has more than 20 MB. Send a smaller copy."),
    "too_large": _("This photo has more than 25 megapixels. Send a smaller copy."),
    "wrong_type": _("This is no photo we can read. Send a JPEG, PNG, WebP or HEIC file."),
    "moving": _("This picture moves. Send a still photo."),
    "broken": _("This photo is damaged, perhaps it was not copied whole. Send it once more."),
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
