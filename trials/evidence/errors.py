"""What can stand in the way of a photo that is to prove something."""

from shop.foundation.errors import ConflictError, InvalidError


class EvidenceRefusedError(InvalidError):
    """The file cannot be taken as a photo."""

    code = "photo_refused"


class EvidenceElsewhereError(InvalidError):
    """The frame named is not one of the trial."""

    code = "frame_elsewhere"


class TooMuchEvidenceError(ConflictError):
    """As many photos as may be kept show this already."""

    code = "too_many_photos"
