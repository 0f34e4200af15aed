"""Units and counts as staff see and move them, as an API: a scanner's app could stand on it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.catalogue.models import Variant
from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination, IsStaff, one_of, sends
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.console.barcode_labels import Paper, shelf_labels_pdf, unit_labels_pdf
from trials.console.queries.put_back import units_to_put_back
from trials.console.queries.units import (
    UnitFilter,
    shelves_to_label,
    staff_unit,
    units_matching,
    units_to_label,
)
from trials.console.units_serializers import (
    BackOnShelfInput,
    NewUnitsInput,
    NewUnitsOutput,
    ShelfLabelsInput,
    StaffUnitOutput,
    StaffUnitRowOutput,
    UnitGivenUpInput,
    UnitLabelsInput,
    UnitPlaceInput,
    UnitReasonInput,
    UnitToPutBackOutput,
)
from trials.home_trials.services.replacing import replace_unit
from trials.units.barcodes import normalised
from trials.units.models import TrialUnit
from trials.units.services.making import create_units
from trials.units.services.tending import (
    place_unit,
    put_away,
    put_back_on_shelf,
    retire_unit,
    send_to_repair,
    write_off_unit,
)
from trials.units.states import UnitState

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}
TAGS = ["staff: units"]
LONGEST_KEY = 18


class StaffUnitPagination(CursorPagination):
    """Units, the latest made first."""

    ordering = "-pk"


class StaffUnitsView(ListAPIView[TrialUnit]):
    """Units of all variants."""

    permission_classes = [IsStaff]
    serializer_class = StaffUnitRowOutput
    pagination_class = StaffUnitPagination
    filter_backends = []
    queryset = TrialUnit.objects.none()

    @extend_schema(
        operation_id="staff_list_units",
        tags=TAGS,
        parameters=[
            OpenApiParameter("state", OpenApiTypes.STR, enum=UnitState.values),
            OpenApiParameter("location", OpenApiTypes.STR, description="A shelf."),
            OpenApiParameter("variant_id", OpenApiTypes.INT64),
            OpenApiParameter(
                "q",
                OpenApiTypes.STR,
                description="The beginning of a barcode, a shelf, a SKU or a frame's name.",
            ),
        ],
        responses={200: StaffUnitRowOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List units, the latest made first."""
        asked = request.query_params
        variant = asked.get("variant_id", "")
        known = variant.isascii() and variant.isdigit() and len(variant) <= LONGEST_KEY
        by = UnitFilter(
            state=one_of(request, "state", UnitState.values),
            words=asked.get("q", ""),
            location=asked.get("location", ""),
            variant_id=int(variant) if known else None,
        )
        page = self.paginate_queryset(units_matching(by))
        return self.get_paginated_response(StaffUnitRowOutput(page, many=True).data)

    @extend_schema(
        operation_id="staff_create_units",
        tags=TAGS,
        request=NewUnitsInput,
        responses={201: NewUnitsOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make 1 to 1,000 units of a variant; who waits for it is served first."""
        sent = NewUnitsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        get_object_or_404(Variant, pk=sent.validated_data["variant_id"])
        units = create_units(by=caller(request), **sent.validated_data)
        return Response(
            NewUnitsOutput({"barcodes": [unit.barcode for unit in units]}).data, status=201
        )


class ToPutBackPagination(CursorPagination):
    """Units to be put back, those that have waited longest first."""

    ordering = ("since", "pk")


class StaffUnitsToPutBackView(ListAPIView[TrialUnit]):
    """What lies off its shelf and is nobody's."""

    permission_classes = [IsStaff]
    serializer_class = UnitToPutBackOutput
    pagination_class = ToPutBackPagination
    filter_backends = []
    queryset = TrialUnit.objects.none()

    @extend_schema(operation_id="staff_list_units_to_put_back", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List units of boxes that were called off, and found ones: nobody is given them yet."""
        page = self.paginate_queryset(units_to_put_back())
        return self.get_paginated_response(UnitToPutBackOutput(page, many=True).data)


class StaffUnitPutAwayView(APIView):
    """Back on its shelf, as it is."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_put_unit_away",
        tags=TAGS,
        request=None,
        responses={200: StaffUnitOutput, **REFUSALS},
    )
    def post(self, request: Request, barcode: str) -> Response:
        """Say that a unit that was to be put back lies on its shelf; who waits is served first."""
        put_away(barcode=staff_unit(barcode).barcode, by=caller(request))
        return Response(StaffUnitOutput(staff_unit(barcode)).data)


class StaffUnitView(APIView):
    """One unit."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_unit",
        tags=TAGS,
        responses={200: StaffUnitOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, barcode: str) -> Response:
        """Return a unit with every move: who, when, why, for which trial."""
        return Response(StaffUnitOutput(staff_unit(barcode)).data)

    @extend_schema(
        operation_id="staff_place_unit",
        tags=TAGS,
        request=UnitPlaceInput,
        responses={200: StaffUnitOutput, **REFUSALS},
    )
    def patch(self, request: Request, barcode: str) -> Response:
        """Note that it has another shelf or grade; what is so already changes nothing."""
        return _tended(request, barcode, place_unit, UnitPlaceInput)


def _tended(
    request: Request, barcode: str, service: Callable[..., TrialUnit], takes: Any
) -> Response:
    sent = takes(data=request.data)
    sent.is_valid(raise_exception=True)
    unit = staff_unit(barcode)
    service(unit_id=unit.pk, by=caller(request), **sent.validated_data)
    return Response(StaffUnitOutput(staff_unit(barcode)).data)


class StaffUnitRepairView(APIView):
    """To the workshop."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_repair_unit",
        tags=TAGS,
        request=UnitReasonInput,
        responses={200: StaffUnitOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, barcode: str) -> Response:
        """Take a unit off its shelf to be repaired; one that a trial holds is refused."""
        return _tended(request, barcode, send_to_repair, UnitReasonInput)


class StaffUnitBackView(APIView):
    """From the workshop."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_put_unit_back",
        tags=TAGS,
        request=BackOnShelfInput,
        responses={200: StaffUnitOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, barcode: str) -> Response:
        """Put a repaired or inspected unit back on its shelf, for who waits for it first."""
        return _tended(request, barcode, put_back_on_shelf, BackOnShelfInput)


class StaffUnitReplaceView(APIView):
    """Another in its place."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_replace_unit",
        tags=TAGS,
        request=None,
        responses={200: StaffUnitOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, barcode: str) -> Response:
        """Have another unit go out in place of one graded D, which goes to repair; returns it."""
        item = replace_unit(unit_id=staff_unit(barcode).pk, by=caller(request))
        return Response(StaffUnitOutput(staff_unit(item.unit.barcode)).data)


class StaffUnitRetireView(APIView):
    """Out of use."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_retire_unit",
        tags=TAGS,
        request=UnitGivenUpInput,
        responses={200: StaffUnitOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, barcode: str) -> Response:
        """Take a unit out of use for good; managers only."""
        return _tended(request, barcode, retire_unit, UnitGivenUpInput)


class StaffUnitWriteOffView(APIView):
    """Given up for lost."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_write_off_unit",
        tags=TAGS,
        request=UnitGivenUpInput,
        responses={200: StaffUnitOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, barcode: str) -> Response:
        """Give a unit up that cannot be found; managers only."""
        return _tended(request, barcode, write_off_unit, UnitGivenUpInput)


class StaffUnitLabelsView(APIView):
    """Barcode labels."""

    permission_classes = [IsStaff]
    renderer_classes = [*APIView.renderer_classes, sends("application/pdf")]

    @extend_schema(
        operation_id="staff_print_unit_labels",
        tags=TAGS,
        request=UnitLabelsInput,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> HttpResponse:
        """Return the labels of units as PDF, on sheets or for a roll; changes nothing."""
        sent = UnitLabelsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        codes = [normalised(each) for each in sent.validated_data["barcodes"]]
        units = units_to_label(units_matching(UnitFilter()).filter(barcode__in=codes))
        pdf = unit_labels_pdf(units, paper=Paper(sent.validated_data["paper"]))
        return HttpResponse(pdf, content_type="application/pdf")


class StaffShelfLabelsView(APIView):
    """Barcode labels of shelves."""

    permission_classes = [IsStaff]
    renderer_classes = [*APIView.renderer_classes, sends("application/pdf")]

    @extend_schema(
        operation_id="staff_print_shelf_labels",
        tags=TAGS,
        request=ShelfLabelsInput,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> HttpResponse:
        """Return the labels of shelves as PDF, on sheets or for a roll; changes nothing."""
        sent = ShelfLabelsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        shelves = shelves_to_label(sent.validated_data["shelves"])
        pdf = shelf_labels_pdf(shelves, paper=Paper(sent.validated_data["paper"]))
        return HttpResponse(pdf, content_type="application/pdf")
