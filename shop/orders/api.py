"""Cart and orders as an API."""

import uuid

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from djmoney.money import Money
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from shop.orders.errors import OrderMissingError
from shop.orders.models import Cart, Order
from shop.orders.queries import cart_lines, cart_total, orders_of
from shop.orders.serializers import (
    CartLineInput,
    CartOutput,
    CartQuantityInput,
    OrderOutput,
    OrderPlacementInput,
)
from shop.orders.services.carts import add_to_cart, cart_for, change_quantity
from shop.orders.services.checkout import PURPOSE, place_order
from shop.orders.services.vouchers import waiting_gift
from shop.payments.api import ConfirmationOutput, confirmation
from shop.payments.queries import payment_for
from shop.payments.services.charges import refresh_payment, start_payment


class OrderPagination(CursorPagination):
    """Orders, the newest first."""

    ordering = ("-placed_at", "-pk")


def cart_output(cart: Cart) -> dict[str, object]:
    """Return a cart as every call about it answers."""
    lines = cart_lines(cart)
    gift = waiting_gift(cart.user) if cart.user else None
    return CartOutput({"lines": lines, "total": cart_total(lines), "gift": gift}).data


def _order(user: User, number: str) -> Order:
    order = orders_of(user).filter(number=number).first()
    if order is None:
        raise OrderMissingError(_("There is no such order."))
    return order


class CartView(APIView):
    """The caller's cart."""

    @extend_schema(operation_id="get_cart", tags=["cart"], responses={200: CartOutput})
    def get(self, request: Request) -> Response:
        """Return what is in the cart, at today's prices."""
        return Response(cart_output(cart_for(user=caller(request))))


class CartLinesView(APIView):
    """What is in the cart."""

    @extend_schema(
        operation_id="add_to_cart",
        tags=["cart"],
        request=CartLineInput,
        responses={200: CartOutput, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Put a variant in; one that is in stays as it is. Nothing is reserved yet."""
        sent = CartLineInput(data=request.data)
        sent.is_valid(raise_exception=True)
        cart = cart_for(user=caller(request))
        add_to_cart(cart_id=cart.pk, **sent.validated_data)
        return Response(cart_output(cart))


class CartLineView(APIView):
    """One variant in the cart."""

    @extend_schema(
        operation_id="change_cart_quantity",
        tags=["cart"],
        request=CartQuantityInput,
        responses={200: CartOutput, 404: ProblemSerializer},
    )
    def put(self, request: Request, variant_id: int) -> Response:
        """Set how many are wanted."""
        sent = CartQuantityInput(data=request.data)
        sent.is_valid(raise_exception=True)
        cart = cart_for(user=caller(request))
        change_quantity(cart_id=cart.pk, variant_id=variant_id, **sent.validated_data)
        return Response(cart_output(cart))

    @extend_schema(
        operation_id="remove_from_cart", tags=["cart"], request=None, responses={200: CartOutput}
    )
    def delete(self, request: Request, variant_id: int) -> Response:
        """Take a variant out; one that is not in is no error."""
        cart = cart_for(user=caller(request))
        change_quantity(cart_id=cart.pk, variant_id=variant_id, quantity=0)
        return Response(cart_output(cart))


class OrdersView(ListAPIView):
    """The caller's orders."""

    serializer_class = OrderOutput
    pagination_class = OrderPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Order]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return Order.objects.none()
        return orders_of(caller(self.request))

    @extend_schema(operation_id="list_orders", tags=["orders"])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return the orders, the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="place_order",
        tags=["orders"],
        parameters=[IDEMPOTENCY_KEY],
        request=OrderPlacementInput,
        responses={201: OrderOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Turn the cart into an order: stock is held, and the payment can be started."""
        sent = OrderPlacementInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user, expected = caller(request), sent.validated_data.get("expected_total")
        credit = sent.validated_data.get("use_credit")
        order = place_order(
            user=user,
            cart_id=cart_for(user=user).pk,
            address_id=sent.validated_data["address_id"],
            expected_total=None if expected is None else Money(expected, settings.DEFAULT_CURRENCY),
            use_credit=None if credit is None else Money(credit, settings.DEFAULT_CURRENCY),
        )
        return Response(OrderOutput(order).data, status=status.HTTP_201_CREATED)


class OrderView(APIView):
    """One order."""

    @extend_schema(
        operation_id="get_order",
        tags=["orders"],
        responses={200: OrderOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the order."""
        return Response(OrderOutput(_order(caller(request), number)).data)


def _payment_id(order: Order) -> uuid.UUID:
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    if payment is None:
        raise OrderMissingError(_("There is nothing to pay for this order."))
    return payment.pk


class OrderPaymentView(APIView):
    """The payment of an order."""

    @extend_schema(
        operation_id="start_order_payment",
        tags=["orders"],
        request=None,
        responses={200: ConfirmationOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Begin, or go on; then confirm the PaymentIntent with Stripe, and refresh."""
        order = _order(caller(request), number)
        start = start_payment(payment_id=_payment_id(order))
        return Response(confirmation(start.intent_id, start.client_secret))


class OrderPaymentRefreshView(APIView):
    """What became of the payment of an order."""

    @extend_schema(
        operation_id="refresh_order_payment",
        tags=["orders"],
        request=None,
        responses={200: OrderOutput, 404: ProblemSerializer, 503: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask Stripe how it stands; may be repeated, and the webhook tells us anyway."""
        user = caller(request)
        refresh_payment(payment_id=_payment_id(_order(user, number)))
        return Response(OrderOutput(_order(user, number)).data)
