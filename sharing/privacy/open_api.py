"""The API of whoever holds a link, and that of staff."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.queries import open_link
from sharing.galleries.tokens import browser_person, new_browser_token
from sharing.galleries.visitors import TOKEN_LENGTH, keep_answer_private
from sharing.photos.responses import photo_file
from sharing.privacy.api import ObjectionPagination
from sharing.privacy.models import PhotoObjection
from sharing.privacy.queries import open_objections, photo_to_decide
from sharing.privacy.responses import PHOTO_SIZE
from sharing.privacy.serializers import (
    ErasureOutput,
    ObjectionDecisionInput,
    ObjectionInput,
    ObjectionOutput,
    ObjectionsDecidedOutput,
    ObjectionsDecisionInput,
    SharedObjectionOutput,
    StaffErasureInput,
    StaffObjectionOutput,
)
from sharing.privacy.services.erasing import erase_vote, request_erasure
from sharing.privacy.services.objecting import (
    decide_objection,
    decide_together,
    object_to_photo,
)
from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.api import IsStaff, sends
from shop.foundation.errors import ForbiddenError
from shop.foundation.network import client_address
from shop.foundation.problems import ProblemSerializer

PERMISSION = "sharing.add_erasure"
VOTER_TOKEN = OpenApiParameter(
    "X-Voter-Token",
    str,
    OpenApiParameter.HEADER,
    required=False,
    description="What an earlier answer gave for this friend's device.",
)
REFUSALS: dict[int, Any] = {404: ProblemSerializer, 409: ProblemSerializer}


def _voter_token(request: Request) -> str:
    token = request.headers.get("X-Voter-Token", "")
    return token if len(token) == TOKEN_LENGTH and token.isascii() else new_browser_token()


class SharedObjectionView(APIView):
    """Objecting to a photo, without an account."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="object_to_photo",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        request=ObjectionInput,
        responses={201: SharedObjectionOutput, 404: ProblemSerializer, 429: ProblemSerializer},
    )
    def post(self, request: Request, token: str, photo_id: uuid.UUID) -> Response:
        """Say that one is on a photo and does not want it shown: it is hidden at once."""
        voter_token = _voter_token(request)
        link = open_link(token, browser_token=voter_token)
        sent = ObjectionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        objection = object_to_photo(
            link=link,
            photo_id=photo_id,
            person_id=browser_person(voter_token, link.gallery_id),
            address=client_address(request._request),
            **sent.validated_data,
        )
        shown = SharedObjectionOutput(objection).data
        answer = Response(shown, status=status.HTTP_201_CREATED)
        keep_answer_private(answer)
        return answer


class SharedVoteErasureView(APIView):
    """Taking one's word back, without an account."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="erase_vote",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        request=None,
        responses={204: None, 404: ProblemSerializer},
    )
    def post(self, request: Request, token: str) -> Response:
        """Erase the vote, comment and name of this friend's device; closed or not."""
        voter_token = _voter_token(request)
        link = open_link(token, browser_token=voter_token)
        erase_vote(voter_id=browser_person(voter_token, link.gallery_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class StaffObjectionPagination(ObjectionPagination):
    """Objections, longest waiting first."""

    ordering = ("created_at", "pk")


class StaffObjectionsView(ListAPIView[PhotoObjection]):
    """Photos to decide on."""

    permission_classes = [IsStaff]
    serializer_class = StaffObjectionOutput
    pagination_class = StaffObjectionPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[PhotoObjection]:
        """Return what waits."""
        if getattr(self, "swagger_fake_view", False):
            return PhotoObjection.objects.none()
        return open_objections()

    @extend_schema(operation_id="staff_list_objections", tags=["staff: privacy"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List objections that wait for a decision, longest waiting first."""
        return self.list(request)


class StaffDecideView(APIView):
    """Deciding on a photo."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_decide_objection",
        tags=["staff: privacy"],
        request=ObjectionDecisionInput,
        responses={200: ObjectionOutput, **REFUSALS},
    )
    def post(self, request: Request, objection_id: uuid.UUID) -> Response:
        """Erase the photo, or show it from now on."""
        get_object_or_404(PhotoObjection, pk=objection_id)
        sent = ObjectionDecisionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        objection = decide_objection(
            objection_id=objection_id, by=caller(request), **sent.validated_data
        )
        return Response(ObjectionOutput(objection).data)


class StaffDecideTogetherView(APIView):
    """Deciding on several photos, such as those of one gallery."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_decide_objections",
        tags=["staff: privacy"],
        request=ObjectionsDecisionInput,
        responses={200: ObjectionsDecidedOutput, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Erase these photos, or show them from now on; what was decided before stays so."""
        sent = ObjectionsDecisionInput(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        decided = decide_together(objection_ids=said.pop("objections"), by=caller(request), **said)
        return Response(ObjectionsDecidedOutput({"decided": decided}).data)


class StaffObjectionPhotoView(APIView):
    """The photo that is decided on."""

    permission_classes = [IsStaff]
    renderer_classes = [JSONRenderer, sends("image/jpeg")]

    @extend_schema(
        operation_id="staff_get_objection_photo",
        tags=["staff: privacy"],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, objection_id: uuid.UUID) -> FileResponse:
        """Return the photo of an objection that waits for a decision, as a JPEG; no other."""
        photo_id = photo_to_decide(objection_id)
        if photo_id is None:
            raise Http404
        return photo_file(photo_id, PHOTO_SIZE, "jpg")


class StaffErasuresView(APIView):
    """Carrying out what a customer asked for by letter."""

    permission_classes = [IsStaff]

    @extend_schema(
        operation_id="staff_request_erasure",
        tags=["staff: privacy"],
        request=StaffErasureInput,
        responses={202: ErasureOutput, 403: ProblemSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Erase photos, votes, comments or the account of a customer; managers only."""
        by = caller(request)
        if not by.has_perm(PERMISSION):
            raise ForbiddenError(_("Only managers carry out such a letter."))
        sent = StaffErasureInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user = get_object_or_404(User, email__iexact=sent.validated_data["email"])
        erasure = request_erasure(user=user, scopes=sent.validated_data["scopes"], by=by)
        return Response(ErasureOutput(erasure).data, status=status.HTTP_202_ACCEPTED)
