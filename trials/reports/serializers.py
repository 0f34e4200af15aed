"""What the API says about customers' reports, and what it takes."""

from typing import Any

from rest_framework import serializers

from trials.reports.models import CustomerReport, Decision, ReportKind


class BrokenInput(serializers.Serializer):
    """What is broken, as a form of several parts."""

    words = serializers.CharField(max_length=500)
    photos = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=6, help_text="Of the damage."
    )


class TrialReportOutput(serializers.Serializer):
    """What a customer told of a frame, or of the whole box."""

    id = serializers.UUIDField()
    item_id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    words = serializers.CharField()
    told_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    charged_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when a kept frame is being charged."
    )
    decision = serializers.ChoiceField(choices=Decision.choices, allow_blank=True)
    answer = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class StaffReportOutput(TrialReportOutput):
    """The same, with whose trial it is."""

    trial = serializers.CharField(source="trial.number")
    frame = serializers.SerializerMethodField()

    def get_frame(self, report: CustomerReport) -> Any:
        """Return the frame's name."""
        return str(report.item.variant) if report.item else ""


class BrokenDecisionInput(serializers.Serializer):
    """What the shop says to a frame that arrived broken."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    answer = serializers.CharField(max_length=300)
