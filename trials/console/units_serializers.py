"""What the API tells staff about units and counts, and what it takes from them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from trials.console.barcode_labels import Paper
from trials.units.models import CountedUnit, Grade, TrialUnit
from trials.units.services.accepting import Fate, Outlook
from trials.units.services.making import MOST_AT_ONCE
from trials.units.services.resolving import FOUND_GOES
from trials.units.states import CountState, UnitState

KEY = 2**63 - 1


class StaffUnitRowOutput(serializers.Serializer):
    """A unit in a list of staff."""

    barcode = serializers.CharField()
    variant_id = serializers.IntegerField()
    sku = serializers.CharField(source="variant.sku")
    frame = serializers.CharField(source="variant")
    state = serializers.ChoiceField(choices=UnitState.choices)
    grade = serializers.ChoiceField(choices=Grade.choices)
    location = serializers.CharField(help_text="The shelf; empty where it has none.")
    uses = serializers.IntegerField(help_text="How often it went out.")
    held = serializers.SerializerMethodField(help_text="Whether it is held for one who waited.")
    trial = serializers.CharField(
        source="trial_number", allow_null=True, help_text="Number of the trial that holds it."
    )

    def get_held(self, unit: TrialUnit) -> bool:
        """Tell whether it is held."""
        return unit.held_for_id is not None


class UnitMovementOutput(serializers.Serializer):
    """One move of a unit; within one state, a change of shelf or grade alone."""

    from_state = serializers.CharField()
    to_state = serializers.ChoiceField(choices=UnitState.choices)
    at = serializers.DateTimeField()
    by = serializers.CharField(source="actor", allow_null=True)
    reason = serializers.CharField()
    location = serializers.CharField(help_text="The new shelf; empty where it stayed.")
    grade = serializers.CharField(help_text="The new grade; empty where it stayed.")
    trial_id = serializers.UUIDField(allow_null=True)


class StaffUnitOutput(StaffUnitRowOutput):
    """A unit with all its moves, the first of them first."""

    movements = serializers.SerializerMethodField()

    @extend_schema_field(UnitMovementOutput(many=True))
    def get_movements(self, unit: TrialUnit) -> Any:
        """Return its moves."""
        return UnitMovementOutput(unit.movements.all(), many=True).data


class UnitToPutBackOutput(serializers.Serializer):
    """A unit that is to be put back on its shelf."""

    barcode = serializers.CharField()
    variant_id = serializers.IntegerField()
    sku = serializers.CharField(source="variant.sku")
    frame = serializers.CharField(source="variant")
    grade = serializers.ChoiceField(choices=Grade.choices)
    location = serializers.CharField(help_text="The shelf; empty where it has none.")
    since = serializers.DateTimeField(help_text="Since when it lies off its shelf.")
    reason = serializers.CharField(help_text="Why, such as a box that was called off.")
    last_trial = serializers.CharField(
        allow_null=True, help_text="Number of the trial it was taken out for, if any."
    )


class NewUnitsInput(serializers.Serializer):
    """How many units of which variant, and where they go."""

    variant_id = serializers.IntegerField(min_value=1, max_value=KEY)
    count = serializers.IntegerField(min_value=1, max_value=MOST_AT_ONCE)
    location = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class NewUnitsOutput(serializers.Serializer):
    """The barcodes that were made."""

    barcodes = serializers.ListField(child=serializers.CharField())


class UnitReasonInput(serializers.Serializer):
    """Why something is done to a unit."""

    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class UnitGivenUpInput(serializers.Serializer):
    """Why a unit is given up."""

    reason = serializers.CharField(max_length=300)


class BackOnShelfInput(UnitReasonInput):
    """How a unit looks that goes back on its shelf."""

    grade = serializers.ChoiceField(choices=Grade.choices, help_text="A to C; D is refused.")


class UnitPlaceInput(UnitReasonInput):
    """Where a unit belongs, and how it looks."""

    location = serializers.CharField(max_length=20, allow_blank=True)
    grade = serializers.ChoiceField(choices=Grade.choices, required=False, default=None)


class UnitLabelsInput(serializers.Serializer):
    """Whose labels are printed, on what."""

    barcodes = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=1000
    )
    paper = serializers.ChoiceField(choices=Paper.choices, required=False, default=Paper.SHEET)


class ShelfLabelsInput(serializers.Serializer):
    """Which shelves' labels are printed, on what."""

    shelves = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        default=list,
        max_length=500,
        help_text="Their names, such as A1; all that units belong on where none is named.",
    )
    paper = serializers.ChoiceField(choices=Paper.choices, required=False, default=Paper.SHEET)


