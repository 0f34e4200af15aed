"""What can stand in the way of a unit."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class NothingFreeError(ConflictError):
    """No unit of a variant is free, so nothing was reserved.

    Its ``variants`` are the ids of the variants of which none is left.
    """

    code = "none_free"


class UnitCountError(InvalidError):
    """So many units cannot be made at once."""

    code = "unit_count"


class NotToWaitForError(InvalidError):
    """The frame is not shown in the shop."""

    code = "not_to_wait_for"


class FrameFreeError(ConflictError):
    """A unit of the variant is free, so that there is nothing to wait for."""

    code = "frame_free"


class WaitlistFullError(ConflictError):
    """The customer waits for as many variants as she may."""

    code = "waitlist_full"


class NoSuchUnitError(InvalidError):
    """No unit has the barcode."""

    code = "unknown_barcode"


class UnitInTrialError(ConflictError):
    """The unit is a trial's at the moment; what becomes of it is settled there."""

    code = "unit_in_trial"


class MayNotGiveUpError(ForbiddenError):
    """Giving a unit up needs a permission of its own."""

    code = "may_not_give_up"


class UnitReasonMissingError(InvalidError):
    """A unit is not given up without saying why."""

    code = "reason_missing"


class NotToPutBackError(ConflictError):
    """The unit does not wait to be put back on its shelf."""

    code = "not_to_put_back"


class NotForTheShelfError(InvalidError):
    """A unit of this grade is not to be shown."""

    code = "not_for_the_shelf"


class ShelfInvalidError(InvalidError):
    """The name of the shelf is missing or too long."""

    code = "shelf_invalid"


class CountMissingError(MissingError):
    """There is no such count, or no such line in it."""

    code = "count_not_found"


class CountOverError(ConflictError):
    """The count has ended; nothing more is scanned into it."""

    code = "count_over"


class CountOpenError(ConflictError):
    """The count is still going on; nothing is decided yet."""

    code = "count_open"


class CountChangedError(ConflictError):
    """Something of the count was decided or moved after somebody looked at it."""

    code = "count_changed"


class WriteOffUnseenError(ConflictError):
    """Accepting the finding writes a unit off, and nobody said that she has seen that."""

    code = "write_off_unseen"


class OtherVariantError(ConflictError):
    """The unit is of another variant than the one that is counted."""

    code = "other_variant"


class FindingStaleError(ConflictError):
    """The unit has moved since it was counted."""

    code = "finding_stale"


class FindingDecidedError(ConflictError):
    """The finding was decided otherwise."""

    code = "finding_decided"


class UnitFileError(InvalidError):
    """A file of units cannot be read as one."""

    code = "unit_file"


class NotAsSeenError(ConflictError):
    """What a file of units would do is not what was looked at."""

    code = "import_not_as_seen"
