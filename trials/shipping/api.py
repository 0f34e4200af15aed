"""Labels and tracking, as an API for staff and a door for carriers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff, sends
from shop.foundation.problems import ProblemSerializer
from trials.home_trials.models import Trial
from trials.shipping.carriers import CARRIERS
from trials.shipping.errors import ShipmentMissingError, TrackingSignatureError
from trials.shipping.labels import labels_pdf
from trials.shipping.models import Shipment
from trials.shipping.queries import parcels_to_look_after
from trials.shipping.serializers import (
    AstrayParcelOutput,
    ShipmentOutput,
    TrackingEventInput,
)
from trials.shipping.services.labels import create_labels, refunds_told
from trials.shipping.services.tracking import record_tracking, record_words


class StaffLabelsView(APIView):
    """The labels of a trial."""

    permission_classes = [IsStaff]
    renderer_classes = [JSONRenderer, sends("application/pdf")]

    @extend_schema(
        operation_id="staff_get_labels",
        tags=["staff: trials"],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            404: ProblemSerializer,
            409: ProblemSerializer,
        },
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """Return both labels and the packing slip as one PDF."""
        trial = get_object_or_404(Trial, number=number)
        return HttpResponse(labels_pdf(trial), content_type="application/pdf")

    @extend_schema(
        operation_id="staff_create_labels",
        tags=["staff: trials"],
        request=None,
        responses={
            200: ShipmentOutput(many=True),
            404: ProblemSerializer,
            409: ProblemSerializer,
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """Make the outbound and the return label; made before, they are given again."""
        trial = get_object_or_404(Trial, number=number)
        shipments = create_labels(trial_id=trial.pk, by=caller(request))
        return Response(ShipmentOutput(shipments, many=True).data)


class StaffParcelPagination(CursorPagination):
    """Parcels, the oldest label first."""

    ordering = ("created_at", "pk")


class StaffParcelsView(ListAPIView[Shipment]):
    """Parcels that somebody must see to."""

    permission_classes = [IsStaff]
    serializer_class = AstrayParcelOutput
    pagination_class = StaffParcelPagination
    filter_backends = []
    queryset = Shipment.objects.none()

    @extend_schema(operation_id="staff_list_parcels", tags=["staff: fulfilment"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List parcels that failed, come back or have been silent for days, oldest label first."""
        page = self.paginate_queryset(parcels_to_look_after(timezone.now()))
        return self.get_paginated_response(AstrayParcelOutput(page, many=True).data)


class StaffTrackingView(APIView):
    """What is known of a parcel, entered by staff."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_record_tracking",
        tags=["staff: trials"],
        request=TrackingEventInput,
        responses={200: ShipmentOutput, 404: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request, tracking_number: str) -> Response:
        """Note a tracking event; one with the same ``event_id`` was noted before."""
        sent = TrackingEventInput(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(ShipmentOutput(_record(tracking_number, sent.validated_data)).data)


class CarrierWebhookView(APIView):
    """Where carriers report."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="carrier_webhook",
        exclude=True,
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiResponse(description="Noted.")},
    )
    def post(self, request: Request, carrier: str) -> Response:
        """Note what a signed message tells."""
        if carrier not in CARRIERS:
            raise ShipmentMissingError(_("There is no such carrier."))
        # Signed is the body as it came, so it is read before the parser empties the stream.
        if not CARRIERS[carrier].verify_webhook(request._request):
            raise TrackingSignatureError(_("The signature is missing, wrong or too old."))
        if told := CARRIERS[carrier].refunds_told(request.data):
            return Response({"noted": bool(refunds_told(tracking_numbers=told))})
        words = CARRIERS[carrier].read_webhook(request.data)
        noted = record_words(words)
        # A carrier with an account of its own tells of other parcels too, and would stop telling
        # anything where it is refused; ours tells of ours only.
        if words and not noted and not CARRIERS[carrier].tells:
            raise ShipmentMissingError(_("No parcel has this number."))
        return Response({"noted": bool(noted)})


def _record(tracking_number: str, values: dict[str, Any]) -> Shipment:
    return record_tracking(
        tracking_number=tracking_number,
        carrier_event_id=values["event_id"],
        status=values["status"],
        occurred_at=values["occurred_at"],
        description=values.get("description", ""),
    )
