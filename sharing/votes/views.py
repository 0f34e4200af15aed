"""A friend's pages: looking, voting, the standing. No account, no script needed."""

import uuid

from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.preview_files import asks, card_path, card_words
from sharing.galleries.queries import open_link, shown_frames
from sharing.galleries.questions import as_read
from sharing.galleries.services import note_view
from sharing.galleries.states import NamesShown
from sharing.galleries.tokens import browser_person
from sharing.galleries.visitors import browser_token, carry_token, is_person, keep_private
from sharing.votes import pages
from sharing.votes.comparing import bought_as_told
from sharing.votes.errors import PaperSpoiltError, VoteFirstError, VoteMissingError
from sharing.votes.forms import ReportForm
from sharing.votes.friend_page import Message, Surroundings, friend_page
from sharing.votes.judging import leave_out_owners
from sharing.votes.limits import limit_reports, limit_votes
from sharing.votes.moderation import report_as_friend
from sharing.votes.opened import Opened, known, opened
from sharing.votes.order import order_for
from sharing.votes.queries import standing, vote_of, words_on
from sharing.votes.said import Said, said_before, said_in
from sharing.votes.services import cast_vote
from sharing.votes.telling import readers, verdict
from sharing.votes.trust import (
    Paper,
    device_hash,
    door_says,
    issue_paper,
    mark_owner,
    owners_here,
    read_paper,
)
from shop.catalogue.queries import image_urls
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, LorgnetteError
from shop.foundation.form_tokens import unsigned_form_answered_by
from shop.foundation.network import client_address

WORDS_SHOWN = 20


@require_safe
def friend_gallery(request: HttpRequest, token: str) -> HttpResponse:
    """Show a gallery to whoever holds its link; a look never votes."""
    browser = browser_token(request)
    gallery = opened(token, browser)
    person_id = browser_person(browser, gallery.gallery_id)
    before = known(gallery, browser_token=browser, person_id=person_id)
    said = said_before(vote_of(person_id) if before.voted else None)
    response = _page(request, gallery, token, browser, said, voted=before.voted)
    if request.user.pk == gallery.owner_id:
        if before.voted:
            leave_out_owners(voter_id=person_id)
        mark_owner(request, response, gallery.owner_id)
    elif not before.seen and is_person(request) and not _is_own(request, gallery.owner_id):
        note_view(link=open_link(token, browser), browser_token=browser)
    # To programs, too: a browser within an app may call itself as one, and her form needs it.
    carry_token(response, browser)
    return response


def unsigned_vote(request: HttpRequest, token: str) -> HttpResponse:
    """Give a vote back whose form came without its token; nothing is written."""
    browser = browser_token(request)
    said, _problem = said_in(request.POST)
    error = ForbiddenError(
        _(
            "Your vote is not sent yet: this page was open too long, or you have logged in since. "
            "All you said is here. Please send it once more; if this comes back, allow cookies."
        )
    )
    gallery = opened(token, browser)
    response = _page(request, gallery, token, browser, said, voted=False, error=error)
    carry_token(response, browser)
    return response


@unsigned_form_answered_by(unsigned_vote)
@require_POST
def vote(request: HttpRequest, token: str) -> HttpResponse:
    """Take a friend's vote; what cannot be taken comes back with its reason and all she said."""
    browser = browser_token(request)
    limit_votes(token, request)
    said, problem = said_in(request.POST)
    paper = read_paper(request.POST.get("paper", ""), token=token, browser=browser)
    try:
        if paper is None:
            raise PaperSpoiltError(
                _("This page was open too long, or in another browser. Please send it once more.")
            )
        if problem is not None:
            raise problem
        _cast(request, paper, token, browser, said)
    except (InvalidError, ConflictError, ForbiddenError) as error:
        gallery = opened(token, browser)
        response = _page(
            request, gallery, token, browser, said, voted=False, paper=paper, error=error
        )
    else:
        response = redirect("sharing:thanks", token)
        keep_private(response)
    carry_token(response, browser)
    return response


