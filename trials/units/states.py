"""The states of a unit, of a customer's wait for one and of a count, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitState(models.TextChoices):
    """Where a unit is."""

    AVAILABLE = "available", _("Available")
    RESERVED = "reserved", _("Reserved")
    PACKED = "packed", _("Packed")
    OUT = "out", _("With the customer")
    IN_TRANSIT_BACK = "in_transit_back", _("On its way back")
    INSPECTION = "inspection", _("Being inspected")
    REPAIR = "repair", _("In repair")
    RETIRED = "retired", _("Retired")
    LOST = "lost", _("Lost")


MOVES = {
    UnitState.AVAILABLE: frozenset(
        # Lost where a count did not find it.
        {UnitState.RESERVED, UnitState.REPAIR, UnitState.RETIRED, UnitState.LOST}
    ),
    # Lost where it is not on its shelf when it is to be picked; to be put back where it lies in a
    # tote when its trial is called off; in repair where it was graded D meanwhile.
    UnitState.RESERVED: frozenset(
        {
            UnitState.PACKED,
            UnitState.AVAILABLE,
            UnitState.INSPECTION,
            UnitState.REPAIR,
            UnitState.LOST,
        }
    ),
    # Never straight to available: it lies in a box, where nobody who is sent for it finds it.
    UnitState.PACKED: frozenset({UnitState.OUT, UnitState.INSPECTION}),
    # A customer may post a box before the carrier's scan says so, hence straight to inspection.
    UnitState.OUT: frozenset(
        {UnitState.IN_TRANSIT_BACK, UnitState.INSPECTION, UnitState.LOST, UnitState.RETIRED}
    ),
    # Retired straight away where the customer keeps it: it is hers then.
    UnitState.IN_TRANSIT_BACK: frozenset({UnitState.INSPECTION, UnitState.LOST, UnitState.RETIRED}),
    UnitState.INSPECTION: frozenset(
        {UnitState.AVAILABLE, UnitState.REPAIR, UnitState.RETIRED, UnitState.LOST}
    ),
    UnitState.REPAIR: frozenset({UnitState.AVAILABLE, UnitState.RETIRED, UnitState.LOST}),
    # What was lost and comes back is inspected like any other.
    UnitState.LOST: frozenset({UnitState.INSPECTION, UnitState.RETIRED}),
    # A count may find on a shelf what was given up, and a customer may send back what she had kept.
    UnitState.RETIRED: frozenset({UnitState.INSPECTION}),
}

# Where a unit lies on its shelf; a reserved one until it is packed.
ON_THE_SHELF = frozenset({UnitState.AVAILABLE, UnitState.RESERVED})
# While a trial holds it: what becomes of it is settled there.
IN_A_TRIAL = frozenset(
    {UnitState.RESERVED, UnitState.PACKED, UnitState.OUT, UnitState.IN_TRANSIT_BACK}
)


class WaitState(models.TextChoices):
    """Where a customer's wait for a variant stands."""

    WAITING = "waiting", _("Waiting")
    HELD = "held", _("Held for her")
    TAKEN = "taken", _("Taken")
    LAPSED = "lapsed", _("Lapsed")
    LEFT = "left", _("Left")


WAIT_OPEN = frozenset({WaitState.WAITING, WaitState.HELD})

WAIT_MOVES = {
    # Taken from waiting where a unit was free before her turn was told.
    WaitState.WAITING: frozenset({WaitState.HELD, WaitState.TAKEN, WaitState.LEFT}),
    # Waiting again where the unit held for her turned out not to be fit: she keeps her place.
    WaitState.HELD: frozenset(
        {WaitState.TAKEN, WaitState.LAPSED, WaitState.LEFT, WaitState.WAITING}
    ),
}


class CountState(models.TextChoices):
    """Where a count stands."""

    OPEN = "open", _("Being counted")
    FINISHED = "finished", _("Counted")
    ABANDONED = "abandoned", _("Abandoned")


COUNT_MOVES = {CountState.OPEN: frozenset({CountState.FINISHED, CountState.ABANDONED})}
