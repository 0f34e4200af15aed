"""What the API says about waiting, and what it takes."""

from rest_framework import serializers

from trials.units.models import WaitlistEntry
from trials.units.states import WAIT_OPEN, WaitState


class WaitInput(serializers.Serializer):
    """Which variant a customer would like to try."""

    variant_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class WaitOutput(serializers.Serializer):
    """A customer's place in the line for a variant; the context's ``places`` holds all of hers."""

    variant_id = serializers.IntegerField()
    frame = serializers.SlugField(source="variant.frame.handle")
    name = serializers.CharField(source="variant")
    state = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in WaitState if each in WAIT_OPEN]
    )
    joined_at = serializers.DateTimeField()
    place = serializers.SerializerMethodField(
        help_text="1 for who is served next; nothing once a unit is held for her."
    )
    shown = serializers.BooleanField(
        help_text="Whether the frame is in the shop; while it is not, nothing is held of it and "
        "she keeps her place."
    )
    held_until = serializers.DateTimeField(
        allow_null=True, help_text="Until when the unit is hers to place, if one is held for her."
    )

    def get_place(self, entry: WaitlistEntry) -> int | None:
        """Return her place in the line."""
        places: dict[int, int] = self.context["places"]
        return places.get(entry.variant_id)


class WaitlistOutput(serializers.Serializer):
    """All lines a customer is in, at most ten."""

    waits = WaitOutput(many=True)
    passed_over = serializers.BooleanField(
        help_text="Whether she keeps her places and nothing more is held for her now, because she "
        "could neither ask for a box nor swap a frame of one: she has one under way, or one ended "
        "just now. What is held for her already goes to the next in line when its time is over."
    )
