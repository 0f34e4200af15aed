"""Papers of orders, as an API; what moves them is the room of orders'."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from shop.foundation.api import IsStaff, sends
from shop.foundation.problems import ProblemSerializer
from shop.orders.models import Order
from shop.orders.queries import lines_to_pack
from trials.fulfilment.sheets import packing_slip_pdf


class StaffOrderSlipView(APIView):
    """The packing slip of an order."""

    permission_classes = [IsStaff]
    renderer_classes = [*APIView.renderer_classes, sends("application/pdf")]

    @extend_schema(
        operation_id="staff_print_order_slip",
        tags=["staff: orders"],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """Return the slip as PDF: where it goes, its number as a barcode, what is in it."""
        order: Order = get_object_or_404(Order.objects.select_related("address"), number=number)
        pdf = packing_slip_pdf(order, lines_to_pack(order))
        return HttpResponse(pdf, content_type="application/pdf")
