"""The states of a trial, the outcomes of its items, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrialState(models.TextChoices):
    """Where a trial stands. A draft is a ``Box``; overdue and lost are derived from dates."""

    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("On its way")
    DELIVERED = "delivered", _("At home")
    RETURNING = "returning", _("On its way back")
    RECEIVED = "received", _("Received")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Declined")


class ItemOutcome(models.TextChoices):
    """What became of one frame of a trial."""

    AT_HOME = "at_home", _("At home")
    RETURNED = "returned", _("Returned")
    KEPT = "kept", _("Kept")
    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")


# Over before its box went out.
NEVER_LEFT = frozenset({TrialState.CANCELLED, TrialState.DECLINED})
OPEN = frozenset(
    {
        TrialState.REQUESTED,
        TrialState.APPROVED,
        TrialState.PACKED,
        TrialState.SHIPPED,
        TrialState.DELIVERED,
        TrialState.RETURNING,
        TrialState.RECEIVED,
    }
)
# What is in its box may still change, as far as nobody picks or packs it.
NOT_PACKED = frozenset({TrialState.REQUESTED, TrialState.APPROVED})
# Its box is with the shop: whoever may call it off still can, and another unit can go out in it.
NOT_LEFT = NOT_PACKED | {TrialState.PACKED}

MOVES = {
    TrialState.REQUESTED: frozenset(
        {TrialState.APPROVED, TrialState.DECLINED, TrialState.CANCELLED}
    ),
    TrialState.APPROVED: frozenset({TrialState.PACKED, TrialState.CANCELLED}),
    # Approved again where it is opened, for a unit in it is not to be shown.
    TrialState.PACKED: frozenset({TrialState.SHIPPED, TrialState.APPROVED, TrialState.CANCELLED}),
    # Straight to closed where the parcel was lost on its way out, and on its way back where the
    # carrier could not deliver it.
    TrialState.SHIPPED: frozenset({TrialState.DELIVERED, TrialState.RETURNING, TrialState.CLOSED}),
    # Straight to closed where nothing came back and everything was charged.
    TrialState.DELIVERED: frozenset({TrialState.RETURNING, TrialState.RECEIVED, TrialState.CLOSED}),
    TrialState.RETURNING: frozenset({TrialState.RECEIVED, TrialState.CLOSED}),
    TrialState.RECEIVED: frozenset({TrialState.CLOSED}),
}