def _cast(request: HttpRequest, paper: Paper, token: str, browser: str, said: Said) -> None:
    address = client_address(request)
    # What the paper says of the link is signed: it is read again while it is locked.
    link = ShareLink(pk=paper.link_id, gallery_id=paper.gallery_id)
    cast_vote(
        link=open_link(token, browser) if paper.is_personal else link,
        voter_token=browser,
        address=address,
        device=device_hash(
            address=address,
            user_agent=request.headers.get("User-Agent", ""),
            languages=request.headers.get("Accept-Language", ""),
        ),
        left_out=door_says(request, paper),
        owners_here=owners_here(request),
        user=request.user if request.user.is_authenticated else None,
        **said.as_ballot(),
    )


@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Thank a friend who has voted, and show her how the gallery stands."""
    browser = browser_token(request)
    link = open_link(token, browser)
    gallery = link.gallery
    person_id = browser_person(browser, link.gallery_id)
    own_vote = vote_of(person_id)
    if own_vote is None:
        return redirect("sharing:friend_gallery", token)
    counted, frames = standing(gallery), shown_frames(gallery)
    names = {frame.item.pk: frame.name for frame in frames}
    rows = pages.standing_rows(
        frames, counted, photo_url=pages.friends_photos(token), bought=bought_as_told(gallery)
    )
    bought = [row["label"] for row in rows if row["bought"]]
    context = {
        "gallery": gallery,
        "question": gallery.asked,
        "token": token,
        "asks": asks(gallery.owner.name, closed=not gallery.takes_votes),
        "card_words": card_words(
            gallery.owner.name, gallery.owner.language, closed=not gallery.takes_votes
        ),
        "closed": not gallery.takes_votes,
        "own": _is_own(request, gallery.owner_id),
        "bought": ", ".join(bought),
        "own_pick": names.get(own_vote.favourite_id or 0, ""),
        "own_order": pages.own_order(own_vote, names),
        "rows": rows,
        "total": counted.total,
        "verdict": verdict(counted, names, closed=not gallery.takes_votes, bought=bool(bought)),
        "words": pages.words_rows(
            words_on(gallery).exclude(pk=own_vote.pk)[:WORDS_SHOWN],
            names=_names_friends(gallery),
        ),
        "wants_news": bool(own_vote.voter.email),
        **_addresses(request, token, closed=not gallery.takes_votes),
    }
    response = render(request, "sharing/votes/thanks.html", context)
    keep_private(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str, vote_id: uuid.UUID) -> HttpResponse:
    """Ask a friend why another one's words should not stand; report them at a POST alone."""
    browser = browser_token(request)
    link = open_link(token, browser)
    person_id = browser_person(browser, link.gallery_id)
    if vote_of(person_id) is None:
        raise VoteFirstError(_("Vote first: then you see what the others say."))
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        limit_reports(token, request)
        about = {"gallery_id": link.gallery_id, "vote_id": vote_id, "person_id": person_id}
        try:
            report_as_friend(**about, reason=form.cleaned_data["reason"])
        except CardNumberError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Thank you. Somebody of the shop will look at it."))
            return redirect("sharing:thanks", token)
    gallery = link.gallery
    shown = words_on(gallery).filter(pk=vote_id)
    voice = next(iter(pages.words_rows(shown, names=_names_friends(gallery))), None)
    if voice is None:
        raise VoteMissingError(_("There is no such comment."))
    context = {
        "voice": voice,
        "form": form,
        "token": token,
        "question": gallery.asked,
        "card_words": card_words(
            gallery.owner.name, gallery.owner.language, closed=not gallery.takes_votes
        ),
        **_addresses(request, token, closed=not gallery.takes_votes),
    }
    status = 422 if form.errors else 200
    response = render(request, "sharing/votes/word_report.html", context, status=status)
    keep_private(response)
    return response


def _names_friends(gallery: Gallery) -> bool:
    return gallery.names_shown == NamesShown.FRIENDS


