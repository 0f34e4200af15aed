"""What the owner of a gallery makes of its votes: hides, blocks, reports, vouches, compares."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.galleries.queries import galleries_of, gallery_of
from sharing.votes import pages
from sharing.votes.comparing import compared
from sharing.votes.errors import VoteInvalidError
from sharing.votes.forms import ReportForm
from sharing.votes.judging import block_voter, unblock_voter, vouch_for, vouch_for_vote
from sharing.votes.moderation import hide_words, report_as_owner, show_words
from sharing.votes.queries import vote_on
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.pages import page_links

GALLERIES_A_PAGE = 10
Act = Callable[..., Any]
ACTS: dict[str, tuple[Act, Any]] = {
    "hide": (hide_words, gettext_lazy("Your friends do not see these words any more.")),
    "show": (show_words, gettext_lazy("Your friends see these words again.")),
    "block": (block_voter, gettext_lazy("Blocked: this vote does not count, nor do later ones.")),
    "unblock": (unblock_voter, gettext_lazy("This vote stands again as it stood before.")),
    "count": (vouch_for_vote, gettext_lazy("This vote counts.")),
}


@login_required
@require_POST
def gallery_vote(request: HttpRequest, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> HttpResponse:
    """Do to one vote what its button says."""
    assert request.user.is_authenticated
    act, words = ACTS.get(request.POST.get("act", ""), (None, ""))
    if act is None:
        raise VoteInvalidError(_("Load the page again and choose once more."))
    act(owner=request.user, gallery_id=gallery_id, vote_id=vote_id)
    messages.success(request, str(words))
    return redirect("sharing:gallery", gallery_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def vote_report(request: HttpRequest, gallery_id: uuid.UUID, vote_id: uuid.UUID) -> HttpResponse:
    """Ask why words should not stand; report them at a POST alone."""
    assert request.user.is_authenticated
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            report_as_owner(
                owner=request.user,
                gallery_id=gallery_id,
                vote_id=vote_id,
                reason=form.cleaned_data["reason"],
            )
        except CardNumberError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(
                request, _("Thank you. Somebody of the shop will look at these words.")
            )
            return redirect("sharing:gallery", gallery_id)
    gallery = gallery_of(user=request.user, gallery_id=gallery_id)
    (voice,) = pages.voices([vote_on(gallery, vote_id)])
    context = {"gallery": gallery, "voice": voice, "form": form}
    status = 422 if form.errors else 200
    return render(request, "sharing/votes/vote_report.html", context, status=status)


@login_required
@require_POST
def gallery_vouch(request: HttpRequest, gallery_id: uuid.UUID) -> HttpResponse:
    """Count the votes of friends whom the owner knows and the shop cannot."""
    assert request.user.is_authenticated
    because = request.POST.get("because", "")
    votes = vouch_for(owner=request.user, gallery_id=gallery_id, because=because)
    words = ngettext("%(votes)s more vote counts.", "%(votes)s more votes count.", votes)
    messages.success(request, words % {"votes": votes})
    return redirect("sharing:gallery", gallery_id)


@login_required
@require_safe
def gallery_compare(request: HttpRequest) -> HttpResponse:
    """Show a customer's galleries side by side."""
    assert request.user.is_authenticated
    page = Paginator(galleries_of(request.user), GALLERIES_A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": compared(list(page.object_list)), **page_links(page)}
    return render(request, "sharing/votes/gallery_compare.html", context)
