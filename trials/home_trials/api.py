"""The box and the trials of a customer, as an API."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.catalogue.queries import frame_by_handle
from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.api import IDEMPOTENCY_KEY, CursorPagination
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from shop.payments.api import ConfirmationOutput, confirmation
from shop.payments.services.charges import refresh_payment, start_payment
from trials.home_trials.expected import availabilities
from trials.home_trials.models import Box, Trial
from trials.home_trials.queries import (
    TrialLine,
    box_lines,
    lines_of_placed,
    lines_of_trials,
    trial_lines,
    trial_of,
    trials_of,
)
from trials.home_trials.serializers import (
    AvailabilityOutput,
    BoxItemInput,
    BoxOutput,
    BoxSuggestionsOutput,
    TrialCancellationInput,
    TrialCardInput,
    TrialDetailsOutput,
    TrialHoldsOutput,
    TrialOutput,
    TrialPlacementInput,
)
from trials.home_trials.services.boxes import add_to_box, box_for, remove_from_box
from trials.home_trials.services.holding import hold_on, holds_of, is_wanting
from trials.home_trials.services.paying import payment_of_trial
from trials.home_trials.services.requests import cancel_trial, place_trial
from trials.home_trials.suggesting import box_suggestions
from trials.programme.queries import likely_version
from trials.units.errors import NothingFreeError
from trials.units.services.turning_away import note_turned_away

Lines = dict[uuid.UUID, list[TrialLine]]


class TrialPagination(CursorPagination):
    """Trials, latest first."""

    ordering = ("-requested_at", "-pk")


def _box(user: User) -> dict[str, Any]:
    box = Box.objects.filter(user=user).first()
    return BoxOutput({"version": likely_version(user), "lines": box_lines(box)}).data


def _trial(user: User, number: str) -> dict[str, Any]:
    return _shown(trial_of(user=user, number=number))


def _shown(trial: Trial) -> dict[str, Any]:
    return TrialOutput(trial, context={"lines": {trial.pk: trial_lines(trial)}}).data


class BoxView(APIView):
    """The customer's box."""

    @extend_schema(operation_id="get_box", tags=["box"], responses={200: BoxOutput})
    def get(self, request: Request) -> Response:
        """Return what is in the box, and what of it is free now."""
        return Response(_box(caller(request)))


