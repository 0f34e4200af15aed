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
from trials.home_trials.models import Trial
from trials.home_trials.queries import trial_of
from trials.risk.models import LookAnswer, RiskDecision
from trials.risk.queries import look_of, to_review
from trials.risk.serializers import (
    LookDecisionInput,
    LookInput,
    LookOutput,
    RiskDecisionOutput,
)
from trials.risk.services.looking import approve_after_look, ask_for_look, decline_after_look

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}


class ReviewPagination(CursorPagination):
    """Decisions, the oldest wish first."""

    ordering = ("made_at", "pk")


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
