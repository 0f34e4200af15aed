"""What the API says about boxes and trials, and what it takes."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.foundation.api import MoneyOutput, MoneySerializerField
from shop.holds.models import Hold
from trials.home_trials.found_things import found_things
from trials.home_trials.models import Trial
from trials.home_trials.parcels import outbound_parcel
from trials.home_trials.queries import BoxLine, TrialLine
from trials.home_trials.services.paying import due_now
from trials.home_trials.states import ItemOutcome, TrialState
from trials.home_trials.suggesting import Ground


class BoxItemInput(serializers.Serializer):
    """Which variant goes into the box."""

    variant_id = serializers.IntegerField(min_value=1)


class BoxItemOutput(serializers.Serializer):
    """A variant in the box."""

    variant_id = serializers.IntegerField(source="item.variant_id")
    frame = serializers.SlugField(
        source="item.variant.frame.handle", help_text="The handle of the frame."
    )
    name = serializers.CharField(source="item.variant")
    price = MoneySerializerField(source="item.variant.price")
    image_url = serializers.CharField()
    free = serializers.SerializerMethodField(help_text="Whether a unit of it is free now.")

    def get_free(self, line: BoxLine) -> bool:
        """Tell whether a unit is free."""
        return line.free > 0


class BoxOutput(serializers.Serializer):
    """The box and the rules it would be placed under."""

    version_id = serializers.IntegerField(
        source="version.pk", help_text="Of the terms; for the country of your latest address."
    )
    frames_per_box = serializers.IntegerField(source="version.frames_per_box")
    days_at_home = serializers.IntegerField(source="version.days_at_home")
    grace_days = serializers.IntegerField(source="version.grace_days")
    items = BoxItemOutput(many=True, source="lines")


class BoxSuggestionOutput(serializers.Serializer):
    """A frame that might go into the box too."""

    variant_id = serializers.IntegerField(source="variant.pk")
    frame = serializers.SlugField(source="variant.frame.handle")
    name = serializers.CharField(source="variant")
    price = MoneySerializerField(source="variant.price")
    image_url = serializers.CharField()
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField(help_text="Why it is shown, in words for the customer.")
    customers = serializers.IntegerField(
        help_text="How many others kept it, descriptive; 0 where that is not the ground."
    )


class BoxSuggestionsOutput(serializers.Serializer):
    """What else might go into the box."""

    suggestions = BoxSuggestionOutput(many=True)


class TrialItemOutput(serializers.Serializer):
    """A frame of a trial."""

    id = serializers.UUIDField(source="item.pk")
    variant_id = serializers.IntegerField(source="item.variant_id")
    frame = serializers.SlugField(source="item.variant.frame.handle")
    name = serializers.CharField(source="item.variant")
    price = MoneySerializerField(
        source="item.price", help_text="What is charged if it does not come back."
    )
    outcome = serializers.ChoiceField(
        source="item.outcome",
        choices=ItemOutcome.choices,
        help_text="`at_home` until it is known, before the box left and on its way, too: see the"
        " trial's `state`.",
    )
    image_url = serializers.CharField()


# One for all: putting its fields together takes longer than writing five frames with it.
_ITEM = TrialItemOutput()


class TrialOutput(serializers.Serializer):
    """A trial; the context's ``lines`` holds the items of every trial shown."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TrialState.choices)
    requested_at = serializers.DateTimeField()
    pay_by = serializers.DateTimeField(
        allow_null=True,
        help_text="Until when fee and deposit are to be paid; null where nothing is, or it was.",
    )
    due_now = serializers.SerializerMethodField(help_text="What is to be paid until then.")
    asked_deposit = MoneySerializerField(
        help_text="A deposit the shop asked for besides the programme's; zero where none."
    )
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="End of the last day at home, in the customer's zone."
    )
    charge_at = serializers.DateTimeField(
        allow_null=True, help_text="End of the days of grace; what is missing is charged then."
    )
    closed_at = serializers.DateTimeField(allow_null=True)
    never_arrived = serializers.BooleanField(
        help_text="Whether its box never reached the customer: lost on its way to her, or brought"
        " back undelivered. All she paid before it left goes back once the trial is over."
    )
    address_id = serializers.IntegerField()
    card_id = serializers.IntegerField()
    items = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="Path of the trial's page.")

    @extend_schema_field(TrialItemOutput(many=True))
    def get_items(self, trial: Trial) -> Any:
        """Return the trial's frames."""
        lines: list[TrialLine] = self.context["lines"][trial.pk]
        return [_ITEM.to_representation(line) for line in lines]

    @extend_schema_field(MoneyOutput(allow_null=True))
    def get_due_now(self, trial: Trial) -> dict[str, str] | None:
        """Return fee and deposit while they are to be paid."""
        due = due_now(trial)
        return None if due is None else MoneySerializerField().to_representation(due)

    def get_url(self, trial: Trial) -> str:
        """Return where the customer sees it."""
        return reverse("trials:trial", args=[trial.number])


