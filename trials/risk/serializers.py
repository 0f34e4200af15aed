"""What the API tells staff of decisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from trials.risk.models import Outcome, RiskDecision, RuleKind
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

    @extend_schema_field(RiskReasonOutput(many=True))
    def get_reasons(self, decision: RiskDecision) -> Any:
        """Return the rules that spoke."""
        rows = [{**each, "words": reason_words(each)} for each in decision.reasons]
        return RiskReasonOutput(rows, many=True).data
