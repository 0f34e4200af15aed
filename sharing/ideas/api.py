"""Ideas as an API, for customers and for the maker."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.ideas.answering import answer_idea, hide_idea, merge_idea, show_idea
from sharing.ideas.models import Idea
from sharing.ideas.queries import idea_for, ideas_for, staff_idea, staff_ideas
from sharing.ideas.serializers import (
    IdeaAnswerInput,
    IdeaInput,
    IdeaMergeInput,
    IdeaOutput,
    IdeaReportInput,
    StaffIdeaOutput,
)
from sharing.ideas.services import add_idea, report_idea, take_vote_back, vote_for
from sharing.ideas.states import IdeaState
from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff, one_of
from shop.foundation.problems import ProblemSerializer

TAGS, STAFF_TAGS = ["ideas"], ["staff: ideas"]
STAFF_STATES = [*IdeaState.values, "reported", "hidden"]
NOT_FOUND = {404: ProblemSerializer}
VOTED = {200: IdeaOutput, 403: ProblemSerializer, 409: ProblemSerializer, **NOT_FOUND}
SETTLED = {200: StaffIdeaOutput, **NOT_FOUND}
CHANGED = {409: ProblemSerializer, 422: ProblemSerializer, **SETTLED}


class IdeaPagination(CursorPagination):
    """Ideas, the most wanted first."""

    ordering = ("-votes_count", "-created_at", "-pk")


class NewestPagination(CursorPagination):
    """Ideas, the newest first."""

    ordering = ("-created_at", "-pk")


def _idea(request: Request, idea_id: uuid.UUID) -> Response:
    user = caller(request)
    return Response(IdeaOutput(idea_for(user, idea_id), context={"user": user}).data)


class IdeasView(ListAPIView[Idea]):
    """The ideas everybody may read."""

    serializer_class = IdeaOutput
    pagination_class = IdeaPagination
    filter_backends = []

    @property
    def paginator(self) -> Any:
        """Return the pages of the order asked for."""
        newest = self.request.query_params.get("order") in ("new", "built")
        if not hasattr(self, "_pages"):
            self._pages = NewestPagination() if newest else IdeaPagination()
        return self._pages

    def get_queryset(self) -> QuerySet[Idea]:
        """Return those of the order asked for."""
        if getattr(self, "swagger_fake_view", False):
            return Idea.objects.none()
        order = self.request.query_params.get("order", "votes")
        return ideas_for(caller(self.request), order=order)

    def get_serializer_context(self) -> dict[str, Any]:
        """Return whose ideas are her own."""
        return {**super().get_serializer_context(), "user": self.request.user}

    @extend_schema(
        operation_id="list_ideas",
        tags=TAGS,
        parameters=[OpenApiParameter("order", str, enum=["votes", "new", "built"])],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List ideas: the most wanted or the newest first, or only what was built."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="add_idea",
        tags=TAGS,
        request=IdeaInput,
        responses={201: IdeaOutput, 422: ProblemSerializer, 429: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Propose an idea."""
        sent = IdeaInput(data=request.data)
        sent.is_valid(raise_exception=True)
        made = add_idea(user=caller(request), **sent.validated_data)
        answer = _idea(request, made.pk)
        answer.status_code = 201
        return answer


class IdeaView(APIView):
    """One idea."""

    @extend_schema(operation_id="get_idea", tags=TAGS, responses={200: IdeaOutput, **NOT_FOUND})
    def get(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Return an idea and the maker's answer."""
        return _idea(request, idea_id)


class IdeaVoteView(APIView):
    """The caller's vote for an idea."""

    @extend_schema(operation_id="vote_for_idea", tags=TAGS, request=None, responses=VOTED)
    def put(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Vote for an idea; voted twice is one vote."""
        vote_for(user=caller(request), idea_id=idea_id)
        return _idea(request, idea_id)

    @extend_schema(operation_id="take_idea_vote_back", tags=TAGS, responses=VOTED)
    def delete(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Take the vote back; where there is none nothing changes."""
        take_vote_back(user=caller(request), idea_id=idea_id)
        return _idea(request, idea_id)


class IdeaReportView(APIView):
    """Reporting an idea."""

    @extend_schema(
        operation_id="report_idea",
        tags=TAGS,
        request=IdeaReportInput,
        responses={204: None, 403: ProblemSerializer, 422: ProblemSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Ask the shop to look at an idea; reported twice is one report."""
        sent = IdeaReportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        report_idea(user=caller(request), idea_id=idea_id, **sent.validated_data)
        return Response(status=204)


class StaffIdeasView(ListAPIView[Idea]):
    """All ideas."""

    permission_classes = [IsStaff]
    serializer_class = StaffIdeaOutput
    pagination_class = IdeaPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Idea]:
        """Return those of the state asked for."""
        return staff_ideas(state=one_of(self.request, "state", STAFF_STATES))

    @extend_schema(
        operation_id="staff_list_ideas",
        tags=STAFF_TAGS,
        parameters=[OpenApiParameter("state", str, enum=STAFF_STATES)],
        responses={200: StaffIdeaOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List ideas, the most wanted first, with how many reports are open."""
        return super().get(request, *args, **kwargs)


def _staff_idea(idea_id: uuid.UUID) -> Response:
    return Response(StaffIdeaOutput(staff_idea(idea_id)).data)


class StaffAnswerIdeaView(APIView):
    """The maker's answer."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_answer_idea",
        tags=STAFF_TAGS,
        request=IdeaAnswerInput,
        responses=CHANGED,
    )
    def post(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Answer an idea; who proposed it or voted for it is told once it is built."""
        sent = IdeaAnswerInput(data=request.data)
        sent.is_valid(raise_exception=True)
        answer_idea(idea_id=idea_id, by=caller(request), **sent.validated_data)
        return _staff_idea(idea_id)


class StaffMergeIdeaView(APIView):
    """Merging."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_merge_idea",
        tags=STAFF_TAGS,
        request=IdeaMergeInput,
        responses=CHANGED,
    )
    def post(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Merge a duplicate into another idea with its votes; returns the one that stays."""
        sent = IdeaMergeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        into_id = sent.validated_data["into"]
        merge_idea(idea_id=idea_id, into_id=into_id, by=caller(request))
        return _staff_idea(into_id)


def _moderated(request: Request, idea_id: uuid.UUID, act: Callable[..., Idea]) -> Response:
    act(idea_id=idea_id, by=caller(request))
    return _staff_idea(idea_id)


class StaffHideIdeaView(APIView):
    """Hiding."""

    permission_classes = [IsStaff]

    @extend_schema(operation_id="staff_hide_idea", tags=STAFF_TAGS, request=None, responses=SETTLED)
    def post(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Take an idea off the list; its reports are settled."""
        return _moderated(request, idea_id, hide_idea)


class StaffShowIdeaView(APIView):
    """Showing."""

    permission_classes = [IsStaff]

    @extend_schema(operation_id="staff_show_idea", tags=STAFF_TAGS, request=None, responses=SETTLED)
    def post(self, request: Request, idea_id: uuid.UUID) -> Response:
        """Put an idea back on the list; its reports are settled."""
        return _moderated(request, idea_id, show_idea)
