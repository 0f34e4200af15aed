"""Reported comments, for staff, as an API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.votes.models import CommentReport
from sharing.votes.moderation import REASON_LENGTH, decide_report
from sharing.votes.queries import reports
from sharing.votes.serializers import CommentOutput
from sharing.votes.states import ReportState
from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff, one_of
from shop.foundation.problems import ProblemSerializer


class MayDecide(BasePermission):
    """Staff who may keep or hide what others wrote."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Tell whether the caller may."""
        return bool(request.user and request.user.has_perm("sharing.decide_commentreport"))


class ReportHistoryOutput(serializers.Serializer):
    """One step of a report."""

    state = serializers.CharField(source="to_state")
    at = serializers.DateTimeField()
    by = serializers.SerializerMethodField(help_text="The number of who decided; empty at first.")
    reason = serializers.CharField()

    def get_by(self, step: Any) -> str:
        """Return who it was, as a number."""
        return str(step.actor_id or "")


class ReportOutput(serializers.Serializer):
    """A comment that was reported."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ReportState.choices)
    reason = serializers.CharField(help_text="Of whoever reported it; may be empty.")
    by_owner = serializers.SerializerMethodField(help_text="The gallery's owner reported it.")
    reported_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    words = CommentOutput(source="vote")
    history = ReportHistoryOutput(source="transitions", many=True)

    def get_by_owner(self, report: CommentReport) -> bool:
        """Return whether it was the owner."""
        return report.reporter == "owner"


class DecisionInput(serializers.Serializer):
    """What is to become of it."""

    decision = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in (ReportState.KEPT, ReportState.HIDDEN)]
    )
    reason = serializers.CharField(
        max_length=REASON_LENGTH, required=False, default="", allow_blank=True
    )


class ReportPagination(CursorPagination):
    """Reports, the oldest first."""

    ordering = ("reported_at", "pk")


class ReportsView(ListAPIView[CommentReport]):
    """The queue."""

    permission_classes = [IsStaff]
    serializer_class = ReportOutput
    pagination_class = ReportPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[CommentReport]:
        """Return those of a state; the undecided ones if none is asked for."""
        state = one_of(self.request, "state", ReportState.values, default=ReportState.OPEN)
        return reports(state)

    @extend_schema(
        operation_id="list_reports",
        tags=["staff: comments"],
        parameters=[OpenApiParameter("state", str, enum=ReportState.values, required=False)],
        responses={200: ReportOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List reported comments with their history, the oldest first."""
        return super().get(request, *args, **kwargs)


class ReportDecisionView(APIView):
    """What becomes of a reported comment."""

    permission_classes = [IsStaff, MayDecide]

    @extend_schema(
        operation_id="decide_report",
        tags=["staff: comments"],
        request=DecisionInput,
        responses={
            200: ReportOutput,
            403: ProblemSerializer,
            404: ProblemSerializer,
            409: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request, report_id: uuid.UUID) -> Response:
        """Keep it or hide it; every open report of the same words is decided with it."""
        sent = DecisionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        report = decide_report(report_id=report_id, by=caller(request), **sent.validated_data)
        return Response(ReportOutput(reports(report.state).get(pk=report.pk)).data)
