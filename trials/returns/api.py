"""Checking in and charges, as an API for staff."""

import uuid

from django.shortcuts import get_object_or_404
from djmoney.money import Money
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IDEMPOTENCY_KEY, IsStaff
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.at_home.serializers import ExtensionOutput, StaffExtensionInput
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.models.inspections import Inspection
from trials.returns.queries.charges import charge_by_id, charges_with_trials
from trials.returns.serializers import (
    ChargeAttemptOutput,
    CheckInInput,
    CorrectedInspectionOutput,
    CorrectVerdictInput,
    FinishCheckInInput,
    InspectionOutput,
    LetGoInput,
    RefundChargeInput,
    TrialChargeOutput,
)
from trials.returns.services.asking import ask_now
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.correcting import correct_verdict
from trials.returns.services.extending import extend_uncharged
from trials.returns.services.letting_go import mark_lost, waive_charge, write_off_charge
from trials.returns.services.refunding import decide_refund
from trials.returns.services.reminding import remind_now

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}


class TrialEndOutput(serializers.Serializer):
    """Where a trial stands after what was settled of it."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TrialState.choices)
    closed_at = serializers.DateTimeField(allow_null=True)


class StaffExtensionView(APIView):
    """More days at home, given by staff."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_extend_trial",
        tags=["staff: trials"],
        request=StaffExtensionInput,
        responses={201: ExtensionOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Extend a trial at home by some days, whoever waits, while no frame of it is charged."""
        sent = StaffExtensionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = get_object_or_404(Trial, number=number)
        made = extend_uncharged(trial_id=trial.pk, by=caller(request), **sent.validated_data)
        return Response(ExtensionOutput(made).data, status=201)


class StaffCheckInView(APIView):
    """A returned unit."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_check_in_unit",
        tags=["staff: trials"],
        request=CheckInInput,
        responses={201: InspectionOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Check a unit in, with its grade and what is to become of it."""
        sent = CheckInInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial, values = get_object_or_404(Trial, number=number), dict(sent.validated_data)
        if "found_in" in values:
            values["found_in"] = get_object_or_404(Trial, number=values["found_in"]).pk
        label = values.pop("tracking_number", "")
        made = check_in_unit(trial_id=trial.pk, by=caller(request), label=label, **values)
        inspection = Inspection.objects.select_related("item", "unit").get(pk=made.pk)
        return Response(InspectionOutput(inspection).data, status=201)


class StaffCorrectVerdictView(APIView):
    """What was found of a unit, put right."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_correct_verdict",
        tags=["staff: trials"],
        request=CorrectVerdictInput,
        responses={200: CorrectedInspectionOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Correct what a unit was found to be, until its customer is told or the trial is over."""
        sent = CorrectVerdictInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = get_object_or_404(Trial, number=number)
        made = correct_verdict(trial_id=trial.pk, by=caller(request), **sent.validated_data)
        found = Inspection.objects.select_related("item", "unit")
        inspection = found.prefetch_related("corrections__corrected_by").get(pk=made.pk)
        return Response(CorrectedInspectionOutput(inspection).data)


class StaffFinishCheckInView(APIView):
    """The end of checking a box in."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_finish_check_in",
        tags=["staff: trials"],
        request=FinishCheckInInput,
        responses={200: TrialEndOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Say that nothing more is in the box; the trial closes if nothing is missing or owed."""
        trial = get_object_or_404(Trial, number=number)
        sent = FinishCheckInInput(data=request.data)
        sent.is_valid(raise_exception=True)
        label = sent.validated_data.get("tracking_number", "")
        finished = finish_check_in(trial_id=trial.pk, by=caller(request), label=label)
        return Response(TrialEndOutput(finished).data)


class StaffChargeView(APIView):
    """Charging what did not come back."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_charge_unreturned",
        tags=["staff: trials"],
        request=None,
        responses={
            200: TrialChargeOutput(many=True),
            404: ProblemSerializer,
            409: ProblemSerializer,
        },
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Charge what is missing once the days of grace are over; the card is asked soon after."""
        trial = get_object_or_404(Trial, number=number)
        made = charge_unreturned(trial_id=trial.pk, by=caller(request))
        charges = charges_with_trials().filter(pk__in=[charge.pk for charge in made])
        return Response(TrialChargeOutput(charges, many=True).data)


class StaffRemindView(APIView):
    """Asking once more for what is away."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_remind_customer",
        tags=["staff: trials"],
        request=None,
        responses={204: None, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Write to the customer of an overdue trial, no more often than once a day."""
        trial = get_object_or_404(Trial, number=number)
        remind_now(trial_id=trial.pk, by=caller(request))
        return Response(status=204)


class StaffMarkLostView(APIView):
    """Giving up what is away."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_mark_lost",
        tags=["staff: trials"],
        request=LetGoInput,
        responses={200: TrialEndOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Give up what is away of a trial and not charged: nobody pays for it; managers only."""
        sent = LetGoInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = get_object_or_404(Trial, number=number)
        done = mark_lost(trial_id=trial.pk, by=caller(request), **sent.validated_data)
        return Response(TrialEndOutput(done).data)


class StaffAskCardView(APIView):
    """Asking a refused card again."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_ask_card_again",
        tags=["staff: charges"],
        request=None,
        responses={200: ChargeAttemptOutput, 404: ProblemSerializer, 409: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, charge_id: uuid.UUID) -> Response:
        """Ask the card of a charge once more now; a worker does it soon after."""
        attempt = ask_now(charge_id=charge_id, by=caller(request))
        attempt.refresh_from_db()
        return Response(ChargeAttemptOutput(attempt).data)


class StaffRefundChargeView(APIView):
    """Giving back what was paid."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_refund_charge",
        tags=["staff: charges"],
        request=RefundChargeInput,
        responses={200: TrialChargeOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, charge_id: uuid.UUID) -> Response:
        """Give back so much of a paid charge, or nothing, which closes the question; managers.

        Where that was to be decided and nothing is given back, the customer is written to.
        """
        sent = RefundChargeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        currency = str(charge_by_id(charge_id).amount.currency)
        decide_refund(
            charge_id=charge_id,
            by=caller(request),
            amount=Money(sent.validated_data["amount"], currency),
            reason=sent.validated_data["reason"],
            undecided=sent.validated_data["undecided"],
            seen_left=sent.validated_data.get("seen_left"),
            answer=sent.validated_data["answer"],
        )
        return Response(TrialChargeOutput(charge_by_id(charge_id)).data)


class StaffWaiveView(APIView):
    """Letting a customer off."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_waive_charge",
        tags=["staff: charges"],
        request=LetGoInput,
        responses={200: TrialChargeOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, charge_id: uuid.UUID) -> Response:
        """Waive a charge that should not be the customer's; managers only."""
        sent = LetGoInput(data=request.data)
        sent.is_valid(raise_exception=True)
        waive_charge(charge_id=charge_id, by=caller(request), **sent.validated_data)
        return Response(TrialChargeOutput(charge_by_id(charge_id)).data)


class StaffWriteOffView(APIView):
    """Giving up what will not be paid."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_write_off_charge",
        tags=["staff: charges"],
        request=LetGoInput,
        responses={200: TrialChargeOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, charge_id: uuid.UUID) -> Response:
        """Write off a charge that is owed and will not be paid; managers only."""
        sent = LetGoInput(data=request.data)
        sent.is_valid(raise_exception=True)
        write_off_charge(charge_id=charge_id, by=caller(request), **sent.validated_data)
        return Response(TrialChargeOutput(charge_by_id(charge_id)).data)
