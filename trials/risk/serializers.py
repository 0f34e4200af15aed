"""What the API tells staff of decisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.foundation.api import MoneySerializerField
from trials.risk.models import LookAnswer, Outcome, RiskDecision, RuleKind
from trials.risk.queries import reason_words


class RiskReasonOutput(serializers.Serializer):
    """A rule that spoke, as it was then."""

    kind = serializers.ChoiceField(choices=RuleKind.choices)
    found = serializers.IntegerField(help_text="The number that was found.")
    threshold = serializers.IntegerField()
    days = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    words = serializers.CharField(help_text="The reason as a sentence.")


class RiskDecisionOutput(serializers.Serializer):
    """What the rules came to for a trial."""

    trial = serializers.CharField(source="trial.number")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    made_at = serializers.DateTimeField()
    reasons = serializers.SerializerMethodField()
    asked_for_look = serializers.SerializerMethodField(
        help_text="What the customer said who asks a person to look; null where she does not."
    )

    @extend_schema_field(RiskReasonOutput(many=True))
    def get_reasons(self, decision: RiskDecision) -> Any:
        """Return the rules that spoke."""
        rows = [{**each, "words": reason_words(each)} for each in decision.reasons]
        return RiskReasonOutput(rows, many=True).data

    def get_asked_for_look(self, decision: RiskDecision) -> str | None:
        """Return her words, which may be empty."""
        look = getattr(decision.trial, "second_look", None)
        return look.words if look else None


class LookInput(serializers.Serializer):
    """What a customer says who asks for a person."""

    words = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True, help_text="If anything."
    )


class LookDecisionInput(serializers.Serializer):
    """What whoever looked came to."""

    answer = serializers.ChoiceField(choices=LookAnswer.choices)
    reason = serializers.CharField(
        max_length=300,
        required=False,
        default="",
        allow_blank=True,
        help_text="Why not, as the customer reads it; needed where it is declined.",
    )


class LookOutput(serializers.Serializer):
    """Whether a person may be asked to look, and what became of it."""

    offered = serializers.BooleanField()
    asked_at = serializers.DateTimeField(source="look.asked_at", allow_null=True, default=None)
    answer = serializers.ChoiceField(
        source="look.answer",
        choices=LookAnswer.choices,
        allow_null=True,
        allow_blank=True,
        default=None,
        help_text="Empty while nobody has decided.",
    )
    reason = serializers.CharField(source="look.reason", allow_null=True, default=None)
    followed_by = serializers.CharField(
        source="look.followed_by.number",
        allow_null=True,
        default=None,
        help_text="The trial placed in its place.",
    )


class BoxCostsInput(serializers.Serializer):
    """Where the box would go, and which card would stand for it."""

    address_id = serializers.IntegerField(min_value=1, required=False)
    card_id = serializers.IntegerField(min_value=1, required=False)


class BoxCostsOutput(serializers.Serializer):
    """What a box would cost."""

    fee = MoneySerializerField(help_text="Stays with the shop.")
    deposit = MoneySerializerField(help_text="Of the terms; comes back.")
    asked = MoneySerializerField(
        help_text="A deposit the shop will ask for besides, by a link; comes back."
    )
    due_now = MoneySerializerField(help_text="Fee and deposit, as the box is asked for.")
    together = MoneySerializerField(help_text="All that is paid before the box leaves.")
    comes_back = MoneySerializerField(help_text="What of it goes back when all is settled.")
