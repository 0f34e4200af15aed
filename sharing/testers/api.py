"""Tests for testers and panels for staff, as an API."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.testers.models import Panel, Tester
from sharing.testers.queries import (
    frames_for,
    invitation_of,
    invitations_of,
    panels,
    questions_of,
    staff_panel,
)
from sharing.testers.results import panel_results
from sharing.testers.serializers import (
    FeedbackInput,
    PanelResultsOutput,
    PanelRowOutput,
    TestAnswerInput,
    TesterInvitationInput,
    TesterInvitationOutput,
    TestOutput,
    TestRowOutput,
)
from sharing.testers.services.feedback import give_feedback
from sharing.testers.services.panels import answer_invitation, close_panel, invite, open_panel
from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff
from shop.foundation.problems import ProblemSerializer

TAGS, STAFF_TAGS = ["tests"], ["staff: panels"]
REFUSALS = {404: ProblemSerializer, 409: ProblemSerializer}


class TestPagination(CursorPagination):
    """Invitations, the latest first."""

    ordering = ("-invited_at", "-pk")


class PanelPagination(CursorPagination):
    """Panels, the latest first."""

    ordering = ("-created_at", "-pk")


def _test(request: Request, panel_id: uuid.UUID) -> Response:
    tester = invitation_of(user=caller(request), panel_id=panel_id)
    frames = frames_for(tester)
    context = {"frames": frames, "questions": questions_of(tester.panel) if frames else []}
    return Response(TestOutput(tester, context=context).data)


class TestsView(ListAPIView[Tester]):
    """The caller's invitations."""

    serializer_class = TestRowOutput
    pagination_class = TestPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Tester]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return Tester.objects.none()
        return invitations_of(caller(self.request))

    @extend_schema(operation_id="list_tests", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what the customer is invited to test, the latest first."""
        return super().get(request, *args, **kwargs)


class TestView(APIView):
    """One test."""

    @extend_schema(
        operation_id="get_test", tags=TAGS, responses={200: TestOutput, 404: ProblemSerializer}
    )
    def get(self, request: Request, panel_id: uuid.UUID) -> Response:
        """Return a test; its frames only once the invitation was accepted, while it is open."""
        return _test(request, panel_id)

    @extend_schema(
        operation_id="answer_test_invitation",
        tags=TAGS,
        request=TestAnswerInput,
        responses={200: TestOutput, **REFUSALS},
    )
    def post(self, request: Request, panel_id: uuid.UUID) -> Response:
        """Say yes or no; either can be changed while the test is open."""
        sent = TestAnswerInput(data=request.data)
        sent.is_valid(raise_exception=True)
        answer_invitation(user=caller(request), panel_id=panel_id, **sent.validated_data)
        return _test(request, panel_id)


class TestFeedbackView(APIView):
    """What the caller says of one frame."""

    @extend_schema(
        operation_id="give_test_feedback",
        tags=TAGS,
        request=FeedbackInput,
        responses={
            200: TestOutput,
            403: ProblemSerializer,
            422: ProblemSerializer,
            **REFUSALS,
        },
    )
    def put(self, request: Request, panel_id: uuid.UUID, handle: str) -> Response:
        """Answer the questions about a frame, or put new answers in their place."""
        sent = FeedbackInput(data=request.data)
        sent.is_valid(raise_exception=True)
        give_feedback(user=caller(request), panel_id=panel_id, handle=handle, **sent.validated_data)
        return _test(request, panel_id)


class StaffPanelsView(ListAPIView[Panel]):
    """All panels."""

    permission_classes = [IsStaff]
    serializer_class = PanelRowOutput
    pagination_class = PanelPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Panel]:
        """Return all of them."""
        return panels()

    @extend_schema(operation_id="staff_list_panels", tags=STAFF_TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List panels, the latest first; they are made in the admin."""
        return super().get(request, *args, **kwargs)


class StaffInviteView(APIView):
    """Inviting."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_invite_testers",
        tags=STAFF_TAGS,
        request=TesterInvitationInput,
        responses={200: TesterInvitationOutput, 422: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request, panel_id: uuid.UUID) -> Response:
        """Invite customers by their addresses; who was invited before is not told again."""
        sent = TesterInvitationInput(data=request.data)
        sent.is_valid(raise_exception=True)
        done = invite(panel_id=panel_id, by=caller(request), **sent.validated_data)
        return Response(TesterInvitationOutput(done).data)


def _moved(request: Request, panel_id: uuid.UUID, act: Callable[..., Panel]) -> Response:
    act(panel_id=panel_id, by=caller(request))
    return Response(PanelRowOutput(staff_panel(panel_id)).data)


class StaffOpenPanelView(APIView):
    """Opening."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_open_panel",
        tags=STAFF_TAGS,
        request=None,
        responses={200: PanelRowOutput, **REFUSALS},
    )
    def post(self, request: Request, panel_id: uuid.UUID) -> Response:
        """Let testers see the frames and answer."""
        return _moved(request, panel_id, open_panel)


class StaffClosePanelView(APIView):
    """Closing."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_close_panel",
        tags=STAFF_TAGS,
        request=None,
        responses={200: PanelRowOutput, **REFUSALS},
    )
    def post(self, request: Request, panel_id: uuid.UUID) -> Response:
        """End a panel: its frames are seen no more, its answers stay."""
        return _moved(request, panel_id, close_panel)


class StaffResultsView(APIView):
    """What testers said."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_panel_results",
        tags=STAFF_TAGS,
        responses={200: PanelResultsOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, panel_id: uuid.UUID) -> Response:
        """Return what was said, frame by frame, counted and with intervals."""
        found = panel_results(staff_panel(panel_id))
        return Response(PanelResultsOutput({"frames": found}).data)
