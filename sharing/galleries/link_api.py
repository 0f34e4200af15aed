"""Links of a gallery, as an API."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.limits import limit_invitations, limit_stories
from sharing.galleries.link_files import PICTURES, public_url, qr_response, story_response
from sharing.galleries.models import ShareLink
from sharing.galleries.queries import gallery_of, links_of, own_link
from sharing.galleries.serializers import (
    LinkLabelInput,
    LinkMailInput,
    ShareLinkInput,
    ShareLinkOutput,
)
from sharing.galleries.services import create_link, label_link, mail_link, note_shared, revoke_link
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.problems import ProblemSerializer


class ShareLinkPagination(CursorPagination):
    """Links, latest first."""

    ordering = ("-created_at", "-pk")


class GalleryLinksView(ListAPIView[ShareLink]):
    """The links of one gallery."""

    serializer_class = ShareLinkOutput
    pagination_class = ShareLinkPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[ShareLink]:
        """Return those of the gallery, if it is the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return ShareLink.objects.none()
        user, gallery_id = caller(self.request), self.kwargs["gallery_id"]
        return links_of(gallery_of(user=user, gallery_id=gallery_id))

    @extend_schema(operation_id="list_links", tags=["galleries"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List a gallery's links, latest first, with how many people opened each and voted."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="create_link",
        tags=["galleries"],
        request=ShareLinkInput,
        responses={201: ShareLinkOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Make a link to be sent by one way, for anybody or for so many people."""
        sent = ShareLinkInput(data=request.data)
        sent.is_valid(raise_exception=True)
        link = create_link(owner=caller(request), gallery_id=gallery_id, **sent.validated_data)
        return Response(ShareLinkOutput(link).data, status=201)


class GalleryLinkView(APIView):
    """One link of a gallery."""

    @extend_schema(
        operation_id="revoke_link",
        tags=["galleries"],
        responses={204: None, 404: ProblemSerializer},
    )
    def delete(self, request: Request, gallery_id: uuid.UUID, link_id: uuid.UUID) -> Response:
        """Withdraw a link: its page, photos and preview answer 404 from now on."""
        revoke_link(owner=caller(request), gallery_id=gallery_id, link_id=link_id)
        return Response(status=204)

    @extend_schema(
        operation_id="label_link",
        tags=["galleries"],
        request=LinkLabelInput,
        responses={200: ShareLinkOutput, 404: ProblemSerializer, 422: ProblemSerializer},
    )
    def patch(self, request: Request, gallery_id: uuid.UUID, link_id: uuid.UUID) -> Response:
        """Give a link another note, for its owner alone."""
        sent = LinkLabelInput(data=request.data)
        sent.is_valid(raise_exception=True)
        link = label_link(
            owner=caller(request), gallery_id=gallery_id, link_id=link_id, **sent.validated_data
        )
        return Response(ShareLinkOutput(link).data)


class LinkSharedView(APIView):
    """Telling that a link was sent."""

    @extend_schema(
        operation_id="note_link_shared",
        tags=["galleries"],
        request=None,
        responses={204: None, 404: ProblemSerializer},
    )
    def post(self, request: Request, gallery_id: uuid.UUID, link_id: uuid.UUID) -> Response:
        """Note that the customer sent a link, by a share sheet, a copy or an app; once a link."""
        note_shared(owner=caller(request), gallery_id=gallery_id, link_id=link_id)
        return Response(status=204)


class LinkMailView(APIView):
    """Sending a link by mail."""

    @extend_schema(
        operation_id="mail_link",
        tags=["galleries"],
        request=LinkMailInput,
        responses={202: None, 404: ProblemSerializer, 429: ProblemSerializer},
    )
    def post(self, request: Request, gallery_id: uuid.UUID, link_id: uuid.UUID) -> Response:
        """Send a link to one address by a mail of the shop's; the address is not kept."""
        sent = LinkMailInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user, address = caller(request), sent.validated_data["address"]
        own_link(user=user, gallery_id=gallery_id, link_id=link_id)
        limit_invitations(user, address)
        mail_link(owner=user, gallery_id=gallery_id, link_id=link_id, address=address)
        return Response(status=202)


class LinkQrView(APIView):
    """A link's QR code."""

    @extend_schema(
        operation_id="get_link_qr",
        tags=["galleries"],
        responses={(200, "image/svg+xml"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, gallery_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
        """Return the QR code of an open link as SVG."""
        link = own_link(user=caller(request), gallery_id=gallery_id, link_id=link_id)
        return qr_response(public_url(link))


class LinkStoryView(APIView):
    """A picture for a story, with a link's QR code."""

    @extend_schema(
        operation_id="get_link_story",
        tags=["galleries"],
        parameters=[
            OpenApiParameter("pictures", str, OpenApiParameter.PATH, enum=PICTURES),
        ],
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            404: ProblemSerializer,
            429: ProblemSerializer,
        },
    )
    def get(
        self, request: Request, gallery_id: uuid.UUID, link_id: uuid.UUID, pictures: str
    ) -> HttpResponse:
        """Return a picture of 1080 by 1920, with frames of the catalogue or her own photos."""
        link = own_link(user=caller(request), gallery_id=gallery_id, link_id=link_id)
        limit_stories(caller(request))
        return story_response(link, public_url(link), pictures)