def _addresses(request: HttpRequest, token: str, *, closed: bool) -> dict[str, str]:
    page = reverse("sharing:friend_gallery", args=[token])
    card = card_path(token, closed=closed)
    return {
        "page_url": request.build_absolute_uri(page),
        "card_url": request.build_absolute_uri(card),
    }


def _is_own(request: HttpRequest, owner_id: int) -> bool:
    return request.user.pk == owner_id or owner_id in owners_here(request)


def _page(
    request: HttpRequest,
    gallery: Opened,
    token: str,
    browser: str,
    said: Said,
    *,
    voted: bool,
    paper: Paper | None = None,
    error: LorgnetteError | None = None,
) -> HttpResponse:
    unsent = Said()
    if error and gallery.closed:
        # Nothing may look as if it were kept: what is kept is shown, and what came too late apart.
        unsent, own_vote = said, vote_of(browser_person(browser, gallery.gallery_id))
        said, voted = said_before(own_vote), own_vote is not None
    facts = {each.item_id: each for each in gallery.frames}
    bare = [each.variant_id for each in gallery.frames if not each.photos]
    pictures = image_urls(bare) if bare else {}
    person_id = browser_person(browser, gallery.gallery_id)
    order = order_for(person_id, list(facts))
    shown = not gallery.is_blind or (gallery.closed and voted)
    # What it became is news for those who voted, as its result is.
    bought = gallery.bought if shown else ()
    around = Surroundings(
        token=token,
        question=as_read(gallery.question),
        asks=asks(gallery.owner_name, closed=gallery.closed),
        owner_name=gallery.owner_name.split(" ")[0],
        card_words=card_words(gallery.owner_name, gallery.owner_language, closed=gallery.closed),
        closed=gallery.closed,
        readers=readers(gallery.owner_name, gallery.names_shown),
        bought=", ".join(facts[each].label for each in facts if facts[each].variant_id in bought),
        has_photos=any(each.photos for each in gallery.frames),
        shown=shown,
        own=_is_own(request, gallery.owner_id),
        for_one=gallery.for_one,
        voted=voted,
        several=len(facts) > 1,
        ranked=bool(said.places),
        problem=str(error) if error and not gallery.closed else "",
        late=bool(error and gallery.closed),
        messages=tuple(Message(each.level_tag, str(each)) for each in get_messages(request)),
        language=get_language(),
        **_addresses(request, token, closed=gallery.closed),
    )
    page = friend_page(
        request,
        around,
        said,
        unsent=unsent,
        frames=[facts[item_id] for item_id in order],
        image_urls=pictures,
        # Sent again after a mistake, it is as old as the page she read.
        paper=issue_paper(
            link_id=gallery.link_id,
            gallery_id=gallery.gallery_id,
            is_personal=gallery.is_personal,
            token=token,
            browser=browser,
            issued_at=paper.issued_at if paper else None,
        ),
        standing=_standing(gallery, token, pictures) if shown else "",
        suits=_suits(request, gallery, token, voted=voted) if gallery.closed else "",
        bought=bought,
    )
    response = HttpResponse(page, status=error.status if error else 200)
    keep_private(response)
    return response


def _suits(request: HttpRequest, gallery: Opened, token: str, *, voted: bool) -> str:
    if _is_own(request, gallery.owner_id):
        return ""
    context = {"voted": voted, "owner_name": gallery.owner_name, "token": token}
    return render_to_string("sharing/votes/parts/suits.html", context, request)


def _standing(gallery: Opened, token: str, pictures: dict[int, str]) -> str:
    frames = [each.shown(pictures.get(each.variant_id, "")) for each in gallery.frames]
    counted = standing(Gallery(pk=gallery.gallery_id))
    rows = pages.standing_rows(
        frames, counted, photo_url=pages.friends_photos(token), bought=gallery.bought
    )
    context = {"rows": rows, "total": counted.total}
    names = {frame.item.pk: frame.name for frame in frames}
    bought = any(row["bought"] for row in rows)
    context["verdict"] = verdict(counted, names, closed=gallery.closed, bought=bought)
    return render_to_string("sharing/votes/parts/outcome.html", context)
