"""What can stand in the way of picking and of handing over."""

from shop.foundation.errors import ConflictError, InvalidError, MissingError


class BatchSizeError(InvalidError):
    """So many trials do not go into one batch."""

    code = "batch_size"


class NothingToPickError(ConflictError):
    """No approved trial waits that is in no batch."""

    code = "nothing_to_pick"


class BatchMissingError(MissingError):
    """There is no such pick batch."""

    code = "batch_not_found"


class BatchOverError(ConflictError):
    """The batch is picked or cancelled."""

    code = "batch_over"


class NotInBatchError(ConflictError):
    """The unit is for no tote of this batch; leave it where it is."""

    code = "not_in_batch"


class AlreadyPickedError(ConflictError):
    """The unit lies in its tote already."""

    code = "already_picked"


class TrialGoneError(ConflictError):
    """The trial was called off, so its unit stays on the shelf."""

    code = "trial_gone"


class BoxCalledOffError(ConflictError):
    """The trial of a packed box was called off: it is unpacked and goes nowhere."""

    code = "box_called_off"


class ManifestMissingError(MissingError):
    """There is no such manifest."""

    code = "manifest_not_found"


class ManifestClosedError(ConflictError):
    """The manifest was handed over; nothing is added to it or taken from it."""

    code = "manifest_closed"


class ManifestEmptyError(ConflictError):
    """Nothing is on the manifest."""

    code = "manifest_empty"


class ParcelNotReadyError(ConflictError):
    """The parcel's box is not packed, or on its way already."""

    code = "parcel_not_ready"


class OtherCarrierError(ConflictError):
    """Another carrier takes the parcel."""

    code = "other_carrier"


class OnManifestError(ConflictError):
    """The parcel is on a manifest already."""

    code = "on_manifest"


class ReturnParcelError(ConflictError):
    """What was scanned is a return label, which goes into the box."""

    code = "return_parcel"


class CarrierUnknownError(InvalidError):
    """The shop has no such carrier."""

    code = "carrier_unknown"
