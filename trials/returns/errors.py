"""What can stand in the way of a return or a charge."""

from typing import Any

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError
from trials.home_trials.errors import WrongUnitError


class NotOutError(ConflictError):
    """Nothing of the trial is with the customer, so nothing can come back."""

    code = "not_out"


class BoxNotEmptyError(ConflictError):
    """A frame was taken out of the box that somebody calls empty."""

    code = "box_not_empty"


class BoxNotBackError(ConflictError):
    """The box is with the customer or on its way to her, as far as anybody told."""

    code = "box_not_back"


class AlreadyCheckedInError(ConflictError):
    """The unit was checked in before."""

    code = "already_checked_in"


class AlreadyChargedError(ConflictError):
    """The unit was charged, or is being charged, to the customer."""

    code = "already_charged"


class NotCheckedInError(ConflictError):
    """The unit was not checked in for this trial, so there is no verdict to correct."""

    code = "not_checked_in"


class VerdictStandsError(ConflictError):
    """Something hangs on what was found that cannot be undone any more."""

    code = "verdict_stands"


class VerdictChangedError(ConflictError):
    """Somebody has corrected the verdict after whoever acts had looked at it."""

    code = "verdict_changed"


class GradeRefusedError(InvalidError):
    """The finding and the grade of a unit contradict each other."""

    code = "grade_refused"


class NothingCheckedInError(ConflictError):
    """No unit of the box was scanned, so there is nothing to finish."""

    code = "nothing_checked_in"


class NotYetChargeableError(ConflictError):
    """The days of grace are not over, the customer was not reminded, or the trial is not out."""

    code = "not_yet_chargeable"


class DecidedMeanwhileError(ConflictError):
    """Somebody else has decided what is given back since the page was opened."""

    code = "decided_meanwhile"


class ChargeMissingError(MissingError):
    """There is no such charge."""

    code = "charge_not_found"


class NothingToRemindError(ConflictError):
    """Nothing of the trial is overdue, or it is charged already."""

    code = "nothing_to_remind"


class RemindedLatelyError(ConflictError):
    """The customer was written to less than a day ago."""

    code = "reminded_lately"


class NothingAwayError(ConflictError):
    """No frame of the trial is away and uncharged."""

    code = "nothing_away"


class AskedLatelyError(ConflictError):
    """The card is being asked now, or was as often as its network bears."""

    code = "asked_lately"


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


class UnitNotOutError(WrongUnitError):
    """The unit is not with any customer, as far as the shop knows."""

    code = "unit_not_out"


class NoteMissingError(MissingError):
    """There is no such note on a box."""

    code = "box_note_not_found"


class NoteWordsError(InvalidError):
    """What was found is not said."""

    code = "words_missing"


class ProposalMissingError(MissingError):
    """There is no such proposal, or not for this person."""

    code = "proposal_not_found"


class ProposalDecidedError(ConflictError):
    """The proposal is decided, or its customer was told of it, so it can no longer be changed."""

    code = "proposal_decided"


class TooManyObjectionsError(ConflictError):
    """A customer has added to her objection as often as she can."""

    code = "too_many_objections"


class ProposalChangedError(ConflictError):
    """Somebody decided, or the customer answered, after whoever acts had looked at it."""

    code = "proposal_changed"


class MayNotDecideProposalError(ForbiddenError):
    """Only who may decide on damage accepts, changes or waives what is proposed for it."""

    code = "may_not_decide_proposals"


class ProposalAmountError(InvalidError):
    """The amount is not above zero, above the frame's price or above what the customer was told."""

    code = "proposal_amount"


class ObjectionTooLateError(ConflictError):
    """The days to answer are over."""

    code = "objection_too_late"


class LostEarlyError(ConflictError):
    """The parcel may still be on its usual way; nobody said that she knows it is lost.

    Attributes:
        facts: when it was handed over and scanned, and until when it may come.
    """

    code = "parcel_expected"

    def __init__(self, message: Any, *, facts: Any) -> None:
        """Keep the facts for a page that asks again; programs read them as members."""
        scan = facts.last_scan_at
        super().__init__(
            message,
            handed_over_at=facts.handed_over_at.isoformat(),
            last_scan_at=scan.isoformat() if scan else None,
            expected_at=facts.expected_at.isoformat(),
        )
        self.facts = facts


class NotLostError(ConflictError):
    """The parcel cannot have been lost by the carrier: it was not taken, or it has arrived."""

    code = "parcel_not_lost"
