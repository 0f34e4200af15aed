"""Searching everything, and saved filters, as an API for staff."""

import uuid

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.foundation.api import IsStaff
from shop.foundation.problems import ProblemSerializer
from shop.orders.models import Order
from trials.console.models import ListName, SavedFilter
from trials.console.queries.filters import MOST_SHOWN, filters_for
from trials.console.queries.finding import everything_meant
from trials.console.services import remove_filter, save_filter
from trials.home_trials.models import Trial
from trials.units.models import TrialUnit

TAGS = ["staff: search"]


class FoundTrialOutput(serializers.ModelSerializer[Trial]):
    """A trial that was found."""

    customer = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")

    class Meta:
        model = Trial
        fields = ("number", "state", "customer", "email", "requested_at")


class FoundPersonOutput(serializers.Serializer):
    """A customer who was found."""

    name = serializers.CharField()
    email = serializers.EmailField()


class FoundUnitOutput(serializers.ModelSerializer[TrialUnit]):
    """A unit that was found."""

    variant = serializers.CharField(source="variant.sku")

    class Meta:
        model = TrialUnit
        fields = ("barcode", "state", "variant")


class FoundOrderOutput(serializers.ModelSerializer[Order]):
    """An order that was found."""

    class Meta:
        model = Order
        fields = ("number", "state")


class FoundOutput(serializers.Serializer):
    """What a search found, a few of each."""

    trials = FoundTrialOutput(many=True)
    people = FoundPersonOutput(many=True)
    units = FoundUnitOutput(many=True)
    orders = FoundOrderOutput(many=True)
    more_people = serializers.BooleanField(help_text="Whether more people are called so.")


class SavedFilterInput(serializers.Serializer):
    """A filter to be kept."""

    list = serializers.ChoiceField(choices=ListName.choices)
    name = serializers.CharField(max_length=40)
    query = serializers.CharField(
        max_length=300, help_text="The words of the list's address, such as state=approved."
    )
    shared = serializers.BooleanField(default=False)


class SavedFilterOutput(serializers.ModelSerializer[SavedFilter]):
    """A filter that is kept."""

    owner = serializers.CharField(read_only=True, help_text="Whose it is.")

    class Meta:
        model = SavedFilter
        fields = ("id", "list", "name", "query", "shared", "owner", "created_at")


class SavedFiltersOutput(serializers.Serializer):
    """Her own filters and those shared by others."""

    results = SavedFilterOutput(many=True)


class StaffSearchView(APIView):
    """One search for everything."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_search",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "q",
                OpenApiTypes.STR,
                required=True,
                description="A name, an e-mail address, or the number of a trial, an order, a unit"
                " or a parcel.",
            )
        ],
        responses={200: FoundOutput},
    )
    def get(self, request: Request) -> Response:
        """Find trials, people, units and orders; numbers whole, names by their beginnings."""
        return Response(FoundOutput(everything_meant(request.query_params.get("q", ""))).data)


class StaffFiltersView(APIView):
    """Filters of lists."""

    permission_classes = [IsStaff]

    @extend_schema(operation_id="staff_list_filters", tags=TAGS, responses=SavedFiltersOutput)
    def get(self, request: Request) -> Response:
        """List her own filters and those shared by others, by name."""
        kept = filters_for(caller(request))[: MOST_SHOWN * len(ListName)]
        return Response(SavedFiltersOutput({"results": kept}).data)

    @extend_schema(
        operation_id="staff_save_filter",
        tags=TAGS,
        request=SavedFilterInput,
        responses={200: SavedFilterOutput, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Keep a filter; the same name of hers again replaces it."""
        sent = SavedFilterInput(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = dict(sent.validated_data)
        which = ListName(wanted.pop("list"))
        return Response(
            SavedFilterOutput(save_filter(by=caller(request), which=which, **wanted)).data
        )


class StaffFilterView(APIView):
    """One filter of hers."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_remove_filter",
        tags=TAGS,
        responses={204: None, 404: ProblemSerializer},
    )
    def delete(self, request: Request, filter_id: uuid.UUID) -> Response:
        """Forget a filter of hers, for those it was shared with, too."""
        remove_filter(by=caller(request), filter_id=filter_id)
        return Response(status=204)
