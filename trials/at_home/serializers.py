"""What the API says about extensions, and what it takes."""

from rest_framework import serializers

from trials.at_home.models import ExtensionKind


class ExtensionOfferOutput(serializers.Serializer):
    """What the customer may add to her days at home."""

    days = serializers.IntegerField(help_text="How many days; 0 where she may add none.")
    ground = serializers.ChoiceField(
        source="kind",
        choices=[("", ""), *ExtensionKind.choices],
        help_text="`terms` as the programme offers it, `gift` from a reward; empty for none.",
    )
    waited_for = serializers.BooleanField(
        help_text="Whether others wait for one of the frames, so that there is none."
    )
    sent_back = serializers.BooleanField(
        help_text="Whether she said that her box is on its way back, so that there is none."
    )
    missed = serializers.BooleanField(
        help_text="Whether she says that her box never came, so that there is none."
    )


class ExtensionInput(serializers.Serializer):
    """What the customer was offered."""

    ground = serializers.ChoiceField(
        choices=[ExtensionKind.TERMS, ExtensionKind.GIFT],
        required=False,
        help_text="The offer's; with another by now, refused: a present is not used up unseen.",
    )


class ExtensionOutput(serializers.Serializer):
    """An extension of a trial's days at home."""

    id = serializers.UUIDField()
    ground = serializers.ChoiceField(source="kind", choices=ExtensionKind.choices)
    days = serializers.IntegerField()
    due_before = serializers.DateTimeField()
    due_after = serializers.DateTimeField()


class StaffExtensionInput(serializers.Serializer):
    """By how much staff extend a trial, and why."""

    days = serializers.IntegerField(min_value=1, max_value=60)
    reason = serializers.CharField(max_length=300, required=False, default="")
