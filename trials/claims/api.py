"""Claims, as an API for staff."""

import uuid
from typing import Any

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
from trials.claims.models import Claim
from trials.claims.queries import claim_by_id, claims_matching
from trials.claims.serializers import (
    ClaimCorrectionInput,
    ClaimFilingInput,
    ClaimPaymentInput,
    ClaimReasonInput,
    ParcelClaimOutput,
)
from trials.claims.services import (
    correct_payment,
    file_claim,
    give_back_payment,
    note_payment,
    note_refusal,
    withdraw_claim,
)
from trials.claims.states import ClaimState

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}
TAGS = ["staff: claims"]
STATES = ["waiting", "turned_up", *ClaimState.values]


class ClaimPagination(CursorPagination):
    """Claims, the most urgent first."""

    ordering = ("due_on", "pk")


def _answer(claim_id: uuid.UUID) -> Response:
    return Response(ParcelClaimOutput(claim_by_id(claim_id)).data)


class StaffClaimsView(ListAPIView[Claim]):
    """Claims against carriers."""

    permission_classes = [IsStaff]
    serializer_class = ParcelClaimOutput
    pagination_class = ClaimPagination
    filter_backends = []
    queryset = Claim.objects.none()

    @extend_schema(
        operation_id="staff_list_claims",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "state",
                OpenApiTypes.STR,
                enum=STATES,
                description="Waiting: to be filed, or turned up. Turned up: came after filing.",
            )
        ],
        responses={200: ParcelClaimOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List claims, the most urgent first."""
        page = self.paginate_queryset(claims_matching(one_of(request, "state", STATES)))
        return self.get_paginated_response(ParcelClaimOutput(page, many=True).data)


class StaffFileClaimView(APIView):
    """Sending a claim to the carrier."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_file_claim",
        tags=TAGS,
        request=ClaimFilingInput,
        responses={200: ParcelClaimOutput, **REFUSALS},
    )
    def post(self, request: Request, claim_id: uuid.UUID) -> Response:
        """Note that a claim was sent to the carrier, and its number there."""
        sent = ClaimFilingInput(data=request.data)
        sent.is_valid(raise_exception=True)
        file_claim(claim_id=claim_id, by=caller(request), **sent.validated_data)
        return _answer(claim_id)


class StaffClaimPaidView(APIView):
    """A carrier that paid."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_claim_paid",
        tags=TAGS,
        request=ClaimPaymentInput,
        responses={200: ParcelClaimOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, claim_id: uuid.UUID) -> Response:
        """Note what the carrier paid; managers only."""
        sent = ClaimPaymentInput(data=request.data)
        sent.is_valid(raise_exception=True)
        paid = Money(sent.validated_data["paid"], claim_by_id(claim_id).amount.currency)
        note_payment(claim_id=claim_id, by=caller(request), paid=paid)
        return _answer(claim_id)


class StaffClaimCorrectView(APIView):
    """A payment put right."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_claim_correct",
        tags=TAGS,
        request=ClaimCorrectionInput,
        responses={200: ParcelClaimOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, claim_id: uuid.UUID) -> Response:
        """Note what the carrier paid in all, more or less than is noted; managers only."""
        sent = ClaimCorrectionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        currency = claim_by_id(claim_id).amount.currency
        correct_payment(
            claim_id=claim_id,
            by=caller(request),
            paid=Money(sent.validated_data["paid"], currency),
            seen_paid=Money(sent.validated_data["seen_paid"], currency),
            reason=sent.validated_data["reason"],
        )
        return _answer(claim_id)


class StaffClaimGivenBackView(APIView):
    """A carrier that was given its money back."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_claim_given_back",
        tags=TAGS,
        request=ClaimReasonInput,
        responses={200: ParcelClaimOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request, claim_id: uuid.UUID) -> Response:
        """Note that the carrier was given back what it had paid; managers only."""
        sent = ClaimReasonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        give_back_payment(claim_id=claim_id, by=caller(request), **sent.validated_data)
        return _answer(claim_id)


class StaffClaimRefusedView(APIView):
    """A carrier that did not."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_claim_refused",
        tags=TAGS,
        request=ClaimReasonInput,
        responses={200: ParcelClaimOutput, **REFUSALS},
    )
    def post(self, request: Request, claim_id: uuid.UUID) -> Response:
        """Note that the carrier refused a filed claim; it may be filed again."""
        sent = ClaimReasonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        note_refusal(claim_id=claim_id, by=caller(request), **sent.validated_data)
        return _answer(claim_id)


class StaffWithdrawClaimView(APIView):
    """Giving a claim up."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_withdraw_claim",
        tags=TAGS,
        request=ClaimReasonInput,
        responses={200: ParcelClaimOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request, claim_id: uuid.UUID) -> Response:
        """Give up a claim that is not paid; managers only."""
        sent = ClaimReasonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        withdraw_claim(claim_id=claim_id, by=caller(request), **sent.validated_data)
        return _answer(claim_id)
