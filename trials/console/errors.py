"""What can stand in the way of staff."""

from shop.foundation.errors import ConflictError, InvalidError, MissingError


class NothingFoundError(MissingError):
    """What was scanned or typed leads to no trial."""

    code = "nothing_found"


class ChangedMeanwhileError(ConflictError):
    """Somebody else moved the trial after its page was opened."""

    code = "changed_meanwhile"


class FilterEmptyError(InvalidError):
    """A filter without a name, or that leaves nothing out."""

    code = "filter_empty"


class FilterMissingError(MissingError):
    """There is no such filter, or it is somebody else's."""

    code = "filter_not_found"


class TooManyFiltersError(ConflictError):
    """As many filters of a list are kept as one person may."""

    code = "too_many_filters"


class NotForPackingError(ConflictError):
    """The trial is not one that waits to be packed."""

    code = "not_for_packing"


class UnitMissingError(MissingError):
    """No unit has the barcode."""

    code = "unit_not_found"


class NotACommandError(InvalidError):
    """A number was typed that stands for no grade, or before a unit was scanned."""

    code = "not_a_command"


class BoxOpenError(ConflictError):
    """The box on the check-in table is not done with.

    A frame waits for its verdict, or nobody has said that nothing more is in the box.
    """

    code = "box_open"


class BatchNotPickedError(ConflictError):
    """Another batch is asked for at one that is still being picked."""

    code = "batch_not_picked"


class NothingToFetchError(InvalidError):
    """Nothing of the batch is still to be fetched."""

    code = "nothing_to_fetch"


class NothingToHandOverError(ConflictError):
    """No packed parcel waits for a carrier."""

    code = "nothing_to_hand_over"


class WhichCarrierError(ConflictError):
    """Parcels of several carriers wait: which manifest is meant is not clear."""

    code = "which_carrier"


class ShelfCountedError(ConflictError):
    """Another shelf's label was scanned than that of the count which goes on."""

    code = "shelf_counted"


class NothingOnShelfError(ConflictError):
    """Nothing of the batch is still to be fetched from the shelf."""

    code = "nothing_on_shelf"


class TooManyLabelsError(InvalidError):
    """No unit or shelf was chosen to print labels for, or too many."""

    code = "label_count"


class ToPutBackError(ConflictError):
    """The unit was in no customer's box: it waits to be put back on its shelf."""

    code = "to_put_back"
