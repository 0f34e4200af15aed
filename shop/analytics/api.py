"""The social scorecard as an API: the same figures as the page's."""

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.analytics.figures import Label, Rate
from shop.analytics.scorecard import Scorecard, days_asked, scorecard
from shop.foundation.problems import ProblemSerializer


class RateOutput(serializers.Serializer):
    """A share with its Wilson 95 % interval."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True, help_text="0 to 1; null of nothing.")
    low = serializers.SerializerMethodField()
    high = serializers.SerializerMethodField()
    figure_label = serializers.ChoiceField(
        source="label", choices=[label.value for label in Label], help_text="What it can prove."
    )

    def get_low(self, rate: Rate) -> float | None:
        """Return the lower bound."""
        return rate.interval[0] if rate.interval else None

    def get_high(self, rate: Rate) -> float | None:
        """Return the upper bound."""
        return rate.interval[1] if rate.interval else None


class FunnelStepOutput(serializers.Serializer):
    """A stage of the funnel, with its rate from the one before."""

    stage = serializers.CharField()
    count = serializers.IntegerField()
    rate = RateOutput(allow_null=True)


class WeekOutput(serializers.Serializer):
    """The trials delivered in one week."""

    monday = serializers.DateField()
    stages = serializers.DictField(child=serializers.IntegerField())
    is_open = serializers.BooleanField(help_text="Some of them may still order.")


class LinkOrdersOutput(serializers.Serializer):
    """Paid orders of customers who last came by a friend's link."""

    channel = serializers.CharField(allow_blank=True)
    orders = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=18, decimal_places=3)
    currency = serializers.CharField()
    figure_label = serializers.CharField(source="label")


class ScorecardOutput(serializers.Serializer):
    """The figures of a period."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    funnel = serializers.SerializerMethodField()
    conversion = RateOutput()
    sharers = RateOutput()
    others = RateOutput()
    sharing_ratio = serializers.FloatField(
        allow_null=True, help_text="Descriptive: people who share differ from those who do not."
    )
    link_orders = LinkOrdersOutput(many=True)
    weeks = WeekOutput(many=True)
    acts = serializers.DictField(child=serializers.IntegerField())

    @extend_schema_field(FunnelStepOutput(many=True))
    def get_funnel(self, card: Scorecard) -> list[dict[str, object]]:
        """Return the stages from delivered to ordered."""
        steps = [("delivered", None), *card.steps]
        rows = [{"stage": s, "count": card.stages[s], "rate": rate} for s, rate in steps]
        return list(FunnelStepOutput(rows, many=True).data)


class ScorecardPermission(permissions.BasePermission):
    """Who may read the scorecard."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller may."""
        return bool(request.user and request.user.has_perm("shop.view_scorecard"))


class ScorecardView(APIView):
    """The social scorecard."""

    permission_classes = (permissions.IsAuthenticated, ScorecardPermission)

    @extend_schema(
        operation_id="get_scorecard",
        tags=["scorecard"],
        parameters=[OpenApiParameter("days", int, description="Length of the period up to now.")],
        responses={200: ScorecardOutput, 403: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return the figures of the last days, 90 if not told otherwise."""
        days = days_asked(request.query_params.get("days", ""))
        until = timezone.now()
        card = scorecard(since=until - timedelta(days=days), until=until)
        return Response(ScorecardOutput(card).data)
