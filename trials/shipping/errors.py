"""What can stand in the way of a parcel."""

from shop.foundation.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    LorgnetteError,
    MissingError,
)


class ShipmentMissingError(MissingError):
    """No parcel has this tracking number, or none for this person."""

    code = "shipment_not_found"


class NoLabelsYetError(ConflictError):
    """A trial gets its labels once it is approved, and not after it ended."""

    code = "no_labels_yet"


class TrackingSignatureError(ForbiddenError):
    """A message does not carry the carrier's signature, or an old one."""

    code = "signature"


class TrackingStatusError(InvalidError):
    """A carrier reports what no parcel can be."""

    code = "tracking_status"


class CarrierRefusedError(ConflictError):
    """The carrier does not take a parcel: address, money, key, or no service that goes there."""

    code = "carrier_refused"


class CarrierUnreachableError(LorgnetteError):
    """The carrier did not answer; nothing was decided, and asking again is safe."""

    status = 502
    code = "carrier_unreachable"


class NothingToSendError(ConflictError):
    """Nothing of the trial is with its customer, so she needs no label."""

    code = "nothing_to_send"


class LabelLimitError(ConflictError):
    """A customer has asked for as many return labels of a trial as she may."""

    code = "label_limit"


class LabelsInHandError(ConflictError):
    """Somebody else is just buying the labels of this trial."""

    code = "labels_in_hand"
