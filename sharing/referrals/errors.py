"""What can go wrong with referrals, in words for the person it happens to."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class CodeUnknownError(MissingError):
    """Nobody has this code."""

    code = "referral_code_unknown"


class CodeRefusedError(ConflictError):
    """The code is good, but not for this person."""

    code = "referral_code_refused"


class InvitationLimitError(ConflictError):
    """Too many invitations wait for an answer."""

    code = "invitation_limit"


class InvitationInvalidError(InvalidError):
    """An invitation says for whom it is."""

    code = "invitation_invalid"


class ReferralMissingError(MissingError):
    """There is no such referral."""

    code = "referral_not_found"


class ReviewForbiddenError(ForbiddenError):
    """Who may not review, or is herself concerned, decides nothing."""

    code = "review_forbidden"


class ReviewNoteMissingError(InvalidError):
    """A decision says why."""

    code = "review_note_missing"
