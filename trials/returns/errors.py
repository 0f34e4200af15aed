"""What can stand in the way of a return or a charge."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class NotOutError(ConflictError):
    """Nothing of the trial is with the customer, so nothing can come back."""

    code = "not_out"


class AlreadyCheckedInError(ConflictError):
    """The unit was checked in before."""

    code = "already_checked_in"


class AlreadyChargedError(ConflictError):
    """The unit was charged, or is being charged, to the customer."""

    code = "already_charged"


class GradeRefusedError(InvalidError):
    """The finding and the grade of a unit contradict each other."""

    code = "grade_refused"


class NothingCheckedInError(ConflictError):
    """No unit of the box was scanned, so there is nothing to finish."""

    code = "nothing_checked_in"


class NotYetChargeableError(ConflictError):
    """The days of grace are not over, the customer was not reminded, or the trial is not out."""

    code = "not_yet_chargeable"


class ChargeMissingError(MissingError):
    """There is no such charge."""

    code = "charge_not_found"


class ChargeNotPaidError(ConflictError):
    """Nothing was paid for the charge, so nothing can be given back."""

    code = "charge_not_paid"


class ChargeSettledError(ConflictError):
    """The charge is no longer owed."""

    code = "charge_settled"


class MayNotSettleError(ForbiddenError):
    """Only a manager lets a customer off what she owes."""

    code = "may_not_settle_charges"


class ReasonMissingError(InvalidError):
    """Money is not given up without saying why."""

    code = "reason_missing"
