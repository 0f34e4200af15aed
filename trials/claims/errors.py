"""What can stand in the way of a claim."""

from shop.foundation.errors import ForbiddenError, InvalidError, MissingError


class ClaimMissingError(MissingError):
    """There is no such claim."""

    code = "claim_not_found"


class ClaimInvalidError(InvalidError):
    """An amount, a reference or a reason is missing or cannot be taken."""

    code = "claim_invalid"


class MayNotSettleClaimError(ForbiddenError):
    """Only a manager says what a carrier paid, or gives a claim up."""

    code = "may_not_settle_claims"
