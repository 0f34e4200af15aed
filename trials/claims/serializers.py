"""What the API says about claims, and what it takes."""

from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from trials.claims.states import ClaimState
from trials.shipping.models import Leg


class ParcelClaimOutput(serializers.Serializer):
    """What a carrier is to make good for one parcel."""

    id = serializers.UUIDField()
    trial = serializers.CharField(source="shipment.trial.number")
    tracking_number = serializers.CharField(source="shipment.tracking_number")
    leg = serializers.ChoiceField(source="shipment.leg", choices=Leg.choices)
    carrier = serializers.CharField()
    state = serializers.ChoiceField(choices=ClaimState.choices)
    amount = MoneySerializerField()
    paid = MoneySerializerField()
    reference = serializers.CharField()
    reason = serializers.CharField()
    due_on = serializers.DateField(help_text="The last day on which the carrier takes it.")
    opened_at = serializers.DateTimeField()
    filed_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was sent to the carrier last."
    )
    turned_up_at = serializers.DateTimeField(allow_null=True)


class ClaimFilingInput(serializers.Serializer):
    """The carrier's own number of a claim."""

    reference = serializers.CharField(max_length=60)


class ClaimPaymentInput(serializers.Serializer):
    """What the carrier paid, in the claim's currency."""

    paid = serializers.DecimalField(max_digits=10, decimal_places=2)


class ClaimCorrectionInput(ClaimPaymentInput):
    """What the carrier paid in all, where another amount is noted."""

    seen_paid = serializers.DecimalField(
        max_digits=10, decimal_places=2, help_text="What is noted, as it was seen."
    )
    reason = serializers.CharField(max_length=300)


class ClaimReasonInput(serializers.Serializer):
    """Why a claim ends without money."""

    reason = serializers.CharField(max_length=300)
