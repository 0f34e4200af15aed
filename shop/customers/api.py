"""A customer's addresses in the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.customers.access import caller
from shop.customers.countries import COUNTRIES
from shop.customers.models import Address
from shop.customers.queries import addresses_of
from shop.customers.services import add_address, retire_address
from shop.foundation.api import CursorPagination
from shop.foundation.problems import ProblemSerializer


class AddressInput(serializers.Serializer):
    """A new address."""

    name = serializers.CharField(max_length=120, help_text="As it stands on the parcel.")
    line1 = serializers.CharField(max_length=120)
    line2 = serializers.CharField(max_length=120, allow_blank=True, default="")
    postal_code = serializers.CharField(max_length=16)
    city = serializers.CharField(max_length=80)
    country = serializers.ChoiceField(choices=sorted(COUNTRIES), help_text="ISO 3166-1 alpha-2")
    phone = serializers.CharField(max_length=32, allow_blank=True, default="")


class AddressOutput(serializers.Serializer):
    """An address parcels may go to."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField(allow_blank=True)
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)


class AddressListApi(ListAPIView):
    """The addresses of the caller."""

    serializer_class = AddressOutput
    pagination_class = CursorPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Address]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return Address.objects.none()
        return addresses_of(caller(self.request))

    @extend_schema(operation_id="list_addresses", tags=["addresses"])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """List the addresses in use, latest first."""
        return self.list(request)

    @extend_schema(
        operation_id="add_address",
        tags=["addresses"],
        request=AddressInput,
        responses={201: AddressOutput, 400: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add an address. The very same one again is answered with the first."""
        sent = AddressInput(data=request.data)
        sent.is_valid(raise_exception=True)
        address = add_address(user=caller(request), **sent.validated_data)
        return Response(AddressOutput(address).data, status=status.HTTP_201_CREATED)


class AddressApi(APIView):
    """One address of the caller."""

    @extend_schema(
        operation_id="remove_address",
        tags=["addresses"],
        responses={204: None, 404: ProblemSerializer},
    )
    def delete(self, request: Request, address_id: int) -> Response:
        """Remove an address; parcels and orders that name it keep it."""
        retire_address(user=caller(request), address_id=address_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