class OutboundParcelOutput(serializers.Serializer):
    """The parcel in which a box goes to its customer."""

    carrier = serializers.CharField(
        help_text="Whom it goes with, and how; empty where the shop's own courier brings it."
    )
    number = serializers.CharField(help_text="Its tracking number.")
    url = serializers.CharField(
        help_text="The carrier's page about it; empty where the carrier has none."
    )
    state = serializers.CharField(
        help_text="What the carrier last said, a state as of `list_return_labels`; empty where it"
        " has said nothing yet."
    )
    heard = serializers.CharField(
        help_text="The carrier's own words, such as where it is; empty where it used none."
    )
    heard_of = serializers.DateTimeField(allow_null=True, help_text="When that happened.")


class FoundThingOutput(serializers.Serializer):
    """A thing of the customer's own that lay in her box when it came back."""

    words = serializers.CharField(
        help_text="What it is, as whoever found it wrote; empty where nothing was written."
    )
    found_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is on its way to her; null while it waits."
    )


class TrialDetailsOutput(TrialOutput):
    """A trial by itself, with what lists leave out."""

    parcel = serializers.SerializerMethodField(
        help_text="In which its box left; null while it has not."
    )
    found_things = serializers.SerializerMethodField(
        help_text="What is not the shop's and lay in the box when it came back: it is sent home."
    )

    @extend_schema_field(FoundThingOutput(many=True))
    def get_found_things(self, trial: Trial) -> Any:
        """Return what of the customer's own was found."""
        return FoundThingOutput(found_things(trial), many=True).data

    @extend_schema_field(OutboundParcelOutput(allow_null=True))
    def get_parcel(self, trial: Trial) -> Any:
        """Return the parcel out."""
        parcel = outbound_parcel(trial)
        return None if parcel is None else OutboundParcelOutput(parcel).data


class VariantAvailabilityOutput(serializers.Serializer):
    """Whether a variant can be tried at home now, or when."""

    variant_id = serializers.IntegerField()
    name = serializers.CharField(source="variant")
    free = serializers.BooleanField(help_text="Whether a unit is free for whoever asks.")
    waiting = serializers.IntegerField(help_text="How many customers wait for one.")
    expected_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When a unit should be back for the next who joins the line, probably not "
        "before; nothing where one is free, and where nothing is known.",
    )


class AvailabilityOutput(serializers.Serializer):
    """How it stands with a frame's variants."""

    variants = VariantAvailabilityOutput(many=True)


class TrialPlacementInput(serializers.Serializer):
    """Where the box goes, and which card stands for it."""

    address_id = serializers.IntegerField(min_value=1)
    card_id = serializers.IntegerField(min_value=1)
    version_id = serializers.IntegerField(
        min_value=1,
        help_text="The terms the customer was shown, from the box or from the terms of a country;"
        " refused as terms_changed if others count.",
    )


class TrialCardInput(serializers.Serializer):
    """Which card is to stand for a trial."""

    card_id = serializers.IntegerField(min_value=1)


class TrialHoldOutput(serializers.Serializer):
    """What is held on a card for a trial, the latest."""

    amount = MoneySerializerField()
    state = serializers.ChoiceField(choices=Hold.State.choices)
    held_until = serializers.DateTimeField(
        source="capture_before",
        allow_null=True,
        help_text="Before that it is held anew, while the box is out.",
    )
    refusal = serializers.SerializerMethodField(
        help_text="Why the card was refused; empty if it was not."
    )
    card_id = serializers.IntegerField()

    def get_refusal(self, hold: Hold) -> str:
        """Return the refusal in words."""
        return hold.refusal if hold.failure_code else ""


class TrialHoldsOutput(serializers.Serializer):
    """Whether anything is held for a trial."""

    hold = TrialHoldOutput(allow_null=True)
    another_card = serializers.BooleanField(
        help_text="Whether another card is wanted: nothing is held, or it cannot be held anew. A "
        "box that has not left waits until it is held."
    )


class TrialCancellationInput(serializers.Serializer):
    """Why a trial is called off."""

    reason = serializers.CharField(max_length=300, required=False, default="")
