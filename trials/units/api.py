"""Waiting for a variant, as an API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.problems import ProblemSerializer
from trials.units.queries import places_in_line, waits_of
from trials.units.serializers import WaitInput, WaitlistOutput
from trials.units.services.waiting import join_waitlist, leave_waitlist
from trials.units.turns import not_their_turn

TAGS = ["waitlist"]


def _shown(user: User) -> dict[str, Any]:
    entries = list(waits_of(user))
    places = places_in_line(entries)
    passed_over = bool(entries) and user.pk in not_their_turn([user.pk])
    shown = {"waits": entries, "passed_over": passed_over}
    return WaitlistOutput(shown, context={"places": places}).data


class WaitlistView(APIView):
    """What the customer waits for."""

    @extend_schema(operation_id="list_waits", tags=TAGS, responses={200: WaitlistOutput})
    def get(self, request: Request) -> Response:
        """List the lines she is in, at most ten: what is held for her first."""
        return Response(_shown(caller(request)))

    @extend_schema(
        operation_id="join_waitlist",
        tags=TAGS,
        request=WaitInput,
        responses={200: WaitlistOutput, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Join the line for a variant; whoever is in it keeps her place. Returns all of hers."""
        sent = WaitInput(data=request.data)
        sent.is_valid(raise_exception=True)
        join_waitlist(user=caller(request), **sent.validated_data)
        return Response(_shown(caller(request)))


class WaitView(APIView):
    """One line she is in."""

    @extend_schema(operation_id="leave_waitlist", tags=TAGS, responses={204: None})
    def delete(self, request: Request, variant_id: int) -> Response:
        """Leave a line; a unit held for her goes to the next. Left already, nothing changes."""
        leave_waitlist(user=caller(request), variant_id=variant_id)
        return Response(status=204)
