"""Orders as staff find, pack, send, complete, cancel and refund them, as an API."""

from typing import Any

from django.shortcuts import get_object_or_404
from djmoney.money import Money
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination, IsStaff, one_of
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from shop.orders.models import Order
from shop.orders.queries import PACKING, orders_matching
from shop.orders.services.fulfilment import (
    cancel_order,
    complete_order,
    correct_parcel,
    fulfil_order,
)
from shop.orders.services.packing import pack_piece, unpack_order
from shop.orders.services.refunding import money_of, refund_order
from shop.orders.staff_serializers import (
    StaffOrderCancelInput,
    StaffOrderDetailOutput,
    StaffOrderLineOutput,
    StaffOrderOutput,
    StaffOrderPackInput,
    StaffOrderRefundInput,
    StaffOrderSendInput,
)
from shop.orders.states import OrderState

TAGS = ["staff: orders"]
REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer}


class StaffOrderPagination(CursorPagination):
    """Orders, the newest first."""

    ordering = ("-placed_at", "-pk")


def _found(number: str) -> Order:
    return get_object_or_404(Order.objects.select_related("user", "address"), number=number)


def _answer(number: str) -> Response:
    orders = Order.objects.select_related("user", "address").prefetch_related("lines__variant")
    order = orders.get(number=number)
    order.money = money_of(order)  # type: ignore[attr-defined]
    return Response(StaffOrderDetailOutput(order).data)


class StaffOrdersView(ListAPIView[Order]):
    """Orders of all customers."""

    permission_classes = [IsStaff]
    serializer_class = StaffOrderOutput
    pagination_class = StaffOrderPagination
    filter_backends = []
    queryset = Order.objects.none()

    @extend_schema(
        operation_id="staff_list_orders",
        tags=TAGS,
        parameters=[
            OpenApiParameter("state", OpenApiTypes.STR, enum=OrderState.values),
            OpenApiParameter(
                "packing",
                OpenApiTypes.STR,
                enum=list(PACKING),
                description="Of those that are paid and have not left, how far they are packed.",
            ),
            OpenApiParameter(
                "country", OpenApiTypes.STR, description="Of the address, ISO 3166-1 alpha-2."
            ),
            OpenApiParameter("q", OpenApiTypes.STR, description="A number, or a customer."),
        ],
        responses={200: StaffOrderOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List orders, the newest first."""
        found = orders_matching(
            state=one_of(request, "state", OrderState.values),
            packing=one_of(request, "packing", PACKING),
            country=request.query_params.get("country", "").strip(),
            words=request.query_params.get("q", "").strip(),
        )
        shown = found.select_related("user", "address").prefetch_related("lines__variant")
        page = self.paginate_queryset(shown)
        return self.get_paginated_response(StaffOrderOutput(page, many=True).data)


class StaffOrderView(APIView):
    """One order."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_order",
        tags=TAGS,
        responses={200: StaffOrderDetailOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return an order with its address, its lines, what of them is packed, and its money."""
        return _answer(_found(number).number)


class StaffOrderPackView(APIView):
    """A piece for the parcel."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_pack_piece",
        tags=TAGS,
        request=StaffOrderPackInput,
        responses={200: StaffOrderLineOutput, **REFUSALS, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Count a scanned piece into the parcel; a wrong one, or one too many, is refused."""
        sent = StaffOrderPackInput(data=request.data)
        sent.is_valid(raise_exception=True)
        line = pack_piece(order_id=_found(number).pk, **sent.validated_data)
        return Response(StaffOrderLineOutput(line).data)


class StaffOrderUnpackView(APIView):
    """Beginning the packing anew."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_unpack_order",
        tags=TAGS,
        request=None,
        responses={200: StaffOrderDetailOutput, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Have nothing of a paid order count as scanned."""
        unpack_order(order_id=_found(number).pk)
        return _answer(number)


class StaffOrderSendView(APIView):
    """Handing the parcel over."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_send_order",
        tags=TAGS,
        request=StaffOrderSendInput,
        responses={200: StaffOrderDetailOutput, **REFUSALS, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Note that an order was sent; its customer is mailed, with the parcel's number."""
        sent = StaffOrderSendInput(data=request.data)
        sent.is_valid(raise_exception=True)
        fulfil_order(order_id=_found(number).pk, by=caller(request), **sent.validated_data)
        return _answer(number)


class StaffOrderParcelView(APIView):
    """The parcel of an order that is on its way."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_correct_parcel",
        tags=TAGS,
        request=StaffOrderSendInput,
        responses={200: StaffOrderDetailOutput, **REFUSALS, 422: ProblemSerializer},
    )
    def put(self, request: Request, number: str) -> Response:
        """Put right the carrier and the number of a parcel that is on its way; nobody is mailed."""
        sent = StaffOrderSendInput(data=request.data)
        sent.is_valid(raise_exception=True)
        correct_parcel(order_id=_found(number).pk, **sent.validated_data)
        return _answer(number)


class StaffOrderCompleteView(APIView):
    """The end of an order that arrived."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_complete_order",
        tags=TAGS,
        request=None,
        responses={200: StaffOrderDetailOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Note that an order which was sent has arrived, and is over."""
        complete_order(order_id=_found(number).pk, by=caller(request))
        return _answer(number)


class StaffOrderCancelView(APIView):
    """Calling an order off."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_cancel_order",
        tags=TAGS,
        request=StaffOrderCancelInput,
        responses={200: StaffOrderDetailOutput, **REFUSALS, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Call an order off before it is sent: its pieces are free, what was paid goes back.

        One that is paid takes the permission to give money back; without it 403 answers.
        """
        sent = StaffOrderCancelInput(data=request.data)
        sent.is_valid(raise_exception=True)
        cancel_order(order_id=_found(number).pk, by=caller(request), **sent.validated_data)
        return _answer(number)


class StaffOrderRefundView(APIView):
    """Money that goes back."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_refund_order",
        tags=TAGS,
        request=StaffOrderRefundInput,
        responses={200: StaffOrderDetailOutput, **REFUSALS, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Give back part of what was paid for an order, or all of it; the order stays as it is.

        The card gets its part first, credit comes back as credit. It takes the permission to give
        money back; without it 403 answers.
        """
        sent = StaffOrderRefundInput(data=request.data)
        sent.is_valid(raise_exception=True)
        amount, currency = sent.validated_data.get("amount"), sent.validated_data["currency"]
        refund_order(
            order_id=_found(number).pk,
            amount=None if amount is None else Money(amount, currency),
            seen=Money(sent.validated_data["given_back"], currency),
            by=caller(request),
            reason=sent.validated_data["reason"],
        )
        return _answer(number)
