"""Saving, listing, changing and removing bookmarks; putting what was saved into the box."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.bookmarks.errors import SubjectMissingError
from sharing.bookmarks.models import Bookmark
from sharing.bookmarks.queries.colleagues import memory, notes_of
from sharing.bookmarks.queries.finding import found
from sharing.bookmarks.queries.people import person_shown_to
from sharing.bookmarks.serializers import (
    BookmarkChangeInput,
    BookmarkInput,
    BookmarkOutput,
    ChoiceInput,
    GalleryChoiceInput,
    GalleryChoiceOutput,
    NoteInput,
)
from sharing.bookmarks.services.saving import (
    change_bookmark,
    own_bookmark,
    remove_bookmark,
    save_frame,
    save_note,
)
from sharing.bookmarks.services.using import ask_about, put_into_box
from sharing.circles.queries import seat_of
from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.api import CursorPagination, IsStaff
from shop.foundation.errors import InvalidError
from shop.foundation.problems import ProblemSerializer

TAGS = ["bookmarks"]
NOT_THERE = {404: ProblemSerializer}
REFUSED = {404: ProblemSerializer, 409: ProblemSerializer, 422: ProblemSerializer}
RELATED = ("owner__shelf", "frame")
FILTERS = [
    OpenApiParameter("tag", str, description="With this tag."),
    OpenApiParameter("person", uuid.UUID, description="Saved by this person: a `person_id`."),
    OpenApiParameter("circle", uuid.UUID, description="Saved for this circle."),
    OpenApiParameter("mine", bool, description="`true`: only the caller's own."),
    OpenApiParameter("q", str, description="Words in note, tags or the frame's name."),
]


class BookmarkPagination(CursorPagination):
    """Bookmarks, latest first."""

    ordering = ("-saved_at", "-pk")


class BookmarksView(ListAPIView[Bookmark]):
    """Saved frames that the caller may see."""

    serializer_class = BookmarkOutput
    pagination_class = BookmarkPagination
    filter_backends = []

    def get_serializer_context(self) -> dict[str, Any]:
        """Return who asks, besides what is usual."""
        return {**super().get_serializer_context(), "user": self.request.user}

    def get_queryset(self) -> QuerySet[Bookmark]:
        """Return what fits the filters."""
        if getattr(self, "swagger_fake_view", False):
            return Bookmark.objects.none()
        user, asked = caller(self.request), self.request.query_params
        person: User | None = user if asked.get("mine") == "true" else None
        if shelf_id := asked.get("person"):
            person = person_shown_to(user, a_uuid(shelf_id)).user
        circle = None
        if circle_id := asked.get("circle"):
            circle = seat_of(user=user, circle_id=a_uuid(circle_id)).circle
        tag, words = asked.get("tag", "")[:60], asked.get("q", "")[:60]
        bookmarks = found(user, tag=tag, person=person, circle=circle, words=words)
        return bookmarks.select_related(*RELATED).newest()

    @extend_schema(operation_id="list_bookmarks", tags=TAGS, parameters=FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List saved frames the caller may see, latest first; filters can be joined."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="save_frame",
        tags=TAGS,
        request=BookmarkInput,
        responses={201: BookmarkOutput, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Save a frame; saved again for the same people, tags and note are the new ones."""
        sent = BookmarkInput(data=request.data)
        sent.is_valid(raise_exception=True)
        bookmark = save_frame(owner=caller(request), **sent.validated_data)
        return Response(_shown(request, bookmark), status=201)


