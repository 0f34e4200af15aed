"""Decisions by rule, as an API for staff; customers never see the reasons, and ask for a person."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination, IsStaff
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from shop.payments.queries import cards_of
from trials.home_trials.models import Box, Trial
from trials.home_trials.queries import box_lines, trial_of
from trials.home_trials.services.checking import address_of
from trials.programme.queries import current_version, likely_version
from trials.risk.models import LookAnswer, RiskDecision
from trials.risk.queries import look_of, to_review
from trials.risk.serializers import (
    BoxCostsInput,
    BoxCostsOutput,
    LookDecisionInput,
    LookInput,
    LookOutput,
    RiskDecisionOutput,
)
from trials.risk.services.looking import approve_after_look, ask_for_look, decline_after_look
from trials.risk.services.quoting import placing_costs

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}


class ReviewPagination(CursorPagination):
    """Decisions, the oldest wish first."""

    ordering = ("made_at", "pk")


class BoxCostsView(APIView):
    """What a customer's box would cost."""

    @extend_schema(
        operation_id="get_box_costs",
        tags=["box"],
        parameters=[BoxCostsInput],
        responses={200: BoxCostsOutput, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return what her box would cost now: the fee, what comes back, and what is paid when."""
        sent = BoxCostsInput(data=request.query_params)
        sent.is_valid(raise_exception=True)
        user = caller(request)
        address, card = sent.validated_data.get("address_id"), sent.validated_data.get("card_id")
        place = address_of(user, address) if address else None
        lines = box_lines(Box.objects.filter(user=user).first())
        costs = placing_costs(
            user=user,
            version=current_version(country=place.country) if place else likely_version(user),
            address=place,
            card=cards_of(user).filter(pk=card).first() if card else None,
            prices=[line.item.variant.price for line in lines],
        )
        return Response(BoxCostsOutput(costs).data)


class StaffRiskQueueView(ListAPIView[RiskDecision]):
    """Trials that wait for a person."""

    permission_classes = [IsStaff]
    serializer_class = RiskDecisionOutput
    pagination_class = ReviewPagination
    queryset = to_review()

    @extend_schema(operation_id="staff_list_risk_queue", tags=["staff: trials"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the trials that wait for a person, with what the rules found."""
        return super().get(request, *args, **kwargs)


class StaffTrialRiskView(APIView):
    """What the rules found of one trial."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_trial_risk",
        tags=["staff: trials"],
        responses={200: RiskDecisionOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the decision on a trial with its reasons; approve or decline it by its own."""
        decisions = RiskDecision.objects.select_related("trial")
        decision = get_object_or_404(decisions, trial__number=number)
        return Response(RiskDecisionOutput(decision).data)


def _look(trial: Trial) -> dict[str, Any]:
    offered, look = look_of(trial)
    return LookOutput({"offered": offered, "look": look}).data


class TrialLookView(APIView):
    """A person's look at a trial that was declined by rule."""

    @extend_schema(
        operation_id="get_trial_look",
        tags=["trials"],
        responses={200: LookOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return whether a person may be asked to look, and what became of it where one was."""
        return Response(_look(trial_of(user=caller(request), number=number)))

    @extend_schema(
        operation_id="ask_for_look",
        tags=["trials"],
        request=LookInput,
        responses={200: LookOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Ask, once, that a person looks at a trial that was declined by rule."""
        sent = LookInput(data=request.data)
        sent.is_valid(raise_exception=True)
        ask_for_look(user=caller(request), number=number, **sent.validated_data)
        return Response(_look(trial_of(user=caller(request), number=number)))


class StaffTrialLookView(APIView):
    """Deciding on a trial that was declined by rule."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_decide_trial_look",
        tags=["staff: trials"],
        request=LookDecisionInput,
        responses={200: LookOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Approve it, so that it is placed anew, or let the no stand with a reason."""
        sent = LookDecisionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = get_object_or_404(Trial, number=number)
        if sent.validated_data["answer"] == LookAnswer.APPROVED:
            approve_after_look(trial_id=trial.pk, by=caller(request))
        else:
            decline_after_look(
                trial_id=trial.pk, by=caller(request), reason=sent.validated_data["reason"]
            )
        return Response(_look(trial))
