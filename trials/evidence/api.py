"""Evidence, as an API: staff send it, its customer may look at it."""

import uuid
from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff, sends
from shop.foundation.problems import ProblemSerializer
from trials.evidence.models import EvidencePhoto, EvidenceSource, EvidenceState
from trials.evidence.responses import evidence_file
from trials.evidence.serializers import EvidenceInput, EvidenceOutput
from trials.evidence.services import add_evidence
from trials.home_trials.models import Trial


class EvidencePagination(CursorPagination):
    """Photos, oldest first."""

    ordering = ("taken_at", "pk")


class StaffEvidenceView(ListAPIView[EvidencePhoto]):
    """The photos of a trial's frames and boxes."""

    permission_classes = [IsStaff]
    parser_classes = [MultiPartParser]
    serializer_class = EvidenceOutput
    pagination_class = EvidencePagination
    filter_backends = []
    queryset = EvidencePhoto.objects.none()

    @extend_schema(
        operation_id="staff_list_evidence",
        tags=["staff: trials"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the photos of a trial, oldest first; erased ones are gone."""
        trial = get_object_or_404(Trial, number=kwargs["number"])
        kept = EvidencePhoto.objects.filter(trial=trial).exclude(state=EvidenceState.ERASED)
        page = self.paginate_queryset(kept)
        return self.get_paginated_response(EvidenceOutput(page, many=True).data)

    @extend_schema(
        operation_id="staff_add_evidence",
        tags=["staff: trials"],
        request={"multipart/form-data": EvidenceInput},
        responses={
            201: EvidenceOutput,
            404: ProblemSerializer,
            409: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """Send a photo; it is ``pending`` until it has been made safe."""
        sent = EvidenceInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = get_object_or_404(Trial, number=number)
        photo = add_evidence(
            trial_id=trial.pk,
            by=caller(request),
            source=EvidenceSource.STATION,
            **sent.validated_data,
        )
        return Response(EvidenceOutput(photo).data, status=201)


class EvidenceFileView(APIView):
    """The picture itself."""

    renderer_classes = [JSONRenderer, sends("image/jpeg")]

    @extend_schema(
        operation_id="get_evidence_file",
        tags=["trials"],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, photo_id: uuid.UUID, size: int) -> FileResponse:
        """Return a photo as a JPEG: staff any, a customer those of her own trials."""
        return evidence_file(caller(request), photo_id, size)
