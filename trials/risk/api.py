"""Decisions by rule, as an API for staff; customers are never shown the reasons."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.foundation.api import CursorPagination, IsStaff
from shop.foundation.problems import ProblemSerializer
from trials.risk.models import RiskDecision
from trials.risk.queries import to_review
from trials.risk.serializers import RiskDecisionOutput


class ReviewPagination(CursorPagination):
    """Decisions, the oldest wish first."""

    ordering = ("made_at", "pk")


class StaffRiskQueueView(ListAPIView[RiskDecision]):
    """Trials that wait for a person."""

    permission_classes = [IsStaff]
    serializer_class = RiskDecisionOutput
    pagination_class = ReviewPagination
    queryset = to_review()

    @extend_schema(operation_id="staff_list_risk_queue", tags=["staff: trials"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the trials that wait for a person, with what the rules found."""
        return super().get(request, *args, **kwargs)


class StaffTrialRiskView(APIView):
    """What the rules found of one trial."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_trial_risk",
        tags=["staff: trials"],
        responses={200: RiskDecisionOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the decision on a trial with its reasons; approve or decline it by its own."""
        decisions = RiskDecision.objects.select_related("trial")
        decision = get_object_or_404(decisions, trial__number=number)
        return Response(RiskDecisionOutput(decision).data)
