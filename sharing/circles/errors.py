"""What can go wrong with circles."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class CircleMissingError(MissingError):
    """There is no such circle, or the person is not in it: one answer for both."""

    code = "circle_not_found"


class InvitationMissingError(MissingError):
    """An invitation is unknown, withdrawn, expired, used up, or not for this person."""

    code = "invitation_not_found"


class CircleFullError(ConflictError):
    """A circle has as many people as it may have."""

    code = "circle_full"


class TooManyCirclesError(ConflictError):
    """Somebody is in as many circles, or sent as many invitations, as she may."""

    code = "too_many_circles"


class CircleArchivedError(ConflictError):
    """A circle is archived: it can be read and nothing be added."""

    code = "circle_archived"


class OwnerStaysError(ConflictError):
    """The owner wants to leave without handing her circle over."""

    code = "owner_stays"


class NotAllowedInCircleError(ForbiddenError):
    """Her role in the circle does not allow it."""

    code = "not_your_role"


class CircleInvalidError(InvalidError):
    """A name or an invitation that cannot be taken as it stands."""

    code = "circle_invalid"
