"""Swapping a frame, as an API for customers and staff."""

import uuid

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.api import IDEMPOTENCY_KEY, IsStaff
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.home_trials.models import Trial
from trials.home_trials.queries import trial_of
from trials.swaps.serializers import FrameSwapInput, FrameSwapOutput
from trials.swaps.services import swap_frame

RESPONSES = {201: FrameSwapOutput, 404: ProblemSerializer, 409: ProblemSerializer}


def _swapped(request: Request, trial: Trial, item_id: uuid.UUID, by: User) -> Response:
    sent = FrameSwapInput(data=request.data)
    sent.is_valid(raise_exception=True)
    made = swap_frame(trial_id=trial.pk, item_id=item_id, by=by, **sent.validated_data)
    return Response(FrameSwapOutput(made).data, status=201)


class FrameSwapView(APIView):
    """Another frame for one of the customer's trial."""

    @extend_schema(
        operation_id="swap_frame",
        tags=["trials"],
        request=FrameSwapInput,
        responses=RESPONSES,
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str, item_id: uuid.UUID) -> Response:
        """Swap a frame for another that is free, until the box is picked."""
        user = caller(request)
        return _swapped(request, trial_of(user=user, number=number), item_id, user)


class StaffFrameSwapView(APIView):
    """Another frame for one of a customer's trial, by staff."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_swap_frame",
        tags=["staff: trials"],
        request=FrameSwapInput,
        responses=RESPONSES,
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str, item_id: uuid.UUID) -> Response:
        """Swap a frame as its customer wishes, until the box is picked; she is written to."""
        trial = get_object_or_404(Trial, number=number)
        return _swapped(request, trial, item_id, caller(request))
