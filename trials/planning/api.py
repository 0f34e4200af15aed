"""How many units of which frame to own, as an API: the same figures as the page's."""

from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.analytics.api import RateOutput, ScorecardPermission
from shop.analytics.figures import Label
from shop.foundation.problems import ProblemSerializer
from trials.planning.keeping import plans
from trials.planning.queries import WEEKS


class ForecastOutput(serializers.Serializer):
    """Requests to come, with a 95 % interval."""

    expected = serializers.FloatField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()


class FramePlanOutput(serializers.Serializer):
    """What units of a frame did in twelve weeks, and how many are needed."""

    name = serializers.CharField()
    units = serializers.IntegerField()
    utilisation = serializers.FloatField(allow_null=True, help_text="Days out by days owned.")
    turnaround = serializers.FloatField(allow_null=True, help_text="Median days to be back.")
    lost = RateOutput()
    damaged = RateOutput()
    turned_away = serializers.IntegerField(
        help_text="Asked while none was free, or waited, and were not served."
    )
    weekly = serializers.ListField(child=serializers.IntegerField(), help_text="Oldest first.")
    demand = ForecastOutput(allow_null=True, help_text="Of the next four weeks.")
    needed = serializers.IntegerField(allow_null=True)
    to_buy = serializers.IntegerField()
    to_retire = serializers.IntegerField()
    figure_label = serializers.ChoiceField(
        source="label", choices=[label.value for label in Label], help_text="What it can prove."
    )


class PlanningOutput(serializers.Serializer):
    """The plans of all frames, and what they are made from."""

    until = serializers.DateTimeField()
    weeks = serializers.IntegerField(help_text="How many weeks before that they are made from.")
    frames = FramePlanOutput(many=True)


class PlanningView(APIView):
    """How many units of which frame to own."""

    permission_classes = (permissions.IsAuthenticated, ScorecardPermission)

    @extend_schema(
        operation_id="get_planning",
        tags=["scorecard"],
        responses={200: PlanningOutput, 403: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return the plan of every frame that has units."""
        until, frames = plans()
        plan = {"until": until, "weeks": WEEKS, "frames": frames}
        return Response(PlanningOutput(plan).data)
