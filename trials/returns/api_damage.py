"""What follows a return, as an API: damage, notes on boxes, lost parcels."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
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
from trials.claims.queries import claim_by_id
from trials.claims.serializers import ParcelClaimOutput
from trials.evidence.queries import evidence_of
from trials.home_trials.models import Trial
from trials.home_trials.queries import trial_of
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import BoxNote
from trials.returns.queries.box_notes import things_to_send_home
from trials.returns.queries.damage import proposal_by_id, proposals_matching, proposals_told
from trials.returns.serializers import (
    AcceptProposalInput,
    BoxNoteInput,
    BoxNoteOutput,
    DamageObjectionInput,
    LostParcelInput,
    ProposalChangeInput,
    ProposalOutput,
    StaffProposalOutput,
    WaiveProposalInput,
)
from trials.returns.services.damages import accept_proposal, change_proposal, waive_proposal
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_empty_box, note_surplus, sent_home
from trials.returns.services.objecting import object_to_damage
from trials.returns.states import ProposalState

REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}
TAGS = ["staff: damage"]
STATES = ["waiting", *ProposalState.values]


class ProposalPagination(CursorPagination):
    """Proposals, oldest first."""

    ordering = ("proposed_at", "pk")


class BoxNotePagination(CursorPagination):
    """Notes, oldest first."""

    ordering = ("at", "pk")


def _answer(proposal_id: uuid.UUID) -> Response:
    return Response(StaffProposalOutput(proposal_by_id(proposal_id)).data)


class StaffProposalsView(ListAPIView[ChargeProposal]):
    """What is proposed for damage."""

    permission_classes = [IsStaff]
    serializer_class = StaffProposalOutput
    pagination_class = ProposalPagination
    filter_backends = []
    queryset = ChargeProposal.objects.none()

    @extend_schema(
        operation_id="staff_list_proposals",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "state",
                OpenApiTypes.STR,
                enum=STATES,
                description="Waiting: to be decided, or objected to.",
            )
        ],
        responses={200: StaffProposalOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List proposals, oldest first."""
        found = proposals_matching(one_of(request, "state", STATES)).prefetch_related("further")
        page = self.paginate_queryset(found) or []
        context = {"photos": evidence_of(each.inspection.item.trial_id for each in page)}
        told = StaffProposalOutput(page, many=True, context=context)
        return self.get_paginated_response(told.data)


class StaffAcceptProposalView(APIView):
    """Saying that damage is charged."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_accept_proposal",
        tags=TAGS,
        request=AcceptProposalInput,
        responses={200: StaffProposalOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, proposal_id: uuid.UUID) -> Response:
        """Accept: she is told and may object; what she objected to is answered and charged now."""
        sent = AcceptProposalInput(data=request.data)
        sent.is_valid(raise_exception=True)
        accept_proposal(proposal_id=proposal_id, by=caller(request), **sent.validated_data)
        return _answer(proposal_id)


class StaffChangeProposalView(APIView):
    """Charging another amount."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_change_proposal",
        tags=TAGS,
        request=ProposalChangeInput,
        responses={200: StaffProposalOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request, proposal_id: uuid.UUID) -> Response:
        """Change the amount, never above the price or what she was told; who objects is told."""
        sent = ProposalChangeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        currency = proposal_by_id(proposal_id).amount.currency
        amount = Money(sent.validated_data.pop("amount"), currency)
        change_proposal(
            proposal_id=proposal_id, by=caller(request), amount=amount, **sent.validated_data
        )
        return _answer(proposal_id)


