"""Circles, their people and invitations, as an API. Leaving stands in ``sharing.bookmarks.api``."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.circles.models import Circle, CircleInvitation, Membership
from sharing.circles.queries import circles_of, members_of, open_invitations, seat_of
from sharing.circles.serializers import (
    CircleInput,
    CircleInvitationInput,
    CircleInvitationOutput,
    CircleNameInput,
    CircleOutput,
    JoinInput,
    MemberOutput,
    RoleInput,
    ShowTrialsInput,
    ShowTrialsOutput,
    circle_output,
)
from sharing.circles.services.inviting import invite, revoke_invitation
from sharing.circles.services.keeping import (
    archive_circle,
    create_circle,
    give_role,
    only_editors,
    rename_circle,
    reopen_circle,
)
from sharing.circles.services.membership import join_circle, show_trials
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.problems import ProblemSerializer

TAGS = ["circles"]
NOT_THERE = {404: ProblemSerializer}
REFUSED = {403: ProblemSerializer, 404: ProblemSerializer, 409: ProblemSerializer}


class CirclePagination(CursorPagination):
    """Circles, latest first."""

    ordering = ("-created_at", "-pk")


class MemberPagination(CursorPagination):
    """People, the first to come first."""

    ordering = ("joined_at", "pk")


class CirclesView(ListAPIView[Circle]):
    """The caller's circles."""

    serializer_class = CircleOutput
    pagination_class = CirclePagination
    filter_backends = []
    queryset = Circle.objects.none()

    def get_queryset(self) -> QuerySet[Circle]:
        """Return those she is in."""
        if getattr(self, "swagger_fake_view", False):
            return Circle.objects.none()
        return circles_of(caller(self.request)).order_by("-created_at", "-pk")

    @extend_schema(operation_id="list_circles", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the circles the caller is in, latest first; archived ones too."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="create_circle",
        tags=TAGS,
        request=CircleInput,
        responses={201: CircleOutput, 403: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a circle; the caller owns it and invites the others."""
        sent = CircleInput(data=request.data)
        sent.is_valid(raise_exception=True)
        circle = create_circle(owner=caller(request), **sent.validated_data)
        return Response(circle_output(circle), status=201)


class CircleView(APIView):
    """One circle."""

    @extend_schema(operation_id="get_circle", tags=TAGS, responses={200: CircleOutput, **NOT_THERE})
    def get(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Return a circle the caller is in."""
        return Response(circle_output(seat_of(user=caller(request), circle_id=circle_id).circle))

    @extend_schema(
        operation_id="rename_circle",
        tags=TAGS,
        request=CircleNameInput,
        responses={200: CircleOutput, **REFUSED},
    )
    def patch(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Give the caller's circle another name."""
        sent = CircleNameInput(data=request.data)
        sent.is_valid(raise_exception=True)
        circle = rename_circle(by=caller(request), circle_id=circle_id, **sent.validated_data)
        return Response(circle_output(circle))


class CircleArchiveView(APIView):
    """The end of a circle."""

    @extend_schema(
        operation_id="archive_circle",
        tags=TAGS,
        request=None,
        responses={200: CircleOutput, **REFUSED},
    )
    def post(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Archive the caller's circle: its people go on reading it, nothing is added."""
        return Response(circle_output(archive_circle(by=caller(request), circle_id=circle_id)))


class CircleReopenView(APIView):
    """The new beginning of a circle."""

    @extend_schema(
        operation_id="reopen_circle",
        tags=TAGS,
        request=None,
        responses={200: CircleOutput, **REFUSED},
    )
    def post(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Open the caller's archived circle again."""
        return Response(circle_output(reopen_circle(by=caller(request), circle_id=circle_id)))


class CircleMembersView(ListAPIView[Membership]):
    """The people of a circle."""

    serializer_class = MemberOutput
    pagination_class = MemberPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Membership]:
        """Return who is in the circle, if the caller is."""
        if getattr(self, "swagger_fake_view", False):
            return Membership.objects.none()
        seat = seat_of(user=caller(self.request), circle_id=self.kwargs["circle_id"])
        return members_of(seat.circle)

    @extend_schema(operation_id="list_members", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List who is in a circle, the first to come first."""
        return super().get(request, *args, **kwargs)


class CircleRoleView(APIView):
    """What somebody is in a circle."""

    @extend_schema(
        operation_id="give_role",
        tags=TAGS,
        request=RoleInput,
        responses={200: MemberOutput, **REFUSED},
    )
    def put(self, request: Request, circle_id: uuid.UUID, member_id: uuid.UUID) -> Response:
        """Make somebody editor or member; `owner` hands over, and the caller becomes editor."""
        sent = RoleInput(data=request.data)
        sent.is_valid(raise_exception=True)
        member = give_role(
            by=caller(request), circle_id=circle_id, member_id=member_id, **sent.validated_data
        )
        return Response(MemberOutput(member).data)


class CircleTrialsView(APIView):
    """Whether the caller's trials answer the circle's questions."""

    @extend_schema(
        operation_id="show_trials",
        tags=TAGS,
        request=ShowTrialsInput,
        responses={200: ShowTrialsOutput, **NOT_THERE},
    )
    def put(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Let the caller's trials be found in the circle, or no more."""
        sent = ShowTrialsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        membership = show_trials(user=caller(request), circle_id=circle_id, **sent.validated_data)
        return Response({"shown": membership.shows_trials})


class CircleInvitationsView(ListAPIView[CircleInvitation]):
    """The open invitations of a circle."""

    serializer_class = CircleInvitationOutput
    pagination_class = CirclePagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[CircleInvitation]:
        """Return those of the circle, if the caller may invite."""
        if getattr(self, "swagger_fake_view", False):
            return CircleInvitation.objects.none()
        seat = seat_of(user=caller(self.request), circle_id=self.kwargs["circle_id"])
        only_editors(seat)
        return open_invitations(seat.circle)

    @extend_schema(operation_id="list_invitations", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the invitations that still let somebody in, latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="invite",
        tags=TAGS,
        request=CircleInvitationInput,
        responses={201: CircleInvitationOutput, 429: ProblemSerializer, **REFUSED},
    )
    def post(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Make a link that lets people in for 14 days, or mail one to somebody."""
        sent = CircleInvitationInput(data=request.data)
        sent.is_valid(raise_exception=True)
        invitation = invite(by=caller(request), circle_id=circle_id, **sent.validated_data)
        return Response(CircleInvitationOutput(invitation).data, status=201)


class CircleInvitationView(APIView):
    """One invitation."""

    @extend_schema(operation_id="revoke_invitation", tags=TAGS, responses={204: None, **REFUSED})
    def delete(self, request: Request, circle_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
        """Withdraw an invitation: nobody comes in by it any more."""
        revoke_invitation(by=caller(request), circle_id=circle_id, invitation_id=invitation_id)
        return Response(status=204)


class CircleJoinView(APIView):
    """The way into a circle."""

    @extend_schema(
        operation_id="join_circle",
        tags=TAGS,
        request=JoinInput,
        responses={200: CircleOutput, **NOT_THERE, 409: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Come into a circle by an invitation; who is in it already stays."""
        sent = JoinInput(data=request.data)
        sent.is_valid(raise_exception=True)
        membership = join_circle(user=caller(request), **sent.validated_data)
        return Response(circle_output(membership.circle))
