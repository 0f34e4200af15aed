"""Picking and handing over, as an API for staff: a scanner app stands on it."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination, IsStaff, one_of, sends
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.fulfilment.models import Manifest, PickBatch
from trials.fulfilment.queries.batches import batch_by_id, pick_lines
from trials.fulfilment.queries.manifests import (
    first_to_hand_over,
    manifest_by_id,
    manifest_parcels,
    manifests,
)
from trials.fulfilment.serializers import (
    BatchReasonInput,
    BoxToShipOutput,
    ManifestInput,
    ManifestOutput,
    ManifestParcelOutput,
    ManifestWithParcelsOutput,
    PickBatchInput,
    PickBatchOutput,
    PickBatchWithLinesOutput,
    PickedOutput,
    ScanInput,
    UnitNotFoundOutput,
    WaitingParcelOutput,
)
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.fulfilment.services.manifests import (
    add_parcel,
    close_manifest,
    open_manifest,
    remove_parcel,
)
from trials.fulfilment.services.picking import pick_unit, report_not_found
from trials.fulfilment.sheets import manifest_pdf, pick_list_pdf
from trials.fulfilment.urgency import Due, boxes_to_ship
from trials.home_trials.models import Trial

TAGS = ["staff: fulfilment"]
MOST_WAITING = 50
REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}
PDF = {(200, "application/pdf"): OpenApiTypes.BINARY, 404: ProblemSerializer}


def _sent(serializer: type[Any], request: Request) -> dict[str, Any]:
    read = serializer(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _batch(batch_id: int) -> dict[str, Any]:
    batch = batch_by_id(batch_id)
    batch.lines = pick_lines(batch)  # type: ignore[attr-defined]
    return dict(PickBatchWithLinesOutput(batch).data)


def _manifest(manifest_id: int) -> dict[str, Any]:
    manifest = manifest_by_id(manifest_id)
    waiting, waiting_count = first_to_hand_over(manifest.carrier, MOST_WAITING)
    return {
        **ManifestOutput(manifest).data,
        "parcels": ManifestParcelOutput(manifest_parcels(manifest), many=True).data,
        "waiting_count": waiting_count,
        "waiting": WaitingParcelOutput(waiting, many=True).data,
    }


class StaffBatchesView(ListAPIView[PickBatch]):
    """Pick batches."""

    permission_classes = [IsStaff]
    serializer_class = PickBatchOutput
    pagination_class = CursorPagination
    filter_backends = []
    queryset = PickBatch.objects.all()

    @extend_schema(operation_id="staff_list_batches", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List pick batches, latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="staff_make_batch",
        tags=TAGS,
        request=PickBatchInput,
        responses={201: PickBatchWithLinesOutput, 409: ProblemSerializer, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Put the next approved trials into a batch, the most urgent first."""
        sent = _sent(PickBatchInput, request)
        made = make_batch(by=caller(request), **sent)
        return Response(_batch(made.pk), status=201)


class BoxesToShipPagination(CursorPagination):
    """Boxes, the most urgent first."""

    ordering = ("leaves_by", "pk")


