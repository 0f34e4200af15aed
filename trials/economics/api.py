"""What trials earn and cost, as an API: the same figures as the page's."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.analytics.api import ScorecardPermission
from shop.analytics.figures import Label
from shop.foundation.problems import ProblemSerializer
from trials.economics.periods import margins_asked
from trials.economics.queries import By, Margin


class MarginOutput(serializers.Serializer):
    """What a group of trials earned and cost."""

    name = serializers.CharField(allow_blank=True)
    trials = serializers.IntegerField()
    boxes = serializers.IntegerField(help_text="Frames in boxes by frame; else as trials.")
    accounts = serializers.DictField(
        child=serializers.DecimalField(max_digits=18, decimal_places=3),
        help_text="By account of the ledger; income above zero, costs below.",
    )
    margin = serializers.DecimalField(max_digits=18, decimal_places=3)
    mean = serializers.SerializerMethodField()
    low = serializers.SerializerMethodField()
    high = serializers.SerializerMethodField()
    figure_label = serializers.ChoiceField(
        source="label", choices=[label.value for label in Label], help_text="What it can prove."
    )

    def get_mean(self, margin: Margin) -> float | None:
        """Return the margin per trial, or per frame in a box."""
        return float(margin.mean) if margin.mean is not None else None

    def get_low(self, margin: Margin) -> float | None:
        """Return the mean's lower bound; null of too few."""
        return margin.interval[0] if margin.interval else None

    def get_high(self, margin: Margin) -> float | None:
        """Return the mean's upper bound; null of too few."""
        return margin.interval[1] if margin.interval else None


class EconomicsOutput(serializers.Serializer):
    """The margins of a period, in one currency."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    currency = serializers.CharField()
    by = serializers.ChoiceField(choices=[each.value for each in By])
    groups = MarginOutput(many=True)
    rest = MarginOutput(help_text="What was booked for no trial.")
    ledger = serializers.DictField(child=serializers.DecimalField(max_digits=18, decimal_places=3))
    difference = serializers.DecimalField(
        max_digits=18, decimal_places=3, help_text="Of groups and rest from the ledger; zero."
    )


class EconomicsView(APIView):
    """What trials earned and cost."""

    permission_classes = (permissions.IsAuthenticated, ScorecardPermission)

    @extend_schema(
        operation_id="get_economics",
        tags=["scorecard"],
        parameters=[
            OpenApiParameter("days", int, description="Length of the period up to now."),
            OpenApiParameter("by", str, enum=[each.value for each in By]),
            OpenApiParameter("currency", str, description="ISO 4217; the shop's own if not given."),
        ],
        responses={200: EconomicsOutput, 403: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return contribution margins by group, with the exact check against the ledger."""
        margins, _days = margins_asked(request.query_params.dict())
        return Response(EconomicsOutput(margins).data)
