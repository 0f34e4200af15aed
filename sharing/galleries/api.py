"""Links of a gallery, as an API. The galleries themselves stand in ``sharing.votes.api``."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.models import ShareLink
from sharing.galleries.queries import gallery_of, links_of
from sharing.galleries.serializers import ShareLinkInput, ShareLinkOutput
from sharing.galleries.services import create_link, revoke_link
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
        """List a gallery's links, latest first, with how many people opened each."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="create_link",
        tags=["galleries"],
        request=ShareLinkInput,
        responses={201: ShareLinkOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Make a link to be sent by one way; it opens for 30 days."""
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
