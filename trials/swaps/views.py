"""Choosing the frame that is tried instead, as a page."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.catalogue.queries import image_urls
from shop.customers.access import caller
from shop.foundation.errors import InvalidError
from shop.foundation.pages import page_links
from trials.home_trials.queries import trial_of
from trials.swaps.errors import CannotSwapError
from trials.swaps.queries import is_swappable, item_of, variants_to_swap_for
from trials.swaps.services import swap_frame

VARIANTS_A_PAGE = 24
LONGEST_SEARCH = 80


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def frame_swap(request: HttpRequest, number: str, item_id: uuid.UUID) -> HttpResponse:
    """Show what a frame can be swapped for, and swap it."""
    user = caller(request)
    trial = trial_of(user=user, number=number)
    item = item_of(trial, item_id)
    if request.method == "POST":
        made = swap_frame(
            trial_id=trial.pk,
            item_id=item.pk,
            variant_id=_sent(request, "variant"),
            instead_of_id=_sent(request, "instead_of"),
            by=user,
        )
        words = _("%(after)s is in your box now instead of %(before)s.")
        messages.success(request, words % {"after": made.variant_after, "before": item.variant})
        return redirect("trials:trial", trial.number)
    if not is_swappable(trial):
        raise CannotSwapError(
            _("Your box is being packed, or further on already. Its frames stay as they are."),
            state=trial.state,
        )
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    free = variants_to_swap_for(item, user=user, words=words)
    page = Paginator(free, VARIANTS_A_PAGE).get_page(request.GET.get("page"))
    variants = list(page.object_list)
    pictures = image_urls(variant.pk for variant in variants)
    rows = [{"variant": variant, "image_url": pictures.get(variant.pk, "")} for variant in variants]
    context = {
        "trial": trial,
        "item": item,
        "instead_of": item.variant_id,
        "rows": rows,
        "words": words,
        **page_links(page, q=words),
    }
    return render(request, "trials/swaps/swap.html", context)


def _sent(request: HttpRequest, name: str) -> int:
    sent = request.POST.get(name, "")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
        raise InvalidError(_("Choose a frame first."), code="variant_missing")
    return int(sent)
