"""The votes on a customer's own gallery, as an API: who said what, and what she makes of it."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.models import Gallery
from sharing.galleries.queries import galleries_of, gallery_of
from sharing.votes.comparing import compared
from sharing.votes.judging import block_voter, unblock_voter, vouch_for, vouch_for_vote
from sharing.votes.models import Vote
from sharing.votes.moderation import hide_words, report_as_owner, show_words
from sharing.votes.queries import votes_on
from sharing.votes.serializers import (
    ComparedOutput,
    OwnersVoteOutput,
    ReportInput,
    VouchInput,
    VouchOutput,
)
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.problems import ProblemSerializer

NOT_FOUND = {404: ProblemSerializer}


class ComparedPagination(CursorPagination):
    """Galleries, latest first."""

    ordering = ("-created_at", "-pk")


class VotePagination(CursorPagination):
    """Votes, latest first."""

    ordering = ("-cast_at", "-pk")


class GalleryVotesView(ListAPIView[Vote]):
    """Who said what."""

    serializer_class = OwnersVoteOutput
    pagination_class = VotePagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Vote]:
        """Return those of the gallery, if it is the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return Vote.objects.none()
        return votes_on(gallery_of(user=caller(self.request), gallery_id=self.kwargs["gallery_id"]))

    @extend_schema(
        operation_id="list_votes",
        tags=["galleries"],
        responses={200: OwnersVoteOutput(many=True), **NOT_FOUND},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List a gallery's votes, latest first: those that count and those left out, with why."""
        return super().get(request, *args, **kwargs)


class VouchView(APIView):
    """Friends whom the owner knows."""

    @extend_schema(
        operation_id="vouch_for_votes",
        tags=["galleries"],
        request=VouchInput,
        responses={200: VouchOutput, **NOT_FOUND},
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Count the votes that were left out by what the shop guessed from a network alone."""
        sent = VouchInput(data=request.data)
        sent.is_valid(raise_exception=True)
        votes = vouch_for(owner=caller(request), gallery_id=gallery_id, **sent.validated_data)
        return Response(VouchOutput({"votes": votes}).data)


class VoteVouchView(APIView):
    """One friend whom the owner knows."""

    @extend_schema(
        operation_id="vouch_for_vote",
        tags=["galleries"],
        request=None,
        responses={204: None, **NOT_FOUND},
    )
    def put(self, request: Request, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Response:
        """Count one vote that was left out by what the shop guessed from a network alone."""
        vouch_for_vote(owner=caller(request), gallery_id=gallery_id, vote_id=vote_id)
        return Response(status=204)


class VoterBlockView(APIView):
    """A friend who is blocked on a gallery."""

    @extend_schema(
        operation_id="block_voter",
        tags=["galleries"],
        request=None,
        responses={204: None, **NOT_FOUND},
    )
    def put(self, request: Request, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Response:
        """Leave out what she says, now and later; she is thanked as before."""
        block_voter(owner=caller(request), gallery_id=gallery_id, vote_id=vote_id)
        return Response(status=204)

    @extend_schema(
        operation_id="unblock_voter", tags=["galleries"], responses={204: None, **NOT_FOUND}
    )
    def delete(self, request: Request, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Response:
        """Take the block back: her vote stands again as it stood before."""
        unblock_voter(owner=caller(request), gallery_id=gallery_id, vote_id=vote_id)
        return Response(status=204)


class WordsHiddenView(APIView):
    """Words that are hidden from friends."""

    @extend_schema(
        operation_id="hide_words",
        tags=["galleries"],
        request=None,
        responses={204: None, **NOT_FOUND},
    )
    def put(self, request: Request, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Response:
        """Take what a friend wrote off every page; her vote stays as it is."""
        hide_words(owner=caller(request), gallery_id=gallery_id, vote_id=vote_id)
        return Response(status=204)

    @extend_schema(
        operation_id="show_words", tags=["galleries"], responses={204: None, **NOT_FOUND}
    )
    def delete(self, request: Request, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Response:
        """Show them again; what staff hid stays hidden."""
        show_words(owner=caller(request), gallery_id=gallery_id, vote_id=vote_id)
        return Response(status=204)


class WordsReportView(APIView):
    """Words the owner asks staff to look at."""

    @extend_schema(
        operation_id="report_words",
        tags=["galleries"],
        request=ReportInput,
        responses={204: None, 422: ProblemSerializer, **NOT_FOUND},
    )
    def post(self, request: Request, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> Response:
        """Ask staff to look at them; said twice, it is one report."""
        sent = ReportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        report_as_owner(
            owner=caller(request), gallery_id=gallery_id, vote_id=vote_id, **sent.validated_data
        )
        return Response(status=204)


class GalleriesCompareView(ListAPIView[Gallery]):
    """Box beside box."""

    serializer_class = ComparedOutput
    pagination_class = ComparedPagination
    queryset = Gallery.objects.none()
    filter_backends = []

    @extend_schema(operation_id="compare_galleries", tags=["galleries"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what friends chose in each gallery and what was bought, latest first."""
        galleries = list(self.paginate_queryset(galleries_of(caller(request))) or [])
        shown = ComparedOutput(compared(galleries), many=True)
        return self.get_paginated_response(shown.data)
