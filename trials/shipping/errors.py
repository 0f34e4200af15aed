"""What can stand in the way of a parcel."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


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
