"""Galleries of a customer, and what a friend's link opens, as an API."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.preview_files import asks
from sharing.galleries.queries import galleries_of, gallery_of, open_link, shown_frames
from sharing.galleries.services import close_gallery, create_gallery, note_view, reopen_gallery
from sharing.galleries.tokens import browser_person, new_browser_token
from sharing.galleries.visitors import TOKEN_LENGTH
from sharing.votes.buying import put_in_cart
from sharing.votes.errors import VoteFirstError
from sharing.votes.limits import limit_votes
from sharing.votes.order import order_for
from sharing.votes.pages import friends_photos
from sharing.votes.queries import comments_on, counted_votes, standing, vote_of
from sharing.votes.serializers import (
    GalleryInput,
    GalleryListOutput,
    GalleryOutput,
    GalleryPurchaseInput,
    SharedGalleryOutput,
    StandingOutput,
    VoteInput,
    VoteOutput,
)
from sharing.votes.services import cast_vote
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.limits import count_against
from shop.foundation.network import address_hash, client_address
from shop.foundation.problems import ProblemSerializer
from shop.orders.api import cart_output
from shop.orders.serializers import CartOutput
from trials.home_trials.queries import trial_of

LOOKS_A_NETWORK = 600
WINDOW_SECONDS = 300
VOTER_TOKEN = OpenApiParameter(
    "X-Voter-Token",
    str,
    OpenApiParameter.HEADER,
    required=False,
    description="What an earlier answer gave for this friend's device: she stays one voter.",
)
NOT_FOUND = {404: ProblemSerializer}


class GalleryPagination(CursorPagination):
    """Galleries, latest first."""

    ordering = ("-created_at", "-pk")


def _gallery(gallery: Gallery) -> dict[str, Any]:
    return GalleryOutput(
        {
            "gallery": gallery,
            "items": shown_frames(gallery),
            "standing": standing(gallery),
            "comments": comments_on(gallery),
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


def _voter_token(request: Request) -> str:
    token = request.headers.get("X-Voter-Token", "")
    return token if len(token) == TOKEN_LENGTH and token.isascii() else new_browser_token()


def _opened(request: Request, token: str) -> ShareLink:
    network = address_hash(client_address(request._request))
    count_against("shared", network, limit=LOOKS_A_NETWORK, seconds=WINDOW_SECONDS)
    return open_link(token, request.headers.get("X-Voter-Token", ""))


class SharedView(APIView):
    """What a friend's link opens: no account, and nothing kept by caches."""

    permission_classes = [AllowAny]

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Tell caches and search engines to keep nothing."""
        response: Response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response


class SharedGalleryView(SharedView):
    """A gallery as a friend sees it."""

    @extend_schema(
        operation_id="get_shared_gallery",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        responses={200: SharedGalleryOutput, 429: ProblemSerializer, **NOT_FOUND},
    )
    def get(self, request: Request, token: str) -> Response:
        """Return the frames, photos and what this friend said before. A look never votes."""
        link = _opened(request, token)
        voter_token = _voter_token(request)
        person_id = browser_person(voter_token, link.gallery_id)
        if "X-Voter-Token" in request.headers:
            note_view(link=link, browser_token=voter_token)
        frames = {frame.item.pk: frame for frame in shown_frames(link.gallery)}
        shown = {
            "gallery": link.gallery,
            "asks": asks(link.gallery.owner.name),
            "items": [frames[item] for item in order_for(person_id, list(frames))],
            "voter_token": voter_token,
            "vote": vote_of(person_id),
        }
        context = {"photo_url": friends_photos(token)}
        return Response(SharedGalleryOutput(shown, context=context).data)


class SharedVoteView(SharedView):
    """A friend's vote."""

    @extend_schema(
        operation_id="cast_vote",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        request=VoteInput,
        responses={
            200: VoteOutput,
            403: ProblemSerializer,
            409: ProblemSerializer,
            422: ProblemSerializer,
            429: ProblemSerializer,
            **NOT_FOUND,
        },
    )
    def put(self, request: Request, token: str) -> Response:
        """Cast a vote, or put it in place of the one this device cast before."""
        voter_token = _voter_token(request)
        link = open_link(token, voter_token)
        limit_votes(link, request._request)
        sent = VoteInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user = caller(request) if request.user.is_authenticated else None
        if user is None or user.pk != link.gallery.owner_id:
            note_view(link=link, browser_token=voter_token)
        cast = cast_vote(
            link=link,
            voter_token=voter_token,
            address=client_address(request._request),
            user=user,
            **sent.validated_data,
        )
        answer = {
            "voter_token": voter_token,
            "first": cast.first,
            "standing": standing(link.gallery),
        }
        return Response(VoteOutput(answer).data)


class SharedStandingView(SharedView):
    """How a gallery stands, for friends who have voted."""

    @extend_schema(
        operation_id="get_shared_standing",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        responses={
            200: StandingOutput,
            403: ProblemSerializer,
            429: ProblemSerializer,
            **NOT_FOUND,
        },
    )
    def get(self, request: Request, token: str) -> Response:
        """Return the standing."""
        link = _opened(request, token)
        if vote_of(browser_person(_voter_token(request), link.gallery_id)) is None:
            raise VoteFirstError(_("Vote first: then you see what the others say."))
        return Response(StandingOutput(standing(link.gallery)).data)
