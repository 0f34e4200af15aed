"""The stylist's queue and answer times as an API, for people who work here."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.stylist.answer_times import answer_times
from sharing.stylist.models import Thread
from sharing.stylist.pictures import drop_picture, keep_picture
from sharing.stylist.queries import staff_thread, threads_in
from sharing.stylist.serializers import (
    AnswerTimesOutput,
    SeenInput,
    StaffThreadOutput,
    StaffThreadRowOutput,
    StylistAnswerInput,
)
from sharing.stylist.services import answer, close_thread, reopen_thread
from sharing.stylist.states import ThreadState
from shop.analytics.scorecard import days_asked
from shop.customers.access import caller
from shop.foundation.api import CursorPagination, IsStaff, one_of
from shop.foundation.problems import ProblemSerializer

TAGS = ["staff: stylist"]
MOVED = {200: StaffThreadOutput, 404: ProblemSerializer, 409: ProblemSerializer}


class ThreadPagination(CursorPagination):
    """Threads, those with the latest words first."""

    ordering = ("-last_at", "-pk")


class StaffThreadsView(ListAPIView[Thread]):
    """Threads of all customers."""

    permission_classes = [IsStaff]
    serializer_class = StaffThreadRowOutput
    pagination_class = ThreadPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Thread]:
        """Return those of the state asked for."""
        return threads_in(one_of(self.request, "state", ThreadState.values))

    @extend_schema(
        operation_id="staff_list_threads",
        tags=TAGS,
        parameters=[OpenApiParameter("state", str, enum=list(ThreadState.values))],
        responses={200: StaffThreadRowOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List threads, the latest words first; ``waiting_since`` says who waits."""
        return super().get(request, *args, **kwargs)


class StaffThreadView(APIView):
    """One thread."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_thread",
        tags=TAGS,
        responses={200: StaffThreadOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, thread_id: uuid.UUID) -> Response:
        """Return a thread with what was said in it."""
        return Response(StaffThreadOutput(staff_thread(thread_id)).data)


class StaffAnswerView(APIView):
    """Answering."""

    permission_classes = [IsStaff]
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(
        operation_id="staff_answer_thread",
        tags=TAGS,
        request={"multipart/form-data": StylistAnswerInput},
        responses={**MOVED, 422: ProblemSerializer},
    )
    def post(self, request: Request, thread_id: uuid.UUID) -> Response:
        """Answer with words, a picture or both; 409 where somebody has written since ``seen``."""
        sent = StylistAnswerInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        staff_thread(thread_id)
        file = values.get("picture")
        original = keep_picture(file) if file else ""
        try:
            answer(
                thread_id=thread_id,
                by=caller(request),
                seen=values["seen"],
                text=values["text"],
                original=original,
            )
        except BaseException:
            drop_picture(original)
            raise
        return Response(StaffThreadOutput(staff_thread(thread_id)).data)


class StaffCloseThreadView(APIView):
    """Closing."""

    permission_classes = [IsStaff]

    @extend_schema(operation_id="staff_close_thread", tags=TAGS, request=SeenInput, responses=MOVED)
    def post(self, request: Request, thread_id: uuid.UUID) -> Response:
        """Take a thread off the queue; the customer may ask again."""
        sent = SeenInput(data=request.data)
        sent.is_valid(raise_exception=True)
        close_thread(thread_id=thread_id, by=caller(request), **sent.validated_data)
        return Response(StaffThreadOutput(staff_thread(thread_id)).data)


class StaffReopenThreadView(APIView):
    """Reopening."""

    permission_classes = [IsStaff]

    @extend_schema(operation_id="staff_reopen_thread", tags=TAGS, request=None, responses=MOVED)
    def post(self, request: Request, thread_id: uuid.UUID) -> Response:
        """Put a closed thread back to where it stood."""
        reopen_thread(thread_id=thread_id, by=caller(request))
        return Response(StaffThreadOutput(staff_thread(thread_id)).data)


class AnswerTimesView(APIView):
    """How long customers wait."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_get_answer_times",
        tags=TAGS,
        parameters=[OpenApiParameter("days", int, description="Length of the period up to now.")],
        responses={200: AnswerTimesOutput},
    )
    def get(self, request: Request) -> Response:
        """Return the answer times of the last days, 90 if not told otherwise."""
        days = days_asked(request.query_params.get("days", ""))
        until = timezone.now()
        found = answer_times(since=until - timedelta(days=days), until=until)
        return Response(AnswerTimesOutput(found).data)
