"""What the API tells staff about trials, and what it takes from them."""

from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from trials.home_trials.states import ItemOutcome, TrialState
from trials.returns.models import TrialCharge
from trials.shipping.serializers import ShipmentOutput


class StaffTrialRowOutput(serializers.Serializer):
    """A trial in a list of staff."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TrialState.choices)
    customer = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    frames = serializers.IntegerField()
    requested_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    charge_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class StaffTrialChargeOutput(serializers.Serializer):
    """What is or was owed for an item."""

    id = serializers.UUIDField()
    amount = MoneySerializerField()
    state = serializers.ChoiceField(choices=TrialCharge.State.choices)


class StaffTrialItemOutput(serializers.Serializer):
    """A frame of a trial, with its unit."""

    id = serializers.UUIDField()
    frame = serializers.CharField(source="variant")
    sku = serializers.CharField(source="variant.sku")
    barcode = serializers.CharField(source="unit.barcode")
    location = serializers.CharField(source="unit.location")
    price = MoneySerializerField()
    packed_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=ItemOutcome.choices)
    settled_at = serializers.DateTimeField(allow_null=True)
    charges = StaffTrialChargeOutput(many=True, source="charges.all")


class StaffTrialOutput(serializers.Serializer):
    """A trial with all that staff need."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TrialState.choices)
    customer = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    address = serializers.ListField(child=serializers.CharField(), source="address.lines")
    card = serializers.CharField(help_text="Brand and last four digits.")
    requested_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    charge_at = serializers.DateTimeField(allow_null=True)
    reminded_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    items = StaffTrialItemOutput(many=True, source="items.all")
    shipments = ShipmentOutput(many=True, source="shipments.all")


class StaffReasonInput(serializers.Serializer):
    """Why a trial is declined; the customer reads it."""

    reason = serializers.CharField(max_length=300)


class StaffPackInput(serializers.Serializer):
    """The unit that goes into the box."""

    barcode = serializers.CharField(max_length=40)
