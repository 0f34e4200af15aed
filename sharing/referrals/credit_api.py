"""A customer's credit, and the held referrals, for clients of the API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.referrals.models import Referral
from sharing.referrals.pages import entry_words
from sharing.referrals.queries import held_referrals
from sharing.referrals.serializers import (
    CreditEntryOutput,
    CreditOutput,
    HeldOutput,
    ReviewInput,
    ReviewOutput,
)
from sharing.referrals.services.reviewing import refuse_referral, release_referral
from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff
from shop.foundation.problems import ProblemSerializer
from shop.payments.models import LedgerEntry
from shop.payments.queries import credit_entries, credit_of


class CreditView(APIView):
    """The caller's credit."""

    @extend_schema(operation_id="get_credit", tags=["credit"], responses=CreditOutput)
    def get(self, request: Request) -> Response:
        """Return what she may use at the checkout (``use_credit`` of place_order)."""
        return Response(CreditOutput({"balance": credit_of(caller(request))}).data)


class CreditEntriesView(ListAPIView):
    """The movements of the caller's credit."""

    serializer_class = CreditEntryOutput
    pagination_class = CursorPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return LedgerEntry.objects.none()
        return credit_entries(caller(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page of entries, each from her side and in words."""
        page = super().paginate_queryset(queryset)
        for entry in page or []:
            entry.words, entry.hers = entry_words(entry), -entry.amount
        return page

    @extend_schema(operation_id="list_credit_entries", tags=["credit"])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return what came in and went out, the latest first."""
        return super().get(request, *args, **kwargs)


class HeldPagination(CursorPagination):
    """Held referrals, the longest waiting first."""

    ordering = ("joined_at", "pk")


class HeldReferralsView(ListAPIView):
    """Referrals that wait for somebody to decide."""

    permission_classes = [IsStaff]
    serializer_class = HeldOutput
    pagination_class = HeldPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Referral]:
        """Return all of them."""
        return held_referrals()

    @extend_schema(operation_id="staff_list_held_referrals", tags=["staff: referrals"])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return the held referrals with what made the shop look twice."""
        return super().get(request, *args, **kwargs)


def _review(request: Request) -> str:
    sent = ReviewInput(data=request.data)
    sent.is_valid(raise_exception=True)
    return str(sent.validated_data["note"])


ANSWERS = {
    200: ReviewOutput,
    403: ProblemSerializer,
    404: ProblemSerializer,
    409: ProblemSerializer,
    422: ProblemSerializer,
}


class ReferralReleaseView(APIView):
    """A held referral goes on."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_release_referral",
        tags=["staff: referrals"],
        request=ReviewInput,
        responses=ANSWERS,
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Release it: what held it holds it no second time. Managers only."""
        note = _review(request)
        referral = release_referral(referral_id=referral_id, by=caller(request), note=note)
        return Response(ReviewOutput(referral).data)


class ReferralRefuseView(APIView):
    """A held referral ends."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_refuse_referral",
        tags=["staff: referrals"],
        request=ReviewInput,
        responses=ANSWERS,
    )
    def post(self, request: Request, referral_id: uuid.UUID) -> Response:
        """Refuse it: nobody is rewarded. Managers only."""
        note = _review(request)
        referral = refuse_referral(referral_id=referral_id, by=caller(request), note=note)
        return Response(ReviewOutput(referral).data)
