"""The customer's threads as an API."""

import uuid

from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.models import Gallery
from sharing.galleries.queries import gallery_of, open_link
from sharing.galleries.tokens import browser_person
from sharing.stylist.errors import ThreadMissingError
from sharing.stylist.pictures import picture_file
from sharing.stylist.queries import answers_for_friends, picture_for, thread_about
from sharing.stylist.serializers import (
    FriendsInput,
    QuestionInput,
    SharedAnswersOutput,
    ThreadOutput,
)
from sharing.stylist.services import ask, show_to_friends
from sharing.votes.errors import VoteFirstError
from sharing.votes.queries import vote_of
from sharing.votes.shared_api import VOTER_TOKEN, SharedView
from shop.customers.access import caller
from shop.foundation.api import sends
from shop.foundation.problems import ProblemSerializer
from trials.home_trials.models import Trial
from trials.home_trials.queries import trial_of

TAGS = ["stylist"]
ASKED = {
    200: ThreadOutput,
    404: ProblemSerializer,
    422: ProblemSerializer,
    429: ProblemSerializer,
}
FOUND = {200: ThreadOutput, 404: ProblemSerializer}


def _shown(*, trial: Trial | None = None, gallery: Gallery | None = None) -> Response:
    thread = thread_about(trial=trial, gallery=gallery)
    if thread is None:
        raise ThreadMissingError(_("Nothing was asked about this yet."))
    return Response(ThreadOutput(thread).data)


def _text(request: Request) -> str:
    sent = QuestionInput(data=request.data)
    sent.is_valid(raise_exception=True)
    return str(sent.validated_data["text"])


class TrialThreadView(APIView):
    """The thread about one trial."""

    @extend_schema(operation_id="get_trial_thread", tags=TAGS, responses=FOUND)
    def get(self, request: Request, number: str) -> Response:
        """Return what was asked and answered about a trial."""
        return _shown(trial=trial_of(user=caller(request), number=number))

    @extend_schema(
        operation_id="ask_about_trial", tags=TAGS, request=QuestionInput, responses=ASKED
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask the stylist about a trial; the answer comes by mail and stands here."""
        trial = trial_of(user=caller(request), number=number)
        ask(user=caller(request), trial=trial, text=_text(request))
        return _shown(trial=trial)


class GalleryThreadView(APIView):
    """The thread about one gallery."""

    @extend_schema(operation_id="get_gallery_thread", tags=TAGS, responses=FOUND)
    def get(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Return what was asked and answered about a gallery."""
        return _shown(gallery=gallery_of(user=caller(request), gallery_id=gallery_id))

    @extend_schema(
        operation_id="ask_about_gallery", tags=TAGS, request=QuestionInput, responses=ASKED
    )
    def post(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Ask the stylist about a gallery; the answer comes by mail and stands here."""
        gallery = gallery_of(user=caller(request), gallery_id=gallery_id)
        ask(user=caller(request), gallery=gallery, text=_text(request))
        return _shown(gallery=gallery)

    @extend_schema(
        operation_id="show_answers_to_friends", tags=TAGS, request=FriendsInput, responses=FOUND
    )
    def patch(self, request: Request, gallery_id: uuid.UUID) -> Response:
        """Let friends of the gallery read the answers, or no longer; they do not at first."""
        gallery = gallery_of(user=caller(request), gallery_id=gallery_id)
        sent = FriendsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        show_to_friends(owner=caller(request), gallery=gallery, **sent.validated_data)
        return _shown(gallery=gallery)


class AnswerPictureView(APIView):
    """The picture of an answer."""

    renderer_classes = [JSONRenderer, sends("image/jpeg")]

    @extend_schema(
        operation_id="get_answer_picture",
        tags=TAGS,
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, message_id: int, size: int) -> FileResponse:
        """Return the picture of an answer as a JPEG; ``pictures`` of a message lead here."""
        message = picture_for(user=caller(request), message_id=message_id)
        if message is None or message.picture is None:
            raise ThreadMissingError(_("There is no such picture."))
        return picture_file(message.picture, size, "jpg")


class SharedAnswersView(SharedView):
    """What friends may read of the stylist's answers."""

    @extend_schema(
        operation_id="list_shared_answers",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        responses={
            200: SharedAnswersOutput,
            403: ProblemSerializer,
            404: ProblemSerializer,
        },
    )
    def get(self, request: Request, token: str) -> Response:
        """Return the stylist's answers to a friend who has voted, if the owner shows them."""
        voter_token = request.headers.get("X-Voter-Token", "")
        link = open_link(token, voter_token)
        if vote_of(browser_person(voter_token, link.gallery_id)) is None:
            raise VoteFirstError(_("Vote first: then you see what the others say."))
        answers = answers_for_friends(link.gallery)
        return Response(SharedAnswersOutput({"answers": answers}).data)
