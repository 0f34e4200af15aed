"""Trials as staff see and move them, as an API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import (
    IDEMPOTENCY_KEY,
    AsSortedPagination,
    CursorPagination,
    IsStaff,
    one_of,
)
from shop.foundation.idempotency import idempotent
from shop.foundation.problems import ProblemSerializer
from trials.console.overdue import overdue_rows
from trials.console.queries.charges import payments_of
from trials.console.queries.overdue import KINDS, SORTS, overdue_page
from trials.console.queries.trials import (
    FILTERS,
    parcels_at_the_door,
    staff_trial,
    trials_matching,
)
from trials.console.serializers import (
    OverdueInput,
    OverduePageOutput,
    ParcelAtTheDoorOutput,
    StaffApprovedOutput,
    StaffNumbersInput,
    StaffPackInput,
    StaffReasonInput,
    StaffTrialItemOutput,
    StaffTrialOutput,
    StaffTrialRowOutput,
    TimelineOutput,
)
from trials.console.settling import waits_of
from trials.console.timeline import trial_timeline
from trials.fulfilment.services.manifests import hand_over_alone
from trials.home_trials.models import Trial
from trials.home_trials.services.approving import approve_trials
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import (
    approve_trial,
    cancel_trial,
    decline_trial,
)
from trials.programme.queries import programme_names
from trials.shipping.models import Shipment

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer}
TAGS = ["staff: trials"]
OVERDUE_A_PAGE = 50
QUEUES = [*FILTERS, "ended", "unheld"]


def _found(number: str) -> Trial:
    return get_object_or_404(Trial, number=number)


def _answer(number: str) -> Response:
    trial = staff_trial(number)
    return Response(StaffTrialOutput(trial, context=_with_payments(trial)).data)


def _with_payments(trial: Trial) -> dict[str, Any]:
    """Return what the charges of a trial are told with besides themselves, in one query."""
    return {"payments": payments_of(trial.charges.all())}


class StaffTrialsView(ListAPIView[Trial]):
    """Trials of all customers."""

    permission_classes = [IsStaff]
    serializer_class = StaffTrialRowOutput
    pagination_class = AsSortedPagination
    filter_backends = []
    queryset = Trial.objects.none()

    @extend_schema(
        operation_id="staff_list_trials",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "state",
                OpenApiTypes.STR,
                enum=QUEUES,
                description="A queue.",
            ),
            OpenApiParameter("programme", OpenApiTypes.STR, description="The slug of a programme."),
            OpenApiParameter(
                "q",
                OpenApiTypes.STR,
                description="A number, a customer, a unit's barcode or a parcel's number.",
            ),
        ],
        responses={200: StaffTrialRowOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List trials: latest first, in a queue the oldest wish or what falls due first."""
        params = request.query_params
        found = trials_matching(
            queue=one_of(request, "state", QUEUES),
            words=params.get("q", ""),
            programme=one_of(request, "programme", programme_names()),
            now=timezone.now(),
        )
        page = self.paginate_queryset(found) or []
        shown = StaffTrialRowOutput(page, many=True, context={"waits": waits_of(page)})
        return self.get_paginated_response(shown.data)


class StaffTrialView(APIView):
    """One trial."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_trial",
        tags=TAGS,
        responses={200: StaffTrialOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return a trial with its customer, units, parcels and charges."""
        return _answer(number)


class StaffTrialTimelineView(APIView):
    """What happened to a trial."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_trial_timeline",
        tags=TAGS,
        responses={200: TimelineOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return all of it, latest first: moves, frames, parcels, mails, money and claims."""
        entries = trial_timeline(staff_trial(number))
        return Response(TimelineOutput({"entries": entries}).data)