class CountInput(serializers.Serializer):
    """What is counted: one of both."""

    location = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    variant_id = serializers.IntegerField(
        min_value=1, max_value=KEY, required=False, default=None, allow_null=True
    )


class CountOutput(serializers.Serializer):
    """How a count stands."""

    id = serializers.UUIDField()
    location = serializers.CharField()
    variant_id = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(choices=CountState.choices)
    started_at = serializers.DateTimeField()
    started_by = serializers.CharField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    expected = serializers.IntegerField()
    seen = serializers.IntegerField()
    findings = serializers.IntegerField(help_text="What differed, once it is finished.")
    undecided = serializers.IntegerField(help_text="Findings that nobody has decided yet.")


class CountScanInput(serializers.Serializer):
    """What a scanner read."""

    barcode = serializers.CharField(max_length=40)


class CountScanOutput(serializers.Serializer):
    """What scanning a unit said."""

    barcode = serializers.CharField(source="counted.unit.barcode")
    frame = serializers.CharField(source="counted.unit.variant")
    expected = serializers.BooleanField(source="counted.expected")
    believed_state = serializers.ChoiceField(
        source="counted.believed_state", choices=UnitState.choices
    )
    believed_location = serializers.CharField(source="counted.believed_location")
    again = serializers.BooleanField(help_text="Whether it was seen before in this count.")


class CountFindingOutput(serializers.Serializer):
    """One line of a report."""

    id = serializers.IntegerField()
    barcode = serializers.CharField(source="unit.barcode")
    frame = serializers.CharField(source="unit.variant")
    difference = serializers.ChoiceField(source="finding", choices=CountedUnit.Finding.choices)
    believed_state = serializers.ChoiceField(choices=UnitState.choices)
    believed_location = serializers.CharField()
    state = serializers.ChoiceField(source="unit.state", choices=UnitState.choices)
    location = serializers.CharField(source="unit.location")
    trial = serializers.CharField(source="trial_number", allow_null=True)
    seen_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.ChoiceField(choices=CountedUnit.Decision.choices, allow_blank=True)
    note = serializers.CharField()


class CountAcceptInput(serializers.Serializer):
    """Where a found unit goes, where ops know better than the books; or that one is lost."""

    to_state = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in FOUND_GOES], required=False, default=None
    )
    lost = serializers.BooleanField(
        required=False,
        default=False,
        help_text="True where it was seen that the unit is written off as lost: a missing one is,"
        " and without this it is refused with 409 `write_off_unseen` and what it costs.",
    )


class CountOutlookOutput(serializers.Serializer):
    """What would come of accepting all that is left of a count."""

    expected = serializers.IntegerField(help_text="Findings that nobody has decided yet.")
    lost = serializers.IntegerField(help_text="Units that would be written off as lost.")
    placed = serializers.SerializerMethodField(help_text="Units that get the shelf they lay on.")
    available = serializers.SerializerMethodField(help_text="Found units that go on the shelf.")
    inspection = serializers.SerializerMethodField(help_text="Found units to be inspected.")
    left = serializers.SerializerMethodField(help_text="Findings that cannot be accepted.")
    cost = serializers.SerializerMethodField(
        help_text="Of what is written off; null where no cost rates were entered."
    )
    currency = serializers.SerializerMethodField()

    def get_placed(self, outlook: Outlook) -> int:
        """Return how many are placed."""
        return len(outlook.by_fate.get(Fate.PLACED, []))

    def get_available(self, outlook: Outlook) -> int:
        """Return how many become available."""
        return len(outlook.by_fate.get(Fate.AVAILABLE, []))

    def get_inspection(self, outlook: Outlook) -> int:
        """Return how many are inspected."""
        return len(outlook.by_fate.get(Fate.INSPECTION, []))

    def get_left(self, outlook: Outlook) -> int:
        """Return how many stay as they are."""
        return len(outlook.by_fate.get(Fate.LEFT, []))

    def get_cost(self, outlook: Outlook) -> str | None:
        """Return the sum that is booked."""
        return None if outlook.cost is None else str(outlook.cost.amount)

    def get_currency(self, outlook: Outlook) -> str | None:
        """Return its currency."""
        return None if outlook.cost is None else str(outlook.cost.currency)


class CountSeenInput(serializers.Serializer):
    """What somebody has seen of a count before she accepts all of it."""

    expected = serializers.IntegerField(min_value=0, help_text="How many findings are left.")
    lost = serializers.IntegerField(min_value=0, help_text="How many units are written off.")


class CountAllAcceptedOutput(serializers.Serializer):
    """What came of accepting all."""

    accepted = serializers.IntegerField(source="count")
    refused = serializers.ListField(
        child=serializers.CharField(), help_text="Why others were not, in words."
    )
