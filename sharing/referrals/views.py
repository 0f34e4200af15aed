"""From the gallery to the shop, by a friend's own act."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from sharing.galleries.queries import open_link
from sharing.galleries.tokens import browser_person
from sharing.galleries.visitors import browser_token
from sharing.referrals.claims import carry_claim
from sharing.referrals.services.claiming import click_referral, join_referral
from sharing.votes.queries import vote_of


@require_POST
def referral_click(request: HttpRequest, token: str) -> HttpResponse:
    """Take a friend who has voted to the frames, and let her browser carry where she came from."""
    browser = browser_token(request)
    link = open_link(token, browser)
    vote = vote_of(browser_person(browser, link.gallery_id))
    if vote is None:
        return redirect("sharing:friend_gallery", token)
    referral = click_referral(voter_id=vote.voter_id)
    if request.user.is_authenticated:
        join_referral(user=request.user, referral_id=referral.pk)
    response = redirect("catalogue:frame_list")
    carry_claim(response, referral.pk)
    return response
