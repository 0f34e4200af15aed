"""Counting units, as an API: what a scanner's app needs besides its camera."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination, IsStaff
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.console.queries.units import report_lines, staff_count, staff_counts
from trials.console.units_api import REFUSALS, TAGS, StaffUnitPagination
from trials.console.units_serializers import (
    CountAcceptInput,
    CountAllAcceptedOutput,
    CountFindingOutput,
    CountInput,
    CountOutlookOutput,
    CountOutput,
    CountScanInput,
    CountScanOutput,
    CountSeenInput,
    UnitGivenUpInput,
    UnitReasonInput,
)
from trials.units.models import CountedUnit, UnitCount
from trials.units.services.accepting import accept_all, foresee
from trials.units.services.counting import abandon_count, finish_count, scan_unit, start_count
from trials.units.services.resolving import accept_finding, dismiss_finding


class CountPagination(CursorPagination):
    """Counts, latest first."""

    ordering = ("-started_at", "-pk")


class StaffCountsView(ListAPIView[UnitCount]):
    """Counts of shelves and variants."""

    permission_classes = [IsStaff]
    serializer_class = CountOutput
    pagination_class = CountPagination
    filter_backends = []
    queryset = UnitCount.objects.none()

    @extend_schema(operation_id="staff_list_counts", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List counts, latest first."""
        page = self.paginate_queryset(staff_counts())
        return self.get_paginated_response(CountOutput(page, many=True).data)

    @extend_schema(
        operation_id="staff_start_count",
        tags=TAGS,
        request=CountInput,
        responses={200: CountOutput, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Begin to count a shelf or a variant; the count that goes on there is given again."""
        sent = CountInput(data=request.data)
        sent.is_valid(raise_exception=True)
        count = start_count(by=caller(request), **sent.validated_data)
        return _count(count.pk)


def _count(count_id: uuid.UUID) -> Response:
    return Response(CountOutput(staff_count(count_id)).data)


class StaffCountView(APIView):
    """One count."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_count",
        tags=TAGS,
        responses={200: CountOutput, 404: REFUSALS[404]},
    )
    def get(self, request: Request, count_id: uuid.UUID) -> Response:
        """Return how a count stands."""
        return _count(count_id)


class StaffCountScanView(APIView):
    """A unit that lies there."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_scan_counted_unit",
        tags=TAGS,
        request=CountScanInput,
        responses={200: CountScanOutput, **REFUSALS},
    )
    def post(self, request: Request, count_id: uuid.UUID) -> Response:
        """Note that a unit was seen, and say what the books believe of it."""
        sent = CountScanInput(data=request.data)
        sent.is_valid(raise_exception=True)
        count = staff_count(count_id)
        scan = scan_unit(count_id=count.pk, by=caller(request), **sent.validated_data)
        return Response(CountScanOutput(scan).data)


class StaffCountFinishView(APIView):
    """The end of a count."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_finish_count",
        tags=TAGS,
        request=None,
        responses={200: CountOutput, **REFUSALS},
    )
    def post(self, request: Request, count_id: uuid.UUID) -> Response:
        """End a count and write down what differs; nothing is moved."""
        finish_count(count_id=staff_count(count_id).pk, by=caller(request))
        return _count(count_id)


class StaffCountAbandonView(APIView):
    """Giving a count up."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_abandon_count",
        tags=TAGS,
        request=UnitReasonInput,
        responses={200: CountOutput, **REFUSALS},
    )
    def post(self, request: Request, count_id: uuid.UUID) -> Response:
        """Give a count up: nothing of it counts."""
        sent = UnitReasonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        abandon_count(count_id=staff_count(count_id).pk, by=caller(request), **sent.validated_data)
        return _count(count_id)


class StaffCountFindingsView(ListAPIView[CountedUnit]):
    """What differed."""

    permission_classes = [IsStaff]
    serializer_class = CountFindingOutput
    pagination_class = StaffUnitPagination
    filter_backends = []
    queryset = CountedUnit.objects.none()

    @extend_schema(operation_id="staff_list_count_findings", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what differed in a finished count."""
        page = self.paginate_queryset(report_lines(staff_count(kwargs["count_id"])))
        return self.get_paginated_response(CountFindingOutput(page, many=True).data)


class StaffFindingAcceptView(APIView):
    """Making the books say what was counted."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_foresee_finding",
        tags=TAGS,
        responses={200: CountOutlookOutput, **REFUSALS},
    )
    def get(self, request: Request, count_id: uuid.UUID, line: int) -> Response:
        """Return what would come of it: whether the unit is lost, and what that costs."""
        outlook = foresee(staff_count(count_id), by=caller(request), line=_line(count_id, line))
        return Response(CountOutlookOutput(outlook).data)

    @extend_schema(
        operation_id="staff_accept_finding",
        tags=TAGS,
        request=CountAcceptInput,
        responses={200: CountFindingOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, count_id: uuid.UUID, line: int) -> Response:
        """Accept one finding: missing is lost, found is taken in, misplaced has its new shelf.

        A unit is written off only by who may, and says that she has seen so, by `lost`.
        """
        sent = CountAcceptInput(data=request.data)
        sent.is_valid(raise_exception=True)
        accept_finding(counted_id=_line(count_id, line), by=caller(request), **sent.validated_data)
        return _finding(count_id, line)


class StaffFindingDismissView(APIView):
    """Leaving the books as they are."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_dismiss_finding",
        tags=TAGS,
        request=UnitGivenUpInput,
        responses={200: CountFindingOutput, **REFUSALS},
    )
    def post(self, request: Request, count_id: uuid.UUID, line: int) -> Response:
        """Leave one finding as it is, with a reason."""
        sent = UnitGivenUpInput(data=request.data)
        sent.is_valid(raise_exception=True)
        dismiss_finding(counted_id=_line(count_id, line), by=caller(request), **sent.validated_data)
        return _finding(count_id, line)


def _line(count_id: uuid.UUID, line: int) -> int:
    return int(get_object_or_404(CountedUnit, pk=line, count_id=count_id).pk)


def _finding(count_id: uuid.UUID, line: int) -> Response:
    return Response(CountFindingOutput(report_lines(staff_count(count_id)).get(pk=line)).data)


class StaffCountAcceptAllView(APIView):
    """Accepting all that is left."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_foresee_findings",
        tags=TAGS,
        responses={200: CountOutlookOutput, **REFUSALS},
    )
    def get(self, request: Request, count_id: uuid.UUID) -> Response:
        """Return what would come of it: how many units are lost, what that costs, and the rest."""
        outlook = foresee(staff_count(count_id), by=caller(request))
        return Response(CountOutlookOutput(outlook).data)

    @extend_schema(
        operation_id="staff_accept_all_findings",
        tags=TAGS,
        request=CountSeenInput,
        responses={200: CountAllAcceptedOutput, **REFUSALS},
    )
    def post(self, request: Request, count_id: uuid.UUID) -> Response:
        """Accept all that is left, as it was seen; what cannot be accepted is named and left."""
        sent = CountSeenInput(data=request.data)
        sent.is_valid(raise_exception=True)
        count = staff_count(count_id)
        result = accept_all(count_id=count.pk, by=caller(request), **sent.validated_data)
        return Response(CountAllAcceptedOutput(result).data)