class StaffToShipView(ListAPIView[Trial]):
    """Boxes that have not left."""

    permission_classes = [IsStaff]
    serializer_class = BoxToShipOutput
    pagination_class = BoxesToShipPagination
    filter_backends = []
    queryset = Trial.objects.none()

    @extend_schema(
        operation_id="staff_list_boxes_to_ship",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "due", OpenApiTypes.STR, enum=Due.values, description="How urgent; all if empty."
            )
        ],
        responses={200: BoxToShipOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List boxes that have not left, the most urgent first, with how far each is."""
        due = one_of(request, "due", Due.values)
        page = self.paginate_queryset(boxes_to_ship(due, now=timezone.now()))
        return self.get_paginated_response(BoxToShipOutput(page, many=True).data)


class StaffBatchView(APIView):
    """One pick batch."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_batch",
        tags=TAGS,
        responses={200: PickBatchWithLinesOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Return a batch with its lines in the order of the walk."""
        return Response(_batch(batch_id))


class StaffPickListView(APIView):
    """The paper of a batch."""

    permission_classes = [IsStaff]
    renderer_classes = [JSONRenderer, sends("application/pdf")]

    @extend_schema(operation_id="staff_get_pick_list", tags=TAGS, responses=PDF)
    def get(self, request: Request, batch_id: int) -> HttpResponse:
        """Return the pick list and the totes' labels as PDF."""
        batch = batch_by_id(batch_id)
        paper = pick_list_pdf(batch, pick_lines(batch))
        return HttpResponse(paper, content_type="application/pdf")


class StaffPickView(APIView):
    """A unit taken from its shelf."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_pick_unit",
        tags=TAGS,
        request=ScanInput,
        responses={200: PickedOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, batch_id: int) -> Response:
        """Note a unit as picked and say into which tote it goes; a wrong one is refused."""
        sent = _sent(ScanInput, request)
        batch_by_id(batch_id)
        picked = pick_unit(batch_id=batch_id, by=caller(request), **sent)
        return Response(PickedOutput(picked).data)


class StaffNotFoundView(APIView):
    """A unit that is not on its shelf."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_report_not_found",
        tags=TAGS,
        request=ScanInput,
        responses={200: UnitNotFoundOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, batch_id: int) -> Response:
        """Say that a unit is missing; another free one of the same variant takes its place."""
        sent = _sent(ScanInput, request)
        batch_by_id(batch_id)
        noted = report_not_found(batch_id=batch_id, by=caller(request), **sent)
        return Response(UnitNotFoundOutput(noted).data)


class StaffCancelBatchView(APIView):
    """Giving a batch up."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_cancel_batch",
        tags=TAGS,
        request=BatchReasonInput,
        responses={200: PickBatchWithLinesOutput, **REFUSALS},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Cancel a batch that is being picked; its trials may go into another."""
        sent = _sent(BatchReasonInput, request)
        batch_by_id(batch_id)
        cancel_batch(batch_id=batch_id, by=caller(request), **sent)
        return Response(_batch(batch_id))


class StaffManifestsView(ListAPIView[Manifest]):
    """Manifests."""

    permission_classes = [IsStaff]
    serializer_class = ManifestOutput
    pagination_class = CursorPagination
    filter_backends = []
    queryset = Manifest.objects.none()

    @extend_schema(operation_id="staff_list_manifests", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List manifests, latest first."""
        page = self.paginate_queryset(manifests())
        return self.get_paginated_response(ManifestOutput(page, many=True).data)

    @extend_schema(
        operation_id="staff_open_manifest",
        tags=TAGS,
        request=ManifestInput,
        responses={200: ManifestWithParcelsOutput, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Return a carrier's open manifest; a new one where it has none."""
        sent = _sent(ManifestInput, request)
        return Response(_manifest(open_manifest(by=caller(request), **sent).pk))


class StaffManifestView(APIView):
    """One manifest."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_manifest",
        tags=TAGS,
        responses={200: ManifestWithParcelsOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, manifest_id: int) -> Response:
        """Return a manifest with its parcels in the order of scanning."""
        return Response(_manifest(manifest_id))


class StaffManifestPaperView(APIView):
    """The paper of a manifest."""

    permission_classes = [IsStaff]
    renderer_classes = [JSONRenderer, sends("application/pdf")]

    @extend_schema(operation_id="staff_get_manifest_paper", tags=TAGS, responses=PDF)
    def get(self, request: Request, manifest_id: int) -> HttpResponse:
        """Return a manifest as PDF, to be signed by the carrier."""
        manifest = manifest_by_id(manifest_id)
        paper = manifest_pdf(manifest, list(manifest_parcels(manifest)))
        return HttpResponse(paper, content_type="application/pdf")


class StaffManifestParcelsView(APIView):
    """Parcels put on a manifest."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_add_parcel",
        tags=TAGS,
        request=ScanInput,
        responses={201: ManifestParcelOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, manifest_id: int) -> Response:
        """Put a scanned parcel on an open manifest; a wrong one is refused."""
        sent = _sent(ScanInput, request)
        manifest_by_id(manifest_id)
        added = add_parcel(manifest_id=manifest_id, scanned=sent["barcode"], by=caller(request))
        return Response(ManifestParcelOutput(added).data, status=201)


class StaffManifestParcelView(APIView):
    """A parcel taken from a manifest."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_remove_parcel",
        tags=TAGS,
        request=None,
        responses={204: None, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def delete(self, request: Request, manifest_id: int, tracking_number: str) -> Response:
        """Take a parcel from a manifest that is still open."""
        manifest_by_id(manifest_id)
        remove_parcel(manifest_id=manifest_id, tracking_number=tracking_number)
        return Response(status=204)


class StaffCloseManifestView(APIView):
    """Handing over."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_close_manifest",
        tags=TAGS,
        request=None,
        responses={200: ManifestWithParcelsOutput, 404: ProblemSerializer, 409: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, manifest_id: int) -> Response:
        """Hand a manifest's parcels to the carrier: their trials are shipped."""
        manifest_by_id(manifest_id)
        close_manifest(manifest_id=manifest_id, by=caller(request))
        return Response(_manifest(manifest_id))
