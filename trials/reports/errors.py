"""What can stand in the way of telling something of a frame."""

from shop.foundation.errors import ConflictError, InvalidError, MissingError


class NotAtHomeError(ConflictError):
    """The frame is not with the customer, or what became of it is known."""

    code = "frame_not_at_home"


class KeepingRefusedError(ConflictError):
    """The programme's frames all come back; a new pair is bought."""

    code = "return_all"


class BeingChargedError(ConflictError):
    """A frame that was kept is charged already, so it can no longer be undone."""

    code = "being_charged"


class NotMissedError(ConflictError):
    """It is too early to miss a box, or it has come."""

    code = "box_not_missed"


class SentBackStandsError(ConflictError):
    """That a box was sent back stands: the carrier has it, or it was taken back once before."""

    code = "sent_back_stands"


class ReportMissingError(MissingError):
    """There is no such report, or not for this person."""

    code = "report_not_found"


class ReportWordsError(InvalidError):
    """What is to be told is missing."""

    code = "words_missing"


class ReportDecidedError(ConflictError):
    """The report was decided otherwise before."""

    code = "report_decided"
