"""A circle's question, and going out of a circle."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.bookmarks.queries.answering import Asked, who_tried
from sharing.bookmarks.serializers import AnswersOutput, AskInput
from sharing.bookmarks.services.leaving import leave_circle, remove_member
from sharing.circles.queries import seat_of
from shop.customers.access import caller
from shop.foundation.problems import ProblemSerializer

TAGS = ["circles"]
REFUSED = {403: ProblemSerializer, 404: ProblemSerializer, 409: ProblemSerializer}


class CircleWhoView(APIView):
    """Who of a circle tried frames of a kind."""

    @extend_schema(
        operation_id="ask_circle",
        tags=TAGS,
        parameters=[AskInput],
        responses={200: AnswersOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Answer from what the circle's people saved for it, and from trials they let be found."""
        seat = seat_of(user=caller(request), circle_id=circle_id)
        asked = AskInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        answers = who_tried(
            viewer=caller(request), circle=seat.circle, asked=Asked(**asked.validated_data)
        )
        return Response(AnswersOutput({"answers": answers}).data)


class CircleLeaveView(APIView):
    """The caller's way out of a circle."""

    @extend_schema(
        operation_id="leave_circle", tags=TAGS, request=None, responses={204: None, **REFUSED}
    )
    def post(self, request: Request, circle_id: uuid.UUID) -> Response:
        """Leave a circle; what the caller saved there becomes hers alone."""
        leave_circle(user=caller(request), circle_id=circle_id)
        return Response(status=204)


class CircleMemberView(APIView):
    """Somebody in the caller's circle."""

    @extend_schema(operation_id="remove_member", tags=TAGS, responses={204: None, **REFUSED})
    def delete(self, request: Request, circle_id: uuid.UUID, member_id: uuid.UUID) -> Response:
        """Take somebody out of the caller's circle."""
        remove_member(by=caller(request), circle_id=circle_id, member_id=member_id)
        return Response(status=204)
