"""Tags, their merging, and what is new of what the caller follows."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.bookmarks.api.saving import RELATED, BookmarkPagination
from sharing.bookmarks.models import Bookmark
from sharing.bookmarks.queries.finding import followed
from sharing.bookmarks.queries.suggesting import suggested_tags
from sharing.bookmarks.serializers import BookmarkOutput, MergeInput, MergeOutput, TagsOutput
from sharing.bookmarks.services.merging import merge_tags
from shop.catalogue.models import Frame
from shop.customers.access import caller
from shop.foundation.problems import ProblemSerializer

TAGS = ["bookmarks"]


class NewsView(ListAPIView[Bookmark]):
    """What is new of what the caller follows."""

    serializer_class = BookmarkOutput
    pagination_class = BookmarkPagination
    filter_backends = []

    def get_serializer_context(self) -> dict[str, Any]:
        """Return who asks, besides what is usual."""
        return {**super().get_serializer_context(), "user": self.request.user}

    def get_queryset(self) -> QuerySet[Bookmark]:
        """Return what others saved of it."""
        if getattr(self, "swagger_fake_view", False):
            return Bookmark.objects.none()
        return followed(caller(self.request)).select_related(*RELATED).newest()

    @extend_schema(operation_id="list_news", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what others saved of the tags and people the caller follows, latest first."""
        return super().get(request, *args, **kwargs)


class TagsView(APIView):
    """Tags to choose from."""

    @extend_schema(
        operation_id="suggest_tags",
        tags=TAGS,
        parameters=[
            OpenApiParameter("q", str, description="The beginning of a tag."),
            OpenApiParameter("frame", str, description="The handle of the frame to be saved."),
        ],
        responses={200: TagsOutput},
    )
    def get(self, request: Request) -> Response:
        """Suggest tags: those the caller may see, and those a frame's own facts suggest."""
        handle = request.query_params.get("frame", "")[:120]
        frame = Frame.objects.filter(handle=handle, published=True).first() if handle else None
        typed = request.query_params.get("q", "")[:60]
        tags = suggested_tags(caller(request), frame=frame, typed=typed)
        return Response({"tags": tags})


class MergeView(APIView):
    """Two tags that become one."""

    @extend_schema(
        operation_id="merge_tags",
        tags=TAGS,
        request=MergeInput,
        responses={
            200: MergeOutput,
            403: ProblemSerializer,
            404: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Make one tag another, within a circle by its editors, everywhere by staff."""
        sent = MergeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(MergeOutput(merge_tags(by=caller(request), **sent.validated_data)).data)
