"""What a friend's link opens, as an API: looking, voting, the standing, what others wrote."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.app_visitors import VOTER_TOKEN, app_token
from sharing.galleries.models import ShareLink
from sharing.galleries.preview_files import asks
from sharing.galleries.queries import open_link, shown_frames
from sharing.galleries.services import note_view
from sharing.galleries.states import NamesShown
from sharing.galleries.tokens import browser_person
from sharing.galleries.visitors import keep_answer_private
from sharing.votes.comparing import bought_as_told
from sharing.votes.errors import PaperSpoiltError, VoteFirstError
from sharing.votes.limits import limit_reports, limit_votes
from sharing.votes.models import Vote
from sharing.votes.moderation import report_as_friend
from sharing.votes.order import order_for
from sharing.votes.pages import friends_photos, words_rows
from sharing.votes.queries import standing, vote_of, words_on
from sharing.votes.serializers import ReportInput, StandingOutput
from sharing.votes.services import cast_vote
from sharing.votes.shared_serializers import (
    FriendsWordsOutput,
    SharedGalleryOutput,
    VoteInput,
    VoteOutput,
)
from sharing.votes.states import LeftOut
from sharing.votes.trust import device_hash, issue_paper, read_paper, too_fast
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.limits import count_against
from shop.foundation.network import address_hash, client_address
from shop.foundation.problems import ProblemSerializer

LOOKS_A_NETWORK = 600
WINDOW_SECONDS = 300
NOT_FOUND = {404: ProblemSerializer}


def _opened(request: Request, token: str) -> ShareLink:
    network = address_hash(client_address(request._request))
    count_against("shared", network, limit=LOOKS_A_NETWORK, seconds=WINDOW_SECONDS)
    return open_link(token, request.headers.get("X-Voter-Token", ""))


def _voted(request: Request, link: ShareLink) -> uuid.UUID:
    person_id = browser_person(app_token(request), link.gallery_id)
    if vote_of(person_id) is None:
        raise VoteFirstError(_("Vote first: then you see what the others say."))
    return person_id


class SharedView(APIView):
    """What a friend's link opens: no account, and nothing kept by caches."""

    permission_classes = [AllowAny]

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Tell caches and search engines to keep nothing."""
        response: Response = super().finalize_response(*args, **kwargs)
        keep_answer_private(response)
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
        voter_token = app_token(request)
        person_id = browser_person(voter_token, link.gallery_id)
        if "X-Voter-Token" in request.headers:
            note_view(link=link, browser_token=voter_token)
        frames = {frame.item.pk: frame for frame in shown_frames(link.gallery)}
        vote = vote_of(person_id)
        may_see = vote is not None or not link.gallery.is_blind
        bought = bought_as_told(link.gallery) if may_see else set()
        shown = {
            "gallery": link.gallery,
            "asks": asks(link.gallery.owner.name, closed=not link.gallery.takes_votes),
            "items": [frames[item] for item in order_for(person_id, list(frames))],
            "voter_token": voter_token,
            "ballot_paper": issue_paper(
                link_id=link.pk,
                gallery_id=link.gallery_id,
                is_personal=link.admits is not None,
                token=token,
                browser=voter_token,
            ),
            "vote": vote,
            "bought": [pk for pk, each in frames.items() if each.item.variant_id in bought],
            "standing": standing(link.gallery) if may_see else None,
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
        """Cast a vote, or put it in place of the one this device cast before.

        The ballot paper is that of the gallery as this device was shown it. A vote sent sooner
        after it than anybody looks is thanked for and not counted.
        """
        voter_token = app_token(request)
        link = open_link(token, voter_token)
        limit_votes(token, request._request)
        sent = VoteInput(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        paper = read_paper(said.pop("ballot_paper"), token=token, browser=voter_token)
        if paper is None:
            raise PaperSpoiltError(
                _("Show the gallery first, and send the ballot paper that came with it.")
            )
        user = caller(request) if request.user.is_authenticated else None
        if user is None or user.pk != link.gallery.owner_id:
            note_view(link=link, browser_token=voter_token)
        address = client_address(request._request)
        cast = cast_vote(
            link=link,
            voter_token=voter_token,
            address=address,
            device=device_hash(
                address=address,
                user_agent=request.headers.get("User-Agent", ""),
                languages=request.headers.get("Accept-Language", ""),
            ),
            left_out=LeftOut.SCRIPTED if too_fast(paper) else None,
            user=user,
            email=said.pop("news_address"),
            **said,
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
        if link.gallery.is_blind:
            _voted(request, link)
        return Response(StandingOutput(standing(link.gallery)).data)


class SharedWordsPagination(CursorPagination):
    """Words, latest first."""

    ordering = ("-cast_at", "-pk")


class SharedWordsView(SharedView, ListAPIView[Vote]):
    """What other friends wrote, for friends who have voted."""

    serializer_class = FriendsWordsOutput
    pagination_class = SharedWordsPagination
    queryset = Vote.objects.none()
    filter_backends = []

    @extend_schema(
        operation_id="list_shared_words",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        responses={
            200: FriendsWordsOutput(many=True),
            403: ProblemSerializer,
            429: ProblemSerializer,
            **NOT_FOUND,
        },
    )
    def get(self, request: Request, token: str) -> Response:
        """List what others wrote, latest first; hidden words are left out."""
        link = _opened(request, token)
        words = words_on(link.gallery).exclude(voter_id=_voted(request, link))
        names = link.gallery.names_shown == NamesShown.FRIENDS
        rows = words_rows(self.paginate_queryset(words) or [], names=names)
        return self.get_paginated_response(FriendsWordsOutput(rows, many=True).data)


class SharedReportView(SharedView):
    """A friend's word that what another one wrote should not stand."""

    @extend_schema(
        operation_id="report_shared_words",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        request=ReportInput,
        responses={
            204: None,
            403: ProblemSerializer,
            422: ProblemSerializer,
            429: ProblemSerializer,
            **NOT_FOUND,
        },
    )
    def post(self, request: Request, token: str, vote_id: uuid.UUID) -> Response:
        """Ask staff to look at it; said twice, it is one report."""
        link = _opened(request, token)
        limit_reports(token, request._request)
        person_id = _voted(request, link)
        sent = ReportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        report_as_friend(
            gallery_id=link.gallery_id,
            vote_id=vote_id,
            person_id=person_id,
            **sent.validated_data,
        )
        return Response(status=204)
