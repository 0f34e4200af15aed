"""The way from a gallery to the shop, for clients of the API."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sharing.galleries.queries import open_link
from sharing.galleries.tokens import browser_person
from sharing.referrals.claims import claim_token
from sharing.referrals.services.claiming import click_referral, join_referral
from sharing.votes.errors import VoteFirstError
from sharing.votes.queries import vote_of
from sharing.votes.shared_api import VOTER_TOKEN
from shop.foundation.problems import ProblemSerializer


class ReferralOutput(serializers.Serializer):
    """A friend's claim that she came by a link."""

    referral_token = serializers.CharField(
        help_text="Send it as X-Referral-Token with her sign-up or log-in, within 30 days."
    )


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
