"""Pages of friends: an advocate's own, the one she sends, and the way there from a gallery."""

import io
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sharing.galleries.queries import open_link
from sharing.galleries.tokens import browser_person
from sharing.galleries.visitors import browser_token
from sharing.referrals import gifts, pages
from sharing.referrals.browsers import browser_hash, mark_browser, note_browser
from sharing.referrals.claims import carried_claim, carry_claim
from sharing.referrals.errors import InvitationInvalidError
from sharing.referrals.forms import InviteForm
from sharing.referrals.models import Referral
from sharing.referrals.queries import generations, may_claim, owner_of, running_campaign, waits
from sharing.referrals.services.claiming import (
    claim_code,
    click_code,
    click_referral,
    join_referral,
)
from sharing.referrals.services.codes import code_for, invite
from sharing.votes.queries import vote_of
from shop.customers.access import caller
from shop.customers.models import User
from shop.foundation.errors import ConflictError, MissingError
from shop.foundation.limits import count_against
from shop.foundation.network import address_hash, client_address
from shop.foundation.pages import page_links
from shop.payments.queries import credit_entries, credit_of
from trials.at_home.queries import unused_gifts

FRIENDS_A_PAGE = 20
ENTRIES_SHOWN = 8


@require_POST
def referral_click(request: HttpRequest, token: str) -> HttpResponse:
    """Take a friend who has voted to the frames, and let her browser carry where she came from."""
    browser = browser_token(request)
    link = open_link(token, browser)
    vote = vote_of(browser_person(browser, link.gallery_id))
    if vote is None:
        return redirect("sharing:friend_gallery", token)
    seen_in = browser_hash(request)
    referral = click_referral(voter_id=vote.voter_id, browser_hash=seen_in)
    return _go_on(request, referral, seen_in)


def _go_on(request: HttpRequest, referral: Referral, seen_in: str) -> HttpResponse:
    claimed: Referral | None = referral
    if request.user.is_authenticated:
        claimed = join_referral(user=request.user, referral_id=referral.pk, browser_hash=seen_in)
    elif waits(carried_claim(request)) and carried_claim(request) != referral.pk:
        claimed = None
    if words := gifts.claimed_words(claimed):
        messages.success(request, words)
    response = redirect("catalogue:frame_list")
    mark_browser(request, response)
    # The first claim stays: what is pressed later takes no friend away from whoever brought her.
    if not waits(carried_claim(request)):
        carry_claim(response, referral.pk)
    return response


@require_safe
def referral_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show an advocate's page to a friend. A look claims nothing: bots and previews look too."""
    advocate = User.objects.get(pk=owner_of(code))
    campaign = running_campaign()
    first_name = advocate.name.split(" ")[0] or _("Your friend")
    offer = gifts.offer_words(campaign) if campaign else ""
    context = {
        "code": code,
        "key": request.GET.get("i", "")[:20],
        "first_name": first_name,
        "eyebrow": _("%(name)s sent you") % {"name": first_name},
        "heading": offer or _("Find your pair with your friends"),
        "label": _("Take the gift") if offer else _("See the frames"),
        "conditions": _conditions(campaign) if campaign and offer else "",
        "seen": gifts.seen_words(advocate.name),
        "share_text": pages.share_words(campaign, get_language() or "en"),
        "own": request.user.is_authenticated and request.user.pk == advocate.pk,
    }
    response = render(request, "sharing/referrals/page.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


def _conditions(campaign: Any) -> str:
    words = _("For a first order of %(minimum)s or more, within %(days)s days.")
    return words % {"minimum": campaign.least_order, "days": campaign.order_within_days}


@require_POST
def referral_claim(request: HttpRequest, code: str) -> HttpResponse:
    """Take a friend's press of the button: her claim goes with her to her sign-up."""
    count_against("referral-click", address_hash(client_address(request)), limit=30, seconds=3600)
    seen_in = browser_hash(request)
    user = caller(request) if request.user.is_authenticated else None
    referral = click_code(
        code=code,
        key=request.POST.get("i", "")[:20],
        browser_hash=seen_in,
        user=user,
        carried=carried_claim(request),
    )
    return _go_on(request, referral, seen_in)


@login_required
@require_POST
def code_claim(request: HttpRequest) -> HttpResponse:
    """Take a code a friend gave a customer, typed in her account or at the checkout."""
    user = caller(request)
    count_against("referral-code", str(user.pk), limit=20, seconds=3600)
    try:
        claim_code(user=user, code=request.POST.get("code", ""), browser_hash=browser_hash(request))
    except (ConflictError, MissingError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thank you. Your friend's code is noted."))
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return redirect(wanted)
    return redirect("sharing:friends")


@login_required
@require_safe
def friends(request: HttpRequest) -> HttpResponse:
    """Show an advocate her code, what came of it, and her credit."""
    return _friends(request, InviteForm())


def _friends(request: HttpRequest, form: InviteForm) -> HttpResponse:
    user = caller(request)
    code, campaign = code_for(user=user), running_campaign()
    text, url = pages.share_words(campaign, get_language() or "en"), pages.page_url(code)
    page = Paginator(pages.referrals_of(user), FRIENDS_A_PAGE).get_page(request.GET.get("page"))
    below = generations(advocate_id=user.pk)
    invitation = Referral.objects.filter(
        advocate=user, invitation_key=request.GET.get("i") or None, state="invited"
    ).first()
    context = {
        "promise": pages.promise_words(campaign),
        "code": pages.shown_code(code),
        "share_text": text,
        "share_url": url,
        "qr_url": reverse("sharing:friends_qr"),
        **pages.ways_to_send(text, url, gift=campaign is not None),
        "invite_form": form,
        "invitation": invitation,
        "invitation_url": pages.page_url(code, invitation.invitation_key or "")
        if invitation
        else "",
        "credit": credit_of(user),
        "days_given": sum(gift.days for gift in unused_gifts(user.pk)),
        "entries": pages.entry_rows(credit_entries(user)[:ENTRIES_SHOWN]),
        "rows": [pages.friend_row(each) for each in page.object_list],
        **page_links(page),
        "summary": pages.summary(user),
        "generations": len(below),
        "brought": sum(people for _generation, people in below),
        "may_claim": may_claim(user),
        "here": reverse("sharing:friends"),
    }
    response = render(request, "sharing/referrals/friends.html", context)
    response["Cache-Control"] = "private, no-store"
    note_browser(user=user, seen_in=mark_browser(request, response))
    return response


@login_required
@require_POST
def friend_invite(request: HttpRequest) -> HttpResponseBase:
    """Make a link for one person and show it."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _friends(request, form)
    try:
        made = invite(advocate=caller(request), name=form.cleaned_data["name"])
    except InvitationInvalidError as error:
        form.add_error("name", str(error))
        return _friends(request, form)
    return redirect(f"{reverse('sharing:friends')}?i={made.invitation_key}#send")


@login_required
@require_safe
def friends_qr(request: HttpRequest) -> HttpResponse:
    """Send the QR code of the advocate's page."""
    out = io.BytesIO()
    url = pages.page_url(code_for(user=caller(request)))
    segno.make_qr(url, error="m").save(out, kind="svg", scale=6, border=2)
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    return response
