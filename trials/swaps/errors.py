"""What can stand in the way of a swap."""

from shop.foundation.errors import ConflictError, MissingError


class CannotSwapError(ConflictError):
    """The box is being picked, or further on, or the trial is over."""

    code = "cannot_swap"


class ItemMissingError(MissingError):
    """The trial has no such frame."""

    code = "item_not_found"


class SwappedMeanwhileError(ConflictError):
    """The frame that was to be given back is not the one that was looked at."""

    code = "swapped_meanwhile"


class InTrialAlreadyError(ConflictError):
    """The frame asked for is in the same box already."""

    code = "in_trial_already"
