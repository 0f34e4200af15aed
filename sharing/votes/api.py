"""Galleries of a customer as an API; what a friend's link opens stands in ``shared_api``."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.models import Gallery
from sharing.galleries.queries import galleries_of, gallery_of, shown_frames
from sharing.galleries.services import close_gallery, create_gallery, reopen_gallery
from sharing.votes.buying import put_in_cart
from sharing.votes.comparing import bought_of
from sharing.votes.queries import counted_votes, left_out, standing, words_on
from sharing.votes.serializers import (
    GalleryInput,
    GalleryListOutput,
    GalleryOutput,
    GalleryPurchaseInput,
)
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.problems import ProblemSerializer
from shop.orders.api import cart_output
from shop.orders.serializers import CartOutput
from trials.home_trials.queries import trial_of

COMMENTS_SHOWN = 50
NOT_FOUND = {404: ProblemSerializer}


class GalleryPagination(CursorPagination):
    """Galleries, latest first."""

    ordering = ("-created_at", "-pk")


def _gallery(gallery: Gallery) -> dict[str, Any]:
    frames, bought = shown_frames(gallery), bought_of(gallery)
    return GalleryOutput(
        {
            "gallery": gallery,
            "items": frames,
            "bought": [each.item.pk for each in frames if each.item.variant_id in bought],
            "standing": standing(gallery),
            "left_out": left_out(gallery),
            "comments": words_on(gallery)[:COMMENTS_SHOWN],
        }
    ).data


class GalleriesView(ListAPIView[Gallery]):
    """The customer's galleries."""

    serializer_class = GalleryListOutput
    pagination_class = GalleryPagination
    queryset = Gallery.objects.none()

    @extend_schema(operation_id="list_galleries", tags=["galleries"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List galleries, latest first."""
        galleries = list(self.paginate_queryset(galleries_of(caller(request))) or [])
        context = {"votes": counted_votes([each.pk for each in galleries])}
        shown = GalleryListOutput(galleries, many=True, context=context)
        return self.get_paginated_response(shown.data)

    @extend_schema(
        operation_id="create_gallery",
        tags=["galleries"],
        request=GalleryInput,
        responses={
            200: GalleryOutput,
            201: GalleryOutput,
            409: ProblemSerializer,
            **NOT_FOUND,
        },
    )
    def post(self, request: Request) -> Response:
        """Make the gallery of a trial that has arrived; one made before stays: 200, as it is."""
        sent = GalleryInput(data=request.data)
        sent.is_valid(raise_exception=True)
        trial = trial_of(user=caller(request), number=sent.validated_data["trial"])
        made_before = galleries_of(caller(request)).filter(trial=trial).exists()
        gallery = create_gallery(
            owner=caller(request), trial_id=trial.pk, question=sent.validated_data["question"]
        )
        return Response(_gallery(gallery), status=200 if made_before else 201)


class GalleryView(APIView):
    """One gallery of the customer."""

    @extend_schema(
        operation_id="get_gallery", tags=["galleries"], responses={200: GalleryOutput, **NOT_FOUND}
    )
    def get(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Return a gallery, its standing and its comments."""
        return Response(_gallery(gallery_of(user=caller(request), gallery_id=gallery_id)))


class GalleryPurchaseView(APIView):
    """From a gallery to the cart."""

    @extend_schema(
        operation_id="buy_from_gallery",
        tags=["galleries"],
        request=GalleryPurchaseInput,
        responses={
            200: CartOutput,
            409: ProblemSerializer,
            422: ProblemSerializer,
            **NOT_FOUND,
        },
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Put a frame into the cart; its line says what the friends said, and where it is from."""
        sent = GalleryPurchaseInput(data=request.data)
        sent.is_valid(raise_exception=True)
        cart = put_in_cart(owner=caller(request), gallery_id=gallery_id, **sent.validated_data)
        return Response(cart_output(cart))


class GalleryCloseView(APIView):
    """Ending the voting."""

    @extend_schema(
        operation_id="close_gallery",
        tags=["galleries"],
        request=None,
        responses={200: GalleryOutput, **NOT_FOUND},
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """End the voting; no later vote is taken."""
        return Response(_gallery(close_gallery(owner=caller(request), gallery_id=gallery_id)))


class GalleryReopenView(APIView):
    """Going on with the voting."""

    @extend_schema(
        operation_id="reopen_gallery",
        tags=["galleries"],
        request=None,
        responses={200: GalleryOutput, **NOT_FOUND},
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Let friends vote again."""
        return Response(_gallery(reopen_gallery(owner=caller(request), gallery_id=gallery_id)))
