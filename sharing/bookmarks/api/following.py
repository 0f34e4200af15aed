"""Following, the secret of feeds, and keeping somebody away."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.bookmarks.models import Follow
from sharing.bookmarks.queries.people import follows_of, person_shown_to
from sharing.bookmarks.serializers import FeedTokenOutput, FollowInput, FollowOutput
from sharing.bookmarks.services.feed_tokens import new_feed_token, revoke_feed_token
from sharing.bookmarks.services.following import follow_person, follow_tag, unfollow
from sharing.circles.services.membership import block_person, unblock_person
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.problems import ProblemSerializer

TAGS = ["bookmarks"]
NOT_THERE = {404: ProblemSerializer}


class FollowPagination(CursorPagination):
    """Follows, latest first."""

    ordering = ("-since", "-pk")


class FollowsView(ListAPIView[Follow]):
    """What the caller follows."""

    serializer_class = FollowOutput
    pagination_class = FollowPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Follow]:
        """Return her own, without people who have blocked her."""
        if getattr(self, "swagger_fake_view", False):
            return Follow.objects.none()
        shown = [each.pk for each in follows_of(caller(self.request))]
        return Follow.objects.filter(pk__in=shown).select_related("person")

    @extend_schema(operation_id="list_follows", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the tags and people the caller follows, latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="follow",
        tags=TAGS,
        request=FollowInput,
        responses={201: FollowOutput, 404: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Follow a tag or a person; followed already, it stays."""
        sent = FollowInput(data=request.data)
        sent.is_valid(raise_exception=True)
        if shelf_id := sent.validated_data.get("person_id"):
            follow = follow_person(follower=caller(request), shelf_id=shelf_id)
        else:
            follow = follow_tag(follower=caller(request), tag=sent.validated_data.get("tag", ""))
        return Response(FollowOutput(follow).data, status=201)


class FollowView(APIView):
    """One thing the caller follows."""

    @extend_schema(operation_id="unfollow", tags=TAGS, responses={204: None, **NOT_THERE})
    def delete(self, request: Request, follow_id: uuid.UUID) -> Response:
        """End following it."""
        unfollow(follower=caller(request), follow_id=follow_id)
        return Response(status=204)


class FeedTokenView(APIView):
    """The secret of the caller's private feeds."""

    @extend_schema(
        operation_id="new_feed_token", tags=TAGS, request=None, responses={201: FeedTokenOutput}
    )
    def post(self, request: Request) -> Response:
        """Make a new secret; the one before opens nothing any more."""
        return Response({"token": new_feed_token(user=caller(request))}, status=201)

    @extend_schema(operation_id="revoke_feed_token", tags=TAGS, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Close the private feeds."""
        revoke_feed_token(user=caller(request))
        return Response(status=204)


class BlockView(APIView):
    """Somebody who is kept away."""

    @extend_schema(
        operation_id="block_person", tags=TAGS, request=None, responses={204: None, **NOT_THERE}
    )
    def put(self, request: Request, shelf_id: uuid.UUID) -> Response:
        """Keep somebody from what the caller saves, and from her circles."""
        user = person_shown_to(caller(request), shelf_id).user
        block_person(by=caller(request), user=user)
        return Response(status=204)

    @extend_schema(operation_id="unblock_person", tags=TAGS, responses={204: None, **NOT_THERE})
    def delete(self, request: Request, shelf_id: uuid.UUID) -> Response:
        """Let somebody see again what the caller saves."""
        user = person_shown_to(caller(request), shelf_id).user
        unblock_person(by=caller(request), user=user)
        return Response(status=204)
