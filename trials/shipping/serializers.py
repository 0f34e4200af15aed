"""What the API says about parcels, and what it takes."""

from rest_framework import serializers

from trials.shipping.models import Because, Leg, RefundState, ShipmentState


class ShipmentOutput(serializers.Serializer):
    """One parcel of a trial."""

    trial = serializers.CharField(source="trial.number")
    leg = serializers.ChoiceField(choices=Leg.choices)
    nth = serializers.IntegerField(help_text="Which of the trial's parcels that way.")
    because = serializers.ChoiceField(
        choices=Because.choices, help_text="Why there is another one; empty for the first."
    )
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    state = serializers.ChoiceField(
        choices=ShipmentState.choices,
        help_text="As the carrier last said: `labelled` until its first scan, so a box that was"
        " handed over (its trial's `shipped_at`) may be it still.",
    )
    created_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(
        allow_null=True, help_text="When a parcel back was opened at the shop."
    )
    service = serializers.CharField(help_text="Empty for the shop's own courier.")
    refund_state = serializers.ChoiceField(
        choices=RefundState.choices, help_text="Of the postage, where the trial was called off."
    )


class AstrayParcelOutput(ShipmentOutput):
    """A parcel that somebody must see to."""

    why = serializers.ChoiceField(choices=["failed", "sent_back", "silent"])
    last_news_at = serializers.DateTimeField(source="last")


class TrackingEventInput(serializers.Serializer):
    """What a carrier says of a parcel."""

    event_id = serializers.CharField(
        max_length=80, help_text="The carrier's name of this message; sent again, nothing happens."
    )
    status = serializers.ChoiceField(choices=ShipmentState.choices)
    occurred_at = serializers.DateTimeField(
        help_text="A time to come counts as now, one before the label was made as that moment:"
        " carriers' clocks are wrong, and what is refused is told again for ever."
    )
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TrackingWebhookInput(TrackingEventInput):
    """The same, naming the parcel."""

    tracking_number = serializers.CharField(max_length=40)


class ReturnLabelsOutput(serializers.Serializer):
    """The labels for the way back."""

    labels = ShipmentOutput(many=True)


class AnotherLabelInput(serializers.Serializer):
    """Why one more return label is needed."""

    because = serializers.ChoiceField(choices=[each for each in Because.choices if each[0]])
    nth = serializers.IntegerField(
        min_value=2,
        max_value=1000,
        help_text="Which label it is to be: one above the last; made before, it is given again.",
    )
