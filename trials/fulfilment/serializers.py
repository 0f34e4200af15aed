"""What the API says about batches and manifests, and what it takes."""

from rest_framework import serializers

from trials.fulfilment.states import BatchState, ManifestState
from trials.fulfilment.urgency import Due, Stage
from trials.home_trials.states import TrialState


class PickBatchOutput(serializers.Serializer):
    """A pick batch in a list."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__", help_text="Such as B17, as its paper says.")
    state = serializers.ChoiceField(choices=BatchState.choices)
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class PickLineOutput(serializers.Serializer):
    """One unit to be fetched."""

    tote = serializers.IntegerField()
    tote_code = serializers.CharField()
    trial = serializers.CharField()
    trial_state = serializers.ChoiceField(choices=TrialState.choices)
    frame = serializers.CharField()
    sku = serializers.CharField()
    barcode = serializers.CharField()
    location = serializers.CharField()
    picked = serializers.BooleanField(help_text="In its tote, or packed already.")
    put_back = serializers.BooleanField(
        help_text="Taken for a box that was called off, and not on its shelf again."
    )
    worn = serializers.BooleanField(
        help_text="Graded D since: not to be picked. Say that it is not there, and another takes"
        " its place; it goes to repair."
    )
    short = serializers.BooleanField(help_text="Not on its shelf, and no other is free.")


class PickBatchWithLinesOutput(PickBatchOutput):
    """A pick batch with its lines in the order of the walk."""

    lines = PickLineOutput(many=True)


class BoxToShipOutput(serializers.Serializer):
    """A box that has not left."""

    trial = serializers.CharField(source="number")
    leaves_by = serializers.DateTimeField(help_text="End of the last day on which it is in time.")
    stage = serializers.ChoiceField(choices=Stage.choices)
    batch = serializers.IntegerField(allow_null=True)
    frames = serializers.IntegerField()
    requested_at = serializers.DateTimeField()


class PickBatchInput(serializers.Serializer):
    """How many trials a batch takes."""

    count = serializers.IntegerField(min_value=1, max_value=60)
    due = serializers.ChoiceField(
        choices=Due.choices, required=False, help_text="Of this urgency alone; of all if missing."
    )


class ScanInput(serializers.Serializer):
    """What a scanner read."""

    barcode = serializers.CharField(max_length=60)


class BatchReasonInput(serializers.Serializer):
    """Why a batch is given up."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class PickedOutput(serializers.Serializer):
    """Into which tote a unit goes."""

    tote = serializers.IntegerField(source="tote.position")
    tote_code = serializers.CharField(source="tote.code")
    trial = serializers.CharField(source="tote.trial.number")
    frame = serializers.CharField(source="item.variant")
    barcode = serializers.CharField(source="item.unit.barcode")
    left = serializers.IntegerField(help_text="Units of the batch still to be fetched.")


class UnitNotFoundOutput(serializers.Serializer):
    """A unit that was not on its shelf, and the one that goes in its place."""

    barcode = serializers.CharField(source="unit.barcode")
    tote = serializers.IntegerField(source="tote.position")
    take_instead = serializers.CharField(
        source="replaced_by.barcode", allow_null=True, help_text="Empty where none is free."
    )
    location = serializers.CharField(source="replaced_by.location", allow_null=True)


class ManifestOutput(serializers.Serializer):
    """A manifest in a list."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__", help_text="Such as M17, as its paper says.")
    carrier = serializers.CharField()
    state = serializers.ChoiceField(choices=ManifestState.choices)
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    count = serializers.IntegerField(help_text="Parcels on it that were not left out.")


class ManifestParcelOutput(serializers.Serializer):
    """A parcel on a manifest."""

    tracking_number = serializers.CharField(source="shipment.tracking_number")
    trial = serializers.CharField(source="shipment.trial.number")
    added_at = serializers.DateTimeField()
    left_out = serializers.BooleanField(
        help_text="It stayed: called off before the hand-over, or with a unit graded D. What can go"
        " after all goes with a later manifest."
    )


class WaitingParcelOutput(serializers.Serializer):
    """A packed parcel that is on no manifest."""

    tracking_number = serializers.CharField()
    trial = serializers.CharField(source="trial.number")


class ManifestWithParcelsOutput(ManifestOutput):
    """A manifest with its parcels in the order of scanning."""

    parcels = ManifestParcelOutput(many=True)
    waiting_count = serializers.IntegerField(
        help_text="Packed parcels of its carrier that are on no manifest now."
    )
    waiting = WaitingParcelOutput(many=True, help_text="Up to fifty of them, the oldest first.")


class ManifestInput(serializers.Serializer):
    """Whose parcels are gathered."""

    carrier = serializers.CharField(max_length=20)
