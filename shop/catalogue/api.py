"""Frames in the API: a fast list, and one frame with everything about it."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.catalogue.detail import frame_detail
from shop.catalogue.filters import FrameFilter
from shop.catalogue.models import Frame, Material, Shape, Width
from shop.catalogue.queries import listings_json, published_frames
from shop.foundation.api import CursorPagination
from shop.foundation.problems import ProblemSerializer


class OrjsonRenderer(BaseRenderer):
    """JSON, written about five times as fast as the standard library does."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return ``data`` as bytes of JSON."""
        return b"" if data is None else orjson.dumps(data, default=str)


class AmountOutput(serializers.Serializer):
    """An amount of money as the catalogue states it."""

    amount = serializers.CharField(help_text="A decimal number: 145.00")
    currency = serializers.CharField(help_text="ISO 4217")


class ColourOutput(serializers.Serializer):
    """A colour a frame comes in."""

    name = serializers.CharField()
    family = serializers.CharField(help_text="What `colour` filters by.")
    hex = serializers.CharField(help_text="#rrggbb")
    hex2 = serializers.CharField(allow_blank=True, help_text="The second colour, if any.")
    image = serializers.URLField(allow_null=True)


class FrameRowOutput(serializers.Serializer):
    """A frame in a list."""

    handle = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.CharField(allow_blank=True)
    shape = serializers.ChoiceField(choices=Shape.choices)
    material = serializers.ChoiceField(choices=Material.choices)
    width = serializers.ChoiceField(choices=Width.choices)
    image = serializers.URLField(allow_null=True)
    price_from = AmountOutput()
    compare_at_price = AmountOutput(allow_null=True)
    several_prices = serializers.BooleanField()
    colours = ColourOutput(many=True, help_text="The first six.")
    more_colours = serializers.IntegerField(help_text="How many colours are not listed.")


class VariantOutput(serializers.Serializer):
    """A variant: what is put into a box or a cart."""

    id = serializers.IntegerField()
    sku = serializers.CharField()
    colour = serializers.CharField()
    colour_family = serializers.CharField()
    colour_hex = serializers.CharField()
    colour_hex2 = serializers.CharField(allow_blank=True)
    size = serializers.CharField(allow_blank=True)
    price = AmountOutput()
    compare_at_price = AmountOutput(allow_null=True)
    images = serializers.ListField(child=serializers.URLField())


class FrameOutput(serializers.Serializer):
    """A frame with everything about it."""

    handle = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    shape = serializers.ChoiceField(choices=Shape.choices)
    material = serializers.ChoiceField(choices=Material.choices)
    width = serializers.ChoiceField(choices=Width.choices)
    lens_width_mm = serializers.IntegerField(allow_null=True)
    bridge_mm = serializers.IntegerField(allow_null=True)
    temple_mm = serializers.IntegerField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    images = serializers.ListField(
        child=serializers.URLField(), help_text="Of the frame as such; variants have their own."
    )
    variants = VariantOutput(many=True)


class FrameCursor(CursorPagination):
    """Pages of rows, newest first."""

    ordering = "-id"


class FrameListApi(ListAPIView):
    """The frames that are sold."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (OrjsonRenderer,)
    pagination_class = FrameCursor
    filter_backends = (DjangoFilterBackend,)
    filterset_class = FrameFilter
    serializer_class = FrameRowOutput

    def get_queryset(self) -> QuerySet[Frame]:
        """Return what is sold; the filters narrow it down."""
        return published_frames()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow ``queryset`` down; making the filters costs more than the query they spare."""
        asked = self.request.query_params.keys() & FrameFilter.base_filters.keys()
        return super().filter_queryset(queryset) if asked else queryset

    @extend_schema(operation_id="list_frames", tags=["frames"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List frames that are sold, newest first."""
        frames = self.filter_queryset(self.get_queryset())
        rows = self.paginate_queryset(
            frames.annotate(row=Cast("listing", TextField())).values("id", "row")
        )
        base = f"{request.scheme}://{request.get_host()}"
        text = listings_json([row["row"] for row in rows or []], base=base)
        # Rows are stored as the serializer would make them; it would take half the time.
        return self.get_paginated_response(orjson.Fragment(text))


class FrameApi(APIView):
    """One frame."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (OrjsonRenderer,)

    @extend_schema(
        operation_id="get_frame",
        tags=["frames"],
        responses={200: FrameOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, handle: str) -> Response:
        """Show a frame with its variants and pictures."""
        return Response(frame_detail(handle, base=f"{request.scheme}://{request.get_host()}"))
