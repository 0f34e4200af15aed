"""What the API says about customers' reports, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from trials.evidence.serializers import EvidenceOutput, photos_told
from trials.home_trials.states import TrialState
from trials.reports.models import CustomerReport, Decision, ReportKind
from trials.shipping.models import Shipment


class BrokenInput(serializers.Serializer):
    """What is broken, as a form of several parts."""

    words = serializers.CharField(max_length=500)
    photos = serializers.ListField(
        child=serializers.FileField(), required=False, max_length=6, help_text="Of the damage."
    )


class MorePhotosInput(serializers.Serializer):
    """More photos of what was told to be broken, as a form of several parts."""

    photos = serializers.ListField(
        child=serializers.FileField(), min_length=1, max_length=6, help_text="Of the damage."
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
    photos = serializers.SerializerMethodField(
        help_text="Of a frame that arrived broken, those being prepared among them."
    )

    @extend_schema_field(EvidenceOutput(many=True))
    def get_photos(self, report: CustomerReport) -> Any:
        """Return the photos of the frame; none of what no photo is sent of."""
        if report.kind != ReportKind.BROKEN or report.item_id is None:
            return []
        return photos_told(self.context, trial_id=report.trial_id, item_id=report.item_id)


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


class MissedBoxOutput(TrialReportOutput):
    """A box that never came, with its parcel and what the carrier said last."""

    trial = serializers.CharField(source="trial.number")
    trial_state = serializers.ChoiceField(source="trial.state", choices=TrialState.choices)
    tracking_number = serializers.SerializerMethodField()
    last_word = serializers.SerializerMethodField(help_text="Of the carrier; empty without one.")

    def get_tracking_number(self, report: CustomerReport) -> str:
        """Return the number of the parcel; empty where it has no label."""
        return next((each.tracking_number for each in _parcels_out(report)), "")

    def get_last_word(self, report: CustomerReport) -> str:
        """Return what was last told of the parcel."""
        return next((str(each.get_state_display()) for each in _parcels_out(report)), "")


class MissedAnswerInput(serializers.Serializer):
    """What the shop says to a box that never came."""

    answer = serializers.CharField(max_length=300)


def _parcels_out(report: CustomerReport) -> list[Shipment]:
    return list(getattr(report.trial, "parcels_out", []))