class StaffOverdueView(APIView):
    """What is overdue, owed or lost."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_list_overdue",
        tags=TAGS,
        parameters=[OverdueInput],
        responses={200: OverduePageOutput, 400: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """List it by age or amount, with what was sent and what comes next by itself."""
        one_of(request, "kind", KINDS)
        one_of(request, "sort", SORTS)
        asked = OverdueInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        now = timezone.now()
        page = overdue_page(**asked.validated_data, now=now, size=OVERDUE_A_PAGE)
        rows = overdue_rows(page, kind=asked.validated_data["kind"], now=now)
        return Response(OverduePageOutput({"results": rows, "after": page.after}).data)


class DoorPagination(CursorPagination):
    """Parcels at the door, who came first at their head."""

    ordering = ("delivered_at", "pk")


class StaffAtTheDoorView(ListAPIView[Shipment]):
    """What is to be checked in."""

    permission_classes = [IsStaff]
    serializer_class = ParcelAtTheDoorOutput
    pagination_class = DoorPagination
    filter_backends = []
    queryset = Shipment.objects.none()

    @extend_schema(operation_id="staff_list_parcels_at_the_door", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the parcels the carrier brought back and nobody has opened, the oldest first."""
        page = self.paginate_queryset(parcels_at_the_door())
        return self.get_paginated_response(ParcelAtTheDoorOutput(page, many=True).data)


class StaffApproveView(APIView):
    """Saying yes."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_approve_trial",
        tags=TAGS,
        request=None,
        responses={200: StaffTrialOutput, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Let a requested trial be packed."""
        approve_trial(trial_id=_found(number).pk, by=caller(request))
        return _answer(number)


class StaffApproveManyView(APIView):
    """Saying yes to several."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_approve_trials",
        tags=TAGS,
        request=StaffNumbersInput,
        responses={200: StaffApprovedOutput},
    )
    def post(self, request: Request) -> Response:
        """Let requested trials be packed, each for itself: one refused keeps no other back."""
        sent = StaffNumbersInput(data=request.data)
        sent.is_valid(raise_exception=True)
        outcome = approve_trials(numbers=sent.validated_data["numbers"], by=caller(request))
        told = {
            "approved": [number for number, error in outcome.items() if error is None],
            "refused": [
                {"number": number, "code": error.code, "detail": str(error)}
                for number, error in outcome.items()
                if error is not None
            ],
        }
        return Response(StaffApprovedOutput(told).data)


class StaffDeclineView(APIView):
    """Saying no."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_decline_trial",
        tags=TAGS,
        request=StaffReasonInput,
        responses={200: StaffTrialOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Decline a requested trial; its units are free again and the customer is told."""
        sent = StaffReasonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        decline_trial(trial_id=_found(number).pk, by=caller(request), **sent.validated_data)
        return _answer(number)


class StaffCancelView(APIView):
    """Calling a trial off."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_cancel_trial",
        tags=TAGS,
        request=StaffReasonInput,
        responses={200: StaffTrialOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Call a trial off before it is shipped; what was picked or packed is to be put back."""
        sent = StaffReasonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        cancel_trial(trial_id=_found(number).pk, by=caller(request), **sent.validated_data)
        return _answer(number)


class StaffPackView(APIView):
    """A unit for the box."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_pack_unit",
        tags=TAGS,
        request=StaffPackInput,
        responses={200: StaffTrialItemOutput, **REFUSALS, 422: ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Put a scanned unit into the box; a wrong one is refused with the reason."""
        sent = StaffPackInput(data=request.data)
        sent.is_valid(raise_exception=True)
        item = pack_unit(trial_id=_found(number).pk, by=caller(request), **sent.validated_data)
        # With all that an item is told with, as in its trial.
        trial = staff_trial(number)
        packed = next(each for each in trial.items.all() if each.pk == item.pk)
        return Response(StaffTrialItemOutput(packed, context=_with_payments(trial)).data)


class StaffFinishPackingView(APIView):
    """Closing the box."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_finish_packing",
        tags=TAGS,
        request=None,
        responses={200: StaffTrialOutput, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Close a box of which every unit was scanned."""
        finish_packing(trial_id=_found(number).pk, by=caller(request))
        return _answer(number)


class StaffShipView(APIView):
    """Handing the box over."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_ship_trial",
        tags=TAGS,
        request=None,
        responses={200: StaffTrialOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Hand a packed box to the carrier."""
        hand_over_alone(trial_id=_found(number).pk, by=caller(request))
        return _answer(number)
