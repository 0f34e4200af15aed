"""Telling the shop of frames, as an API; and its answers."""

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination, IsStaff
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.evidence.queries import evidence_of
from trials.home_trials.queries import trial_of
from trials.reports.models import CustomerReport
from trials.reports.queries import broken_reports, report_by_id, reports_of
from trials.reports.serializers import (
    BrokenDecisionInput,
    BrokenInput,
    MorePhotosInput,
    StaffReportOutput,
    TrialReportOutput,
)
from trials.reports.services import (
    decide_broken,
    keep_frame,
    report_broken,
    show_broken,
    tell_sent_back,
    undo_keeping,
    undo_sent_back,
)

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer}


class ReportPagination(CursorPagination):
    """Reports, oldest first."""

    ordering = ("told_at", "pk")


class TrialReportsView(ListAPIView[CustomerReport]):
    """What a customer told of a trial of hers."""

    serializer_class = TrialReportOutput
    pagination_class = ReportPagination
    filter_backends = []
    queryset = CustomerReport.objects.none()

    @extend_schema(operation_id="list_trial_reports", tags=["trials"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what the customer told of a trial and has not taken back, oldest first."""
        trial = trial_of(user=caller(request), number=kwargs["number"])
        page = self.paginate_queryset(reports_of([trial.pk]))
        context = {"photos": evidence_of([trial.pk])}
        told = TrialReportOutput(page, many=True, context=context)
        return self.get_paginated_response(told.data)


class KeepFrameView(APIView):
    """Keeping a frame."""

    @extend_schema(
        operation_id="keep_frame",
        tags=["trials"],
        request=None,
        responses={200: TrialReportOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str, item_id: uuid.UUID) -> Response:
        """Keep a frame: it is charged when the days at home are over, and is hers then."""
        told = keep_frame(user=caller(request), number=number, item_id=item_id)
        return Response(TrialReportOutput(told).data)

    @extend_schema(
        operation_id="undo_keep_frame", tags=["trials"], responses={204: None, **REFUSALS}
    )
    def delete(self, request: Request, number: str, item_id: uuid.UUID) -> Response:
        """Take back that a frame is kept, until it is charged."""
        undo_keeping(user=caller(request), number=number, item_id=item_id)
        return Response(status=204)


class BrokenFrameView(APIView):
    """A frame that arrived broken."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="report_broken_frame",
        tags=["trials"],
        request={"multipart/form-data": BrokenInput},
        responses={201: TrialReportOutput, **REFUSALS, 422: ProblemSerializer},
    )
    def post(self, request: Request, number: str, item_id: uuid.UUID) -> Response:
        """Tell that a frame arrived broken; told before, more photos are added."""
        sent = BrokenInput(data=request.data)
        sent.is_valid(raise_exception=True)
        told = report_broken(
            user=caller(request), number=number, item_id=item_id, **sent.validated_data
        )
        return Response(TrialReportOutput(told).data, status=201)


class BrokenPhotosView(APIView):
    """More photos of a frame that arrived broken."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="show_broken_frame",
        tags=["trials"],
        request={"multipart/form-data": MorePhotosInput},
        responses={201: TrialReportOutput, **REFUSALS, 422: ProblemSerializer},
    )
    def post(self, request: Request, number: str, item_id: uuid.UUID) -> Response:
        """Add photos to what was told; of several, those that can be read are kept."""
        sent = MorePhotosInput(data=request.data)
        sent.is_valid(raise_exception=True)
        told = show_broken(
            user=caller(request), number=number, item_id=item_id, **sent.validated_data
        )
        return Response(TrialReportOutput(told).data, status=201)


class SentBackView(APIView):
    """A box on its way back, as its customer says."""

    @extend_schema(
        operation_id="tell_sent_back",
        tags=["trials"],
        request=None,
        responses={200: TrialReportOutput, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Tell that the box was sent back: for some days that stands for the carrier's scan."""
        return Response(TrialReportOutput(tell_sent_back(user=caller(request), number=number)).data)

    @extend_schema(
        operation_id="undo_sent_back", tags=["trials"], responses={204: None, **REFUSALS}
    )
    def delete(self, request: Request, number: str) -> Response:
        """Take back that the box was sent back, until the carrier has scanned it."""
        undo_sent_back(user=caller(request), number=number)
        return Response(status=204)


class StaffBrokenView(ListAPIView[CustomerReport]):
    """Frames that arrived broken."""

    permission_classes = [IsStaff]
    serializer_class = StaffReportOutput
    pagination_class = ReportPagination
    filter_backends = []
    queryset = CustomerReport.objects.none()

    @extend_schema(
        operation_id="staff_list_broken_frames",
        tags=["staff: trials"],
        parameters=[
            OpenApiParameter(
                "decided", OpenApiTypes.BOOL, description="Those answered; else those that wait."
            )
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List frames that arrived broken, oldest first."""
        decided = request.query_params.get("decided", "").lower() in ("true", "1")
        page = self.paginate_queryset(broken_reports(decided=decided)) or []
        context = {"photos": evidence_of(each.trial_id for each in page)}
        told = StaffReportOutput(page, many=True, context=context)
        return self.get_paginated_response(told.data)


class StaffDecideBrokenView(APIView):
    """The shop's answer to one of them."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_decide_broken_frame",
        tags=["staff: trials"],
        request=BrokenDecisionInput,
        responses={200: StaffReportOutput, **REFUSALS, 422: ProblemSerializer},
    )
    def post(self, request: Request, report_id: uuid.UUID) -> Response:
        """Accept or refuse that a frame arrived broken; the customer is written to."""
        sent = BrokenDecisionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        decide_broken(report_id=report_id, by=caller(request), **sent.validated_data)
        return Response(StaffReportOutput(report_by_id(report_id)).data)
