"""What can stand in the way of having a person look."""

from shop.foundation.errors import ConflictError, InvalidError, MissingError


class SwapNeedsLookError(ConflictError):
    """With another frame the box would be one that a rule has something against."""

    code = "swap_needs_look"


class LookNotOfferedError(ConflictError):
    """No rule declined the trial, or it is too long ago."""

    code = "look_not_offered"


class LookMissingError(MissingError):
    """Nobody asked a person to look at this trial."""

    code = "look_not_found"


class LookDecidedError(ConflictError):
    """It was decided otherwise before."""

    code = "look_decided"


class LookReasonError(InvalidError):
    """The customer is to read why not."""

    code = "reason_missing"
