"""What can stand in the way of panels and of what testers say."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class PanelMissingError(MissingError):
    """There is no such panel, or not for this person."""

    code = "panel_not_found"


class TesterMissingError(MissingError):
    """Nobody of that number was invited to the panel."""

    code = "tester_not_found"


class PanelClosedError(ConflictError):
    """The panel is not open: nothing is answered or changed in it."""

    code = "panel_closed"


class PanelEmptyError(ConflictError):
    """A panel without a frame has nothing to be tested."""

    code = "panel_empty"


class NotATesterError(ForbiddenError):
    """She has not accepted the invitation."""

    code = "not_a_tester"


class FeedbackInvalidError(InvalidError):
    """An answer is missing, or none that its question takes."""

    code = "feedback_invalid"


class NotStaffError(ForbiddenError):
    """Only people who work here run panels."""

    code = "staff_only"
