"""What the API says about returns and charges, and what it takes."""

from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from trials.home_trials.states import ItemOutcome
from trials.returns.models import Finding, TrialCharge
from trials.units.models import Grade
from trials.units.states import UnitState


class CheckInInput(serializers.Serializer):
    """A returned unit and what it was found to be."""

    barcode = serializers.CharField(max_length=40)
    finding = serializers.ChoiceField(choices=Finding.choices)
    grade = serializers.ChoiceField(choices=Grade.choices)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class InspectionOutput(serializers.Serializer):
    """What a returned unit was found to be, and where it went."""

    barcode = serializers.CharField(source="unit.barcode")
    finding = serializers.ChoiceField(choices=Finding.choices)
    grade = serializers.ChoiceField(choices=Grade.choices)
    note = serializers.CharField()
    outcome = serializers.ChoiceField(source="item.outcome", choices=ItemOutcome.choices)
    unit_state = serializers.ChoiceField(source="unit.state", choices=UnitState.choices)
    at = serializers.DateTimeField()


class TrialChargeOutput(serializers.Serializer):
    """What is or was owed for one frame, or for a box that came late."""

    id = serializers.UUIDField()
    trial = serializers.CharField(source="trial.number")
    frame = serializers.CharField(
        source="what", help_text="The frame; for a fee of the whole trial, what it is for."
    )
    purpose = serializers.ChoiceField(choices=TrialCharge.Purpose.choices)
    amount = MoneySerializerField()
    refunded = MoneySerializerField()
    state = serializers.ChoiceField(choices=TrialCharge.State.choices)
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class LetGoInput(serializers.Serializer):
    """Why a charge is given up."""

    reason = serializers.CharField(max_length=300)