class BoxItemsView(APIView):
    """What is in the box."""

    @extend_schema(
        operation_id="add_to_box",
        tags=["box"],
        request=BoxItemInput,
        responses={200: BoxOutput, 409: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Put a variant in; one that is in stays. Nothing is reserved yet."""
        sent = BoxItemInput(data=request.data)
        sent.is_valid(raise_exception=True)
        add_to_box(box_id=box_for(user=caller(request)).pk, **sent.validated_data)
        return Response(_box(caller(request)))


class BoxItemView(APIView):
    """One variant in the box."""

    @extend_schema(operation_id="remove_from_box", tags=["box"], responses={200: BoxOutput})
    def delete(self, request: Request, variant_id: int) -> Response:
        """Take a variant out; one that is not in is no error."""
        remove_from_box(box_id=box_for(user=caller(request)).pk, variant_id=variant_id)
        return Response(_box(caller(request)))


class BoxSuggestionsView(APIView):
    """What else might go into the box."""

    @extend_schema(
        operation_id="get_box_suggestions",
        tags=["box"],
        responses={200: BoxSuggestionsOutput},
    )
    def get(self, request: Request) -> Response:
        """Return up to three frames free to try now, each with why; none where little is known."""
        user = caller(request)
        found = box_suggestions(Box.objects.filter(user=user).first(), user)
        return Response(BoxSuggestionsOutput({"suggestions": found}).data)


class FrameAvailabilityView(APIView):
    """Trying a frame at home: now, or when."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="get_frame_availability",
        tags=["frames"],
        responses={200: AvailabilityOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, handle: str) -> Response:
        """Return for each variant of a frame whether a unit is free, or when one should be."""
        user = request.user if isinstance(request.user, User) else None
        variants = list(frame_by_handle(handle, user=user).variants.all())
        known = availabilities([each.pk for each in variants], now=timezone.now(), user=user)
        rows = [
            {"variant_id": each.pk, "variant": each, **vars(known[each.pk])} for each in variants
        ]
        return Response(AvailabilityOutput({"variants": rows}).data)


class TrialsView(ListAPIView[Trial]):
    """The customer's trials."""

    serializer_class = TrialOutput
    pagination_class = TrialPagination
    queryset = Trial.objects.none()

    @extend_schema(operation_id="list_trials", tags=["trials"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List trials, latest first."""
        page = self.paginate_queryset(trials_of(caller(request)))
        trials: list[Trial] = list(page or [])
        shown = TrialOutput(trials, many=True, context={"lines": lines_of_trials(trials)})
        return self.get_paginated_response(shown.data)

    @extend_schema(
        operation_id="place_trial",
        tags=["trials"],
        request=TrialPlacementInput,
        responses={201: TrialOutput, 409: ProblemSerializer, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Place the box as a trial: one unit of each variant is reserved, or none at all."""
        try:
            return self._place(request)
        except NothingFreeError as error:
            # Out here, for a refusal undoes all that was written with it.
            note_turned_away(user=caller(request), variant_ids=error.extra["variants"])
            raise

    @idempotent
    def _place(self, request: Request) -> Response:
        sent = TrialPlacementInput(data=request.data)
        sent.is_valid(raise_exception=True)
        box = box_for(user=caller(request))
        trial = place_trial(user=caller(request), box_id=box.pk, **sent.validated_data)
        shown = TrialOutput(trial, context={"lines": {trial.pk: lines_of_placed(trial)}})
        return Response(shown.data, status=201)


class TrialView(APIView):
    """One trial of the customer."""

    @extend_schema(
        operation_id="get_trial",
        tags=["trials"],
        responses={200: TrialDetailsOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return a trial with its frames, the parcel out, and what of hers lay in the box."""
        trial = trial_of(user=caller(request), number=number)
        context = {"lines": {trial.pk: trial_lines(trial)}}
        return Response(TrialDetailsOutput(trial, context=context).data)


class TrialPaymentView(APIView):
    """The payment of a trial's fee and deposit."""

    @extend_schema(
        operation_id="start_trial_payment",
        tags=["trials"],
        request=None,
        responses={200: ConfirmationOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Begin, or go on; then confirm the PaymentIntent with Stripe, and refresh."""
        payment = payment_of_trial(trial_of(user=caller(request), number=number))
        start = start_payment(payment_id=payment.pk)
        return Response(confirmation(start.intent_id, start.client_secret))


class TrialPaymentRefreshView(APIView):
    """What became of the payment of a trial."""

    @extend_schema(
        operation_id="refresh_trial_payment",
        tags=["trials"],
        request=None,
        responses={200: TrialOutput, 404: ProblemSerializer, 503: ProblemSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask Stripe how it stands; may be repeated, and the webhook tells us anyway."""
        payment = payment_of_trial(trial_of(user=caller(request), number=number))
        refresh_payment(payment_id=payment.pk)
        return Response(_trial(caller(request), number))


class TrialHoldView(APIView):
    """What is held for a trial, and the card that stands for it."""

    @extend_schema(
        operation_id="get_trial_hold",
        tags=["trials"],
        responses={200: TrialHoldsOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return what is held on a card for a trial, and whether another card is wanted."""
        return Response(_hold(trial_of(user=caller(request), number=number)))

    @extend_schema(
        operation_id="give_trial_card",
        tags=["trials"],
        request=TrialCardInput,
        responses={200: TrialHoldsOutput, 404: ProblemSerializer, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Have another saved card stand for a trial; what is not held is held on it."""
        sent = TrialCardInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = trial_of(user=caller(request), number=number)
        hold_on(trial_id=trial.pk, user=caller(request), **sent.validated_data)
        return Response(_hold(trial))


def _hold(trial: Trial) -> dict[str, Any]:
    holds = holds_of(trial)
    shown = {"hold": next(iter(holds), None), "another_card": is_wanting(trial, holds)}
    return TrialHoldsOutput(shown).data


class TrialCancelView(APIView):
    """Calling a trial off."""

    @extend_schema(
        operation_id="cancel_trial",
        tags=["trials"],
        request=TrialCancellationInput,
        responses={200: TrialOutput, 404: ProblemSerializer, 409: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Call a trial off before its box has left; its units are free again, or put back first."""
        sent = TrialCancellationInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = trial_of(user=caller(request), number=number)
        cancel_trial(trial_id=trial.pk, by=caller(request), **sent.validated_data)
        return Response(_trial(caller(request), number))
