"""What can stand in the way of ideas and votes for them."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class IdeaMissingError(MissingError):
    """There is no such idea, or it is hidden."""

    code = "idea_not_found"


class IdeaInvalidError(InvalidError):
    """The idea says nothing, or too much."""

    code = "idea_invalid"


class OwnIdeaError(ForbiddenError):
    """Nobody votes for, or reports, an idea of her own."""

    code = "own_idea"


class IdeaSettledError(ConflictError):
    """The idea is built, declined or merged: there is nothing to vote on any more."""

    code = "idea_settled"


class NotStaffError(ForbiddenError):
    """Only people who work here answer ideas."""

    code = "staff_only"
