"""Links of a gallery, as an API. The galleries themselves stand in ``sharing.votes.api``."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.queries import gallery_of, links_of
from sharing.galleries.serializers import ShareLinkInput, ShareLinkOutput
from sharing.galleries.services import create_link, revoke_link
from shop.customers.access import caller
from shop.foundation.problems import ProblemSerializer


class GalleryLinksView(APIView):
    """The links of one gallery."""

    @extend_schema(
        operation_id="list_links",
        tags=["galleries"],
        responses={200: ShareLinkOutput(many=True), 404: ProblemSerializer},
    )
    def get(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """List a gallery's links, latest first, with how many people opened each."""
        gallery = gallery_of(user=caller(request), gallery_id=gallery_id)
        return Response(ShareLinkOutput(links_of(gallery), many=True).data)

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
