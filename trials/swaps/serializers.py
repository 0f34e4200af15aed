"""What the API says about swaps, and what it takes."""

from rest_framework import serializers

from shop.foundation.api import MoneySerializerField


class FrameSwapInput(serializers.Serializer):
    """Which variant is tried instead."""

    variant_id = serializers.IntegerField(min_value=1)
    instead_of_id = serializers.IntegerField(
        required=False,
        default=None,
        allow_null=True,
        help_text="The variant that was seen in the box; another by now, the swap is refused.",
    )


class FrameSwapOutput(serializers.Serializer):
    """A swap that was made."""

    item_id = serializers.UUIDField(help_text="The frame of the trial; its id stays.")
    variant_before_id = serializers.IntegerField()
    variant_after_id = serializers.IntegerField()
    name = serializers.CharField(source="variant_after", help_text="What is tried now.")
    price = MoneySerializerField(
        source="price_after", help_text="What is charged if it does not come back."
    )
    at = serializers.DateTimeField()
