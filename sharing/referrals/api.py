"""Friends for clients of the API: the way from a gallery, codes, invitations, claims."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.app_visitors import VOTER_TOKEN
from sharing.galleries.queries import open_link
from sharing.galleries.tokens import browser_person
from sharing.referrals import pages
from sharing.referrals.claims import claim_token
from sharing.referrals.models import Referral
from sharing.referrals.queries import generations, running_campaign
from sharing.referrals.serializers import (
    ClaimOutput,
    ClickInput,
    CodeInput,
    CodeOutput,
    FriendInvitationInput,
    FriendInvitationOutput,
    FriendOutput,
    ReferralOutput,
)
from sharing.referrals.services.claiming import (
    claim_code,
    click_code,
    click_referral,
    join_referral,
)
from sharing.referrals.services.codes import code_for, invite
from sharing.votes.errors import VoteFirstError
from sharing.votes.queries import vote_of
from shop.customers.access import caller
from shop.foundation.api import CursorPagination
from shop.foundation.limits import count_against
from shop.foundation.network import address_hash, client_address
from shop.foundation.problems import ProblemSerializer


class SharedReferralView(APIView):
    """A friend goes to the shop."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="click_referral",
        tags=["shared"],
        parameters=[VOTER_TOKEN],
        auth=[],
        request=None,
        responses={200: ReferralOutput, 403: ProblemSerializer, 404: ProblemSerializer},
    )
    def post(self, request: Request, token: str) -> Response:
        """Note that a friend who has voted went on to the shop; twice changes nothing."""
        browser = request.headers.get("X-Voter-Token", "")
        link = open_link(token, browser)
        person_id = browser_person(browser, link.gallery_id)
        vote = vote_of(person_id)
        if vote is None:
            raise VoteFirstError(_("Vote first, with the X-Voter-Token of this device."))
        referral = click_referral(voter_id=vote.voter_id)
        if request.user.is_authenticated:
            join_referral(user=request.user, referral_id=referral.pk)
        return Response(ReferralOutput({"referral_token": claim_token(referral.pk)}).data)


class ReferralClickView(APIView):
    """A friend takes an advocate's code."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="click_referral_code",
        tags=["referrals"],
        auth=[],
        request=ClickInput,
        responses={200: ReferralOutput, 404: ProblemSerializer, 429: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Note a friend's own act, before she has an account. Never call it for a mere look."""
        sent = ClickInput(data=request.data)
        sent.is_valid(raise_exception=True)
        who = address_hash(client_address(request))
        count_against("referral-click", who, limit=30, seconds=3600)
        referral = click_code(
            code=sent.validated_data["code"], key=sent.validated_data["invitation_key"]
        )
        return Response(ReferralOutput({"referral_token": claim_token(referral.pk)}).data)


class ReferralClaimView(APIView):
    """The caller came by a friend's code."""

    @extend_schema(
        operation_id="claim_referral_code",
        tags=["referrals"],
        request=CodeInput,
        responses={200: ClaimOutput, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take the code; the first valid one counts, and the same again changes nothing."""
        sent = CodeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user = caller(request)
        count_against("referral-code", str(user.pk), limit=20, seconds=3600)
        referral = claim_code(user=user, code=sent.validated_data["code"])
        return Response(ClaimOutput({"state": shown_state(referral)}).data)


def shown_state(referral: Referral) -> str:
    """Return the state a friend may know: that she is being checked is the shop's business."""
    return "joined" if referral.state == "held" else referral.state


class ReferralCodeView(APIView):
    """The caller's own code."""

    @extend_schema(operation_id="get_referral_code", tags=["referrals"], responses=CodeOutput)
    def get(self, request: Request) -> Response:
        """Return her code, what to send, and what came of it; the first call makes the code."""
        user = caller(request)
        code, campaign = code_for(user=user), running_campaign()
        below = generations(advocate_id=user.pk)
        answer = {
            "code": pages.shown_code(code),
            "url": pages.page_url(code),
            "share_text": pages.share_words(campaign, get_language() or "en"),
            "promise": pages.promise_words(campaign),
            **pages.summary(user),
            "generations": len(below),
            "brought": sum(people for _generation, people in below),
        }
        return Response(CodeOutput(answer).data)


class ReferralPagination(CursorPagination):
    """Friends, the latest first."""

    ordering = ("-created_at", "-pk")


class ReferralsView(ListAPIView):
    """The friends the caller brought."""

    serializer_class = FriendOutput
    pagination_class = ReferralPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Referral]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return Referral.objects.none()
        return pages.referrals_of(caller(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page of rows as an advocate may see them."""
        page = super().paginate_queryset(queryset)
        return page if page is None else [pages.friend_row(each) for each in page]

    @extend_schema(operation_id="list_referrals", tags=["referrals"])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return her friends, the latest first: how far each came, never what one bought."""
        return super().get(request, *args, **kwargs)


class InvitationsView(APIView):
    """Invitations for one person each."""

    @extend_schema(
        operation_id="invite_friend",
        tags=["referrals"],
        request=FriendInvitationInput,
        responses={201: FriendInvitationOutput, 409: ProblemSerializer, 422: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a link for one person. The advocate sends it herself: the shop mails nobody."""
        sent = FriendInvitationInput(data=request.data)
        sent.is_valid(raise_exception=True)
        user = caller(request)
        made = invite(advocate=user, name=sent.validated_data["name"])
        url = pages.page_url(code_for(user=user), made.invitation_key or "")
        answer = FriendInvitationOutput({"invited_name": made.invited_name, "url": url}).data
        return Response(answer, status=status.HTTP_201_CREATED)
