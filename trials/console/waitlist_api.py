"""The waitlist as staff see it, as an API."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from shop.foundation.api import AsSortedPagination, IsStaff, one_of
from shop.foundation.problems import ProblemSerializer
from trials.console.queries.waitlist import FILTERS, variant_key, waits_matching
from trials.units.models import WaitlistEntry
from trials.units.states import WaitState


class StaffWaitOutput(serializers.Serializer):
    """Somebody's wait for a variant."""

    id = serializers.UUIDField()
    variant_id = serializers.IntegerField()
    sku = serializers.CharField(source="variant.sku")
    frame = serializers.CharField(source="variant")
    customer = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    state = serializers.ChoiceField(choices=WaitState.choices)
    joined_at = serializers.DateTimeField()
    place = serializers.SerializerMethodField(
        help_text="In the line for the variant, 1 for who is served next; only while she waits."
    )
    unit = serializers.SerializerMethodField(
        help_text="Barcode of the unit that is held for her, if one is."
    )
    held_until = serializers.DateTimeField(allow_null=True)
    passed_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when units go to others because she cannot ask for a box now; she keeps"
        " her place. At most a minute after she can again, nothing.",
    )
    shown = serializers.SerializerMethodField(
        help_text="Whether the frame is one she may try: it is in the shop, or she has an early"
        " look at it. While it is not, nothing is held of it. Only while she waits."
    )
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_place(self, wait: WaitlistEntry) -> int | None:
        """Return her place in the line."""
        return getattr(wait, "place", None)

    def get_shown(self, wait: WaitlistEntry) -> bool | None:
        """Return whether the frame may be tried by her."""
        return getattr(wait, "shown", None)

    def get_unit(self, wait: WaitlistEntry) -> str | None:
        """Return the barcode of what is held for her."""
        return next((unit.barcode for unit in wait.units.all()), None)


class StaffWaitlistView(ListAPIView[WaitlistEntry]):
    """Who waits for what."""

    permission_classes = [IsStaff]
    serializer_class = StaffWaitOutput
    pagination_class = AsSortedPagination
    filter_backends = []
    queryset = WaitlistEntry.objects.none()

    @extend_schema(
        operation_id="staff_list_waits",
        tags=["staff: units"],
        parameters=[
            OpenApiParameter(
                "state",
                OpenApiTypes.STR,
                enum=list(FILTERS),
                description="Those who wait if left out.",
            ),
            OpenApiParameter("variant_id", OpenApiTypes.INT64),
        ],
        responses={200: StaffWaitOutput(many=True), 400: ProblemSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List who waits, the longest wait first; or what is held, or what ended last."""
        state = one_of(request, "state", FILTERS, default="waiting")
        variant_id = variant_key(request.query_params.get("variant_id", ""))
        page = self.paginate_queryset(waits_matching(state, variant_id=variant_id))
        return self.get_paginated_response(StaffWaitOutput(page, many=True).data)