class StaffWaiveProposalView(APIView):
    """Charging nothing."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_waive_proposal",
        tags=TAGS,
        request=WaiveProposalInput,
        responses={200: StaffProposalOutput, 403: ProblemSerializer, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, proposal_id: uuid.UUID) -> Response:
        """Waive: nothing is charged, and a customer who was told is written to."""
        sent = WaiveProposalInput(data=request.data)
        sent.is_valid(raise_exception=True)
        waive_proposal(proposal_id=proposal_id, by=caller(request), **sent.validated_data)
        return _answer(proposal_id)


class TrialProposalsView(ListAPIView[ChargeProposal]):
    """What a customer was told of damage."""

    serializer_class = ProposalOutput
    pagination_class = ProposalPagination
    filter_backends = []
    queryset = ChargeProposal.objects.none()

    @extend_schema(operation_id="list_trial_proposals", tags=["trials"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what is to be charged for damage in a trial, once the customer was told of it."""
        trial = trial_of(user=caller(request), number=kwargs["number"])
        page = self.paginate_queryset(proposals_told(trial))
        context = {"photos": evidence_of([trial.pk])}
        return self.get_paginated_response(ProposalOutput(page, many=True, context=context).data)


class ObjectView(APIView):
    """A customer's word against it."""

    @extend_schema(
        operation_id="object_to_damage",
        tags=["trials"],
        request=DamageObjectionInput,
        responses={200: ProposalOutput, **REFUSALS},
    )
    def post(self, request: Request, proposal_id: uuid.UUID) -> Response:
        """Object to a charge for damage, or say more; nothing is charged until it is answered."""
        sent = DamageObjectionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        object_to_damage(user=caller(request), proposal_id=proposal_id, **sent.validated_data)
        return Response(ProposalOutput(proposal_by_id(proposal_id)).data)


class StaffBoxNotesView(APIView):
    """What else is in a box."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_note_box",
        tags=["staff: trials"],
        request=BoxNoteInput,
        responses={201: BoxNoteOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """Note that a box is empty, or holds something that is not the shop's; she is told."""
        sent = BoxNoteInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = get_object_or_404(Trial, number=number)
        by, words = caller(request), sent.validated_data["words"]
        if sent.validated_data["kind"] == BoxNote.Kind.EMPTY:
            label = sent.validated_data.get("tracking_number", "")
            note = note_empty_box(trial_id=trial.pk, by=by, words=words, label=label)
        else:
            note = note_surplus(trial_id=trial.pk, by=by, words=words)
        return Response(BoxNoteOutput(note).data, status=201)


class StaffThingsLeftView(ListAPIView[BoxNote]):
    """What lay in boxes and is not the shop's."""

    permission_classes = [IsStaff]
    serializer_class = BoxNoteOutput
    pagination_class = BoxNotePagination
    filter_backends = []
    queryset = BoxNote.objects.none()

    @extend_schema(operation_id="staff_list_things_left", tags=["staff: trials"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what waits to be sent back to its owners, oldest first."""
        page = self.paginate_queryset(things_to_send_home())
        return self.get_paginated_response(BoxNoteOutput(page, many=True).data)


class StaffSentHomeView(APIView):
    """One of them, on its way."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_sent_home",
        tags=["staff: trials"],
        request=None,
        responses={200: BoxNoteOutput, 404: ProblemSerializer},
    )
    def post(self, request: Request, note_id: int) -> Response:
        """Note that a thing was sent back to its owner."""
        return Response(BoxNoteOutput(sent_home(note_id=note_id, by=caller(request))).data)


class StaffLoseParcelView(APIView):
    """Giving up a parcel."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_lose_parcel",
        tags=["staff: claims"],
        request=LostParcelInput,
        responses={200: ParcelClaimOutput, **REFUSALS},
        parameters=[IDEMPOTENCY_KEY],
    )
    @idempotent
    def post(self, request: Request, tracking_number: str) -> Response:
        """Give up a parcel the carrier lost: nobody is charged, and a claim is opened."""
        sent = LostParcelInput(data=request.data)
        sent.is_valid(raise_exception=True)
        claim = lose_parcel(
            tracking_number=tracking_number, by=caller(request), **sent.validated_data
        )
        return Response(ParcelClaimOutput(claim_by_id(claim.pk)).data)
