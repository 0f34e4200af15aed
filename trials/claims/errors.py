"""What can stand in the way of a claim."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class ClaimMissingError(MissingError):
    """There is no such claim."""

    code = "claim_not_found"


class ClaimInvalidError(InvalidError):
    """An amount, a reference or a reason is missing or cannot be taken."""

    code = "claim_invalid"


class ClaimPaidOtherwiseError(ConflictError):
    """Another amount is noted than the one that was seen."""

    code = "claim_paid_otherwise"


class MayNotSettleClaimError(ForbiddenError):
    """Only a manager says what a carrier paid, or gives a claim up."""

    code = "may_not_settle_claims"
