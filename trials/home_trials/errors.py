"""What can stand in the way of a box or a trial."""

from shop.foundation.errors import ConflictError, InvalidError, MissingError


class BoxFullError(ConflictError):
    """The box holds as many frames as the programme allows."""

    code = "box_full"


class BoxEmptyError(ConflictError):
    """There is nothing in the box to be tried."""

    code = "box_empty"


class NotForTrialError(ConflictError):
    """A frame is no longer shown, so it cannot be tried."""

    code = "not_for_trial"


class TrialLimitError(ConflictError):
    """The customer has as many trials open as the programme allows."""

    code = "trial_limit"


class CoolDownError(ConflictError):
    """The customer's last trial ended less long ago than the programme wants."""

    code = "cool_down"


class BoxTooDearError(ConflictError):
    """The frames in the box are worth more together than the programme sends at once."""

    code = "box_too_dear"


class TermsChangedError(ConflictError):
    """Other terms count for this box than those the customer was shown."""

    code = "terms_changed"


class AwaitsPaymentError(ConflictError):
    """The trial's fee or deposit is not paid yet."""

    code = "awaits_payment"


class NotHeldError(ConflictError):
    """The amount that the programme wants held is not held on a card yet."""

    code = "not_held"


class NothingToPayError(MissingError):
    """Nothing was asked for when the trial was placed."""

    code = "nothing_to_pay"


class AddressUnknownError(InvalidError):
    """The address is not one of the customer's, or no longer used."""

    code = "address_unknown"


class CardUnknownError(InvalidError):
    """The card is not one of the customer's, no longer kept, or expired."""

    code = "card_unknown"


class TrialMissingError(MissingError):
    """There is no such trial for this person."""

    code = "trial_not_found"


class CannotCancelError(ConflictError):
    """The trial is too far along to be cancelled by this person."""

    code = "cannot_cancel"


class NotPackableError(ConflictError):
    """The trial is not one that is being packed."""

    code = "not_packable"


class UnknownBarcodeError(InvalidError):
    """No unit has the barcode."""

    code = "unknown_barcode"


class WrongUnitError(ConflictError):
    """The unit does not belong into this box."""

    code = "wrong_unit"


class UnitLostError(WrongUnitError):
    """The unit was taken for lost; it is to be taken in again before anything is done with it."""

    code = "unit_lost"


class UnitNotFitError(ConflictError):
    """The unit is graded D: it is not to be shown, and another is to take its place."""

    code = "unit_not_fit"


class BoxMissedError(ConflictError):
    """She says that the box never came, so nothing of it is kept, broken or sent back."""

    code = "box_missed"


class NothingToReplaceError(ConflictError):
    """The unit is fit to be shown, or in no box that is still here."""

    code = "nothing_to_replace"


class AlreadyPackedError(ConflictError):
    """The unit was packed before."""

    code = "already_packed"


class NotAllPackedError(ConflictError):
    """A unit of the box has not been scanned yet."""

    code = "not_all_packed"


class AlreadySettledError(ConflictError):
    """What became of the item is known and differs."""

    code = "already_settled"


class NotSettledError(ConflictError):
    """What became of an item is not known yet."""

    code = "not_settled"
