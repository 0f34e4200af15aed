"""Galleries as an API: made of frames, set, put away; a friend's word that a link is for her.

With how they stand, galleries are in ``sharing.votes.api``.
"""

import uuid

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.app_visitors import VOTER_TOKEN, app_token
from sharing.galleries.errors import OwnLinkError
from sharing.galleries.queries import gallery_of, open_link
from sharing.galleries.serializers import (
    EnterOutput,
    FramesGalleryInput,
    GallerySettingsInput,
    GallerySettingsOutput,
)
from sharing.galleries.services import (
    admit,
    archive_gallery,
    bring_back_gallery,
    change_settings,
    create_frames_gallery,
    note_view,
)
from sharing.galleries.visitors import keep_answer_private
from shop.customers.access import caller
from shop.foundation.problems import ProblemSerializer

PROBLEMS = {404: ProblemSerializer, 409: ProblemSerializer}


class FramesGalleriesView(APIView):
    """Galleries of chosen frames."""

    @extend_schema(
        operation_id="create_frames_gallery",
        tags=["galleries"],
        request=FramesGalleryInput,
        responses={
            201: GallerySettingsOutput,
            409: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Ask about two to five frames before a trial; the same choice, still open, is returned."""
        sent = FramesGalleryInput(data=request.data)
        sent.is_valid(raise_exception=True)
        gallery = create_frames_gallery(owner=caller(request), **sent.validated_data)
        return Response(GallerySettingsOutput(gallery).data, status=201)


class GallerySettingsView(APIView):
    """What a gallery is set to."""

    @extend_schema(
        operation_id="get_gallery_settings",
        tags=["galleries"],
        responses={200: GallerySettingsOutput, 404: ProblemSerializer},
    )
    def get(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Return what friends are asked, until when and how."""
        gallery = gallery_of(user=caller(request), gallery_id=gallery_id)
        return Response(GallerySettingsOutput(gallery).data)

    @extend_schema(
        operation_id="change_gallery_settings",
        tags=["galleries"],
        request=GallerySettingsInput,
        responses={200: GallerySettingsOutput, **PROBLEMS, 422: ProblemSerializer},
    )
    def patch(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Change some of it while friends may vote; what is left out stays."""
        sent = GallerySettingsInput(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        gallery = change_settings(
            owner=caller(request), gallery_id=gallery_id, **sent.validated_data
        )
        return Response(GallerySettingsOutput(gallery).data)


class GalleryArchiveView(APIView):
    """Putting a gallery away."""

    @extend_schema(
        operation_id="archive_gallery",
        tags=["galleries"],
        request=None,
        responses={200: GallerySettingsOutput, **PROBLEMS},
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Put a gallery away once its voting is over: its links open nothing any more."""
        gallery = archive_gallery(owner=caller(request), gallery_id=gallery_id)
        return Response(GallerySettingsOutput(gallery).data)

    @extend_schema(
        operation_id="bring_back_gallery",
        tags=["galleries"],
        responses={200: GallerySettingsOutput, **PROBLEMS},
    )
    def delete(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Bring it back, closed as it was, while its photos are kept."""
        gallery = bring_back_gallery(owner=caller(request), gallery_id=gallery_id)
        return Response(GallerySettingsOutput(gallery).data)


class SharedEnterView(APIView):
    """A friend says that a link for one person is hers."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="enter_shared_gallery",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        request=None,
        responses={200: EnterOutput, 403: ProblemSerializer, 404: ProblemSerializer},
    )
    def post(self, request: Request, token: str) -> Response:
        """Let this device in by a close friend's link: from now on it opens to no other.

        A vote does the same. A link for anybody opens to everybody, entered or not.
        """
        browser = app_token(request)
        link = open_link(token, browser)
        if request.user.pk == link.gallery.owner_id:
            raise OwnLinkError(_("This is your own gallery: send the link to your friend."))
        admit(link=link, browser_token=browser)
        note_view(link=link, browser_token=browser)
        response = Response(EnterOutput({"voter_token": browser}).data)
        keep_answer_private(response)
        return response
