"""Saved cards as an API. A card's number goes from the app to Stripe; we see its last four."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff, MoneySerializerField
from shop.foundation.network import client_address
from shop.foundation.problems import ProblemSerializer
from shop.payments.models import Dispute, SavedCard
from shop.payments.queries import cards_of, open_disputes
from shop.payments.services.cards import detach_card, finish_card_setup, start_card_setup


class CardOutput(serializers.Serializer):
    """A saved card."""

    id = serializers.IntegerField()
    brand = serializers.CharField()
    last4 = serializers.CharField()
    exp_month = serializers.IntegerField()
    exp_year = serializers.IntegerField()


class ConfirmationOutput(serializers.Serializer):
    """What an app needs to confirm a card with Stripe."""

    intent_id = serializers.CharField()
    client_secret = serializers.CharField()
    publishable_key = serializers.CharField()
    stripe_api_base = serializers.CharField(help_text="Stripe's own address, or the sandbox's.")


def confirmation(intent_id: str, client_secret: str) -> dict[str, str]:
    """Return the answer to an app that is to confirm an intent."""
    return ConfirmationOutput(
        {
            "intent_id": intent_id,
            "client_secret": client_secret,
            "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
            "stripe_api_base": settings.STRIPE_BROWSER_BASE,
        }
    ).data


class CardsView(ListAPIView):
    """The cards of the caller."""

    serializer_class = CardOutput
    filter_backends = ()

    def get_queryset(self) -> QuerySet[SavedCard]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return SavedCard.objects.none()
        return cards_of(caller(self.request))

    @extend_schema(operation_id="list_cards", tags=["cards"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List saved cards, latest first."""
        return super().get(request, *args, **kwargs)


class CardSetupView(APIView):
    """Saving a card begins here."""

    @extend_schema(
        operation_id="start_card_setup",
        tags=["cards"],
        request=None,
        responses={201: ConfirmationOutput, 429: ProblemSerializer, 503: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Begin, or go on with the one under way; then confirm it with Stripe, and finish."""
        start = start_card_setup(user=caller(request), address=client_address(request))
        body = confirmation(start.intent_id, start.client_secret)
        return Response(body, status=status.HTTP_201_CREATED)


class CardSetupFinishView(APIView):
    """Saving a card ends here."""

    @extend_schema(
        operation_id="finish_card_setup",
        tags=["cards"],
        request=None,
        responses={200: CardOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, intent_id: str) -> Response:
        """Keep the card of a confirmed SetupIntent; may be repeated."""
        card = finish_card_setup(user=caller(request), setup_intent_id=intent_id)
        return Response(CardOutput(card).data)


class CardView(APIView):
    """One saved card."""

    @extend_schema(
        operation_id="remove_card",
        tags=["cards"],
        responses={204: None, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def delete(self, request: Request, card_id: int) -> Response:
        """Forget the card, here and at Stripe, unless it stands for frames that are out."""
        detach_card(user=caller(request), card_id=card_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DisputeOutput(serializers.Serializer):
    """A payer's objection at her bank."""

    id = serializers.CharField(source="stripe_dispute_id", help_text="Stripe's.")
    purpose = serializers.CharField(source="payment.purpose")
    reference = serializers.CharField(
        source="payment.reference", help_text="What was paid, such as an order's number."
    )
    amount = MoneySerializerField()
    withdrawn = MoneySerializerField(help_text="What the bank has taken and not given back.")
    fees = MoneySerializerField(help_text="What Stripe took for it and has not given back.")
    status = serializers.CharField(help_text="Stripe's word.")
    reason = serializers.CharField(help_text="Stripe's word.")
    answer_by = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField()


class DisputePagination(CursorPagination):
    """Disputes, the oldest first."""

    ordering = ("opened_at", "pk")


class StaffDisputesView(ListAPIView[Dispute]):
    """Disputes that banks have still to decide."""

    permission_classes = [IsStaff]
    serializer_class = DisputeOutput
    pagination_class = DisputePagination
    queryset = open_disputes()

    @extend_schema(operation_id="staff_list_disputes", tags=["staff: payments"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the disputes that are open, the oldest first."""
        return super().get(request, *args, **kwargs)