class BookmarkView(APIView):
    """One bookmark of the caller's own."""

    @extend_schema(
        operation_id="get_bookmark", tags=TAGS, responses={200: BookmarkOutput, **NOT_THERE}
    )
    def get(self, request: Request, bookmark_id: uuid.UUID) -> Response:
        """Return a bookmark of the caller's own."""
        return Response(_shown(request, own_bookmark(caller(request), bookmark_id)))

    @extend_schema(
        operation_id="change_bookmark",
        tags=TAGS,
        request=BookmarkChangeInput,
        responses={200: BookmarkOutput, **REFUSED},
    )
    def patch(self, request: Request, bookmark_id: uuid.UUID) -> Response:
        """Change tags, note or audience; what is left out stays."""
        sent = BookmarkChangeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        bookmark = change_bookmark(
            owner=caller(request), bookmark_id=bookmark_id, **sent.validated_data
        )
        return Response(_shown(request, bookmark))

    @extend_schema(operation_id="remove_bookmark", tags=TAGS, responses={204: None, **NOT_THERE})
    def delete(self, request: Request, bookmark_id: uuid.UUID) -> Response:
        """Remove a bookmark of the caller's own."""
        remove_bookmark(owner=caller(request), bookmark_id=bookmark_id)
        return Response(status=204)


class ToBoxView(APIView):
    """Saved frames that become a box."""

    @extend_schema(
        operation_id="saved_to_box",
        tags=TAGS,
        request=ChoiceInput,
        responses={204: None, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Put up to five saved frames into the caller's box: all of them, or none."""
        sent = ChoiceInput(data=request.data)
        sent.is_valid(raise_exception=True)
        put_into_box(user=caller(request), **sent.validated_data)
        return Response(status=204)


class ToGalleryView(APIView):
    """Saved frames that friends are asked about."""

    @extend_schema(
        operation_id="saved_to_gallery",
        tags=TAGS,
        request=GalleryChoiceInput,
        responses={201: GalleryChoiceOutput, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a gallery of two to five saved frames, for friends to vote on before a trial."""
        sent = GalleryChoiceInput(data=request.data)
        sent.is_valid(raise_exception=True)
        gallery = ask_about(user=caller(request), **sent.validated_data)
        return Response({"gallery_id": str(gallery.pk)}, status=201)


class StaffNotesView(ListAPIView[Bookmark]):
    """What colleagues noted."""

    permission_classes = [IsStaff]
    serializer_class = BookmarkOutput
    pagination_class = BookmarkPagination
    filter_backends = []

    def get_serializer_context(self) -> dict[str, Any]:
        """Return who asks, besides what is usual."""
        return {**super().get_serializer_context(), "user": self.request.user}

    def get_queryset(self) -> QuerySet[Bookmark]:
        """Return the notes of the caller's circles of colleagues that fit."""
        if getattr(self, "swagger_fake_view", False):
            return Bookmark.objects.none()
        user, asked = caller(self.request), self.request.query_params
        notes = notes_of(user)
        if circle_id := asked.get("circle"):
            circle = seat_of(user=user, circle_id=a_uuid(circle_id)).circle
            tag, words = asked.get("tag", "")[:60], asked.get("q", "")[:60]
            notes = memory(user, circle, tag=tag, words=words)
        return notes.select_related(*RELATED).newest()

    @extend_schema(
        operation_id="list_notes",
        tags=["staff: notes"],
        parameters=[
            OpenApiParameter("circle", uuid.UUID, description="Of this circle of colleagues."),
            OpenApiParameter("tag", str, description="With this tag, of the circle."),
            OpenApiParameter("q", str, description="With these words, of the circle."),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what was noted in the caller's circles of colleagues, latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="save_note",
        tags=["staff: notes"],
        request=NoteInput,
        responses={201: BookmarkOutput, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Note something for colleagues on a trial, a gallery, a customer or a frame."""
        sent = NoteInput(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        kind, text = said.pop("subject"), said.pop("subject_id")
        try:
            key: Any = uuid.UUID(text) if kind in ("trial", "gallery") else int(text[:18])
        except ValueError as error:
            raise SubjectMissingError(_("There is nothing to note this on.")) from error
        bookmark = save_note(by=caller(request), kind=kind, key=key, **said)
        return Response(_shown(request, bookmark), status=201)


def a_uuid(text: str) -> uuid.UUID:
    """Return the id a filter names.

    Raises:
        InvalidError: it is none.
    """
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise InvalidError(_("A filter by id needs an id.")) from error


def _shown(request: Request, bookmark: Bookmark) -> dict[str, Any]:
    return dict(BookmarkOutput(bookmark, context={"user": caller(request)}).data)
