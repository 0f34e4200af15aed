"""Return labels, as an API for customers and staff."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IsStaff, sends
from shop.foundation.problems import ProblemSerializer
from trials.home_trials.models import Trial
from trials.home_trials.queries import trial_of
from trials.shipping.labels import label_pdf
from trials.shipping.models import Leg
from trials.shipping.queries import return_shipment_of, shipment_by_number, shipments_of
from trials.shipping.serializers import AnotherLabelInput, ReturnLabelsOutput, ShipmentOutput
from trials.shipping.services.return_labels import another_return_label

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer}
PDF = {(200, "application/pdf"): OpenApiTypes.BINARY, 404: ProblemSerializer}


class ReturnLabelsView(APIView):
    """The labels by which a customer sends her trial back."""

    @extend_schema(
        operation_id="list_return_labels",
        tags=["trials"],
        responses={200: ReturnLabelsOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """List the return labels of a trial, the one made with the box first."""
        trial = trial_of(user=caller(request), number=number)
        labels = shipments_of(trial).filter(leg=Leg.RETURN)
        return Response(ReturnLabelsOutput({"labels": labels}).data)

    @extend_schema(
        operation_id="ask_for_return_label",
        tags=["trials"],
        request=AnotherLabelInput,
        responses={201: ShipmentOutput, **REFUSALS, 422: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Make one more return label: the one before is lost, or something is sent after the box.

        Name in ``nth`` which one it is to be, and asking twice makes one.
        """
        user = caller(request)
        trial = trial_of(user=user, number=number)
        sent = AnotherLabelInput(data=request.data)
        sent.is_valid(raise_exception=True)
        made = another_return_label(trial_id=trial.pk, by=user, **sent.validated_data)
        return Response(ShipmentOutput(made).data, status=201)


class ReturnLabelFileView(APIView):
    """The label itself."""

    renderer_classes = [JSONRenderer, sends("application/pdf")]

    @extend_schema(operation_id="get_return_label", tags=["trials"], responses=PDF)
    def get(self, request: Request, number: str) -> HttpResponse:
        """Return the latest return label of a trial as PDF, while there is something to send."""
        shipment = return_shipment_of(user=caller(request), number=number)
        return HttpResponse(label_pdf(shipment), content_type="application/pdf")


class StaffReturnLabelsView(APIView):
    """One more return label, made by staff."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_make_return_label",
        tags=["staff: trials"],
        request=AnotherLabelInput,
        responses={201: ShipmentOutput, **REFUSALS, 422: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Make one more return label of a trial; its customer is mailed where it is.

        Name in ``nth`` which one it is to be, and asking twice makes one.
        """
        trial = get_object_or_404(Trial, number=number)
        sent = AnotherLabelInput(data=request.data)
        sent.is_valid(raise_exception=True)
        made = another_return_label(trial_id=trial.pk, by=caller(request), **sent.validated_data)
        return Response(ShipmentOutput(made).data, status=201)


class StaffLabelFileView(APIView):
    """One label."""

    permission_classes = [IsStaff]
    renderer_classes = [JSONRenderer, sends("application/pdf")]

    @extend_schema(operation_id="staff_get_label", tags=["staff: trials"], responses=PDF)
    def get(self, request: Request, tracking_number: str) -> HttpResponse:
        """Return the label of one parcel as PDF."""
        shipment = shipment_by_number(tracking_number)
        return HttpResponse(label_pdf(shipment), content_type="application/pdf")
