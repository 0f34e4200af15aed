"""Boxes that never came, as an API for customers and staff."""

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff
from shop.foundation.problems import ProblemSerializer
from trials.reports.missed_boxes import answer_never_came, came_after_all, tell_never_came
from trials.reports.models import CustomerReport
from trials.reports.queries import boxes_that_never_came
from trials.reports.serializers import MissedAnswerInput, MissedBoxOutput, TrialReportOutput

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer}


class MissedPagination(CursorPagination):
    """Boxes that never came, oldest first."""

    ordering = ("told_at", "pk")


class NeverCameView(APIView):
    """A box that never came, as its customer says."""

    @extend_schema(
        operation_id="tell_never_came",
        tags=["trials"],
        request=None,
        responses={200: TrialReportOutput, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Tell that the box never came; nothing is charged until the shop has answered."""
        told = tell_never_came(user=caller(request), number=number)
        return Response(TrialReportOutput(told).data)

    @extend_schema(
        operation_id="undo_never_came", tags=["trials"], responses={204: None, **REFUSALS}
    )
    def delete(self, request: Request, number: str) -> Response:
        """Tell that it has come after all; the days at home count from now."""
        came_after_all(user=caller(request), number=number)
        return Response(status=204)


class StaffMissedView(ListAPIView[CustomerReport]):
    """Boxes that customers miss."""

    permission_classes = [IsStaff]
    serializer_class = MissedBoxOutput
    pagination_class = MissedPagination
    filter_backends = []
    queryset = CustomerReport.objects.none()

    @extend_schema(
        operation_id="staff_list_missed_boxes",
        tags=["staff: trials"],
        parameters=[
            OpenApiParameter(
                "decided", OpenApiTypes.BOOL, description="Those answered; else those that wait."
            )
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List boxes that never came, oldest first. Give one up by ``lose`` of its parcel."""
        decided = request.query_params.get("decided", "").lower() in ("true", "1")
        page = self.paginate_queryset(boxes_that_never_came(decided=decided))
        return self.get_paginated_response(MissedBoxOutput(page, many=True).data)


class StaffAnswerMissedView(APIView):
    """The shop's answer to one who misses her box."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_answer_missed_box",
        tags=["staff: trials"],
        request=MissedAnswerInput,
        responses={200: TrialReportOutput, **REFUSALS, 422: ProblemSerializer},
    )
    def post(self, request: Request, report_id: uuid.UUID) -> Response:
        """Tell a customer that her box did come; she has a day more before anything is charged."""
        sent = MissedAnswerInput(data=request.data)
        sent.is_valid(raise_exception=True)
        told = answer_never_came(report_id=report_id, by=caller(request), **sent.validated_data)
        return Response(TrialReportOutput(told).data)
