"""Choosing the frame that is tried instead, as a page."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.catalogue.queries import image_urls
from shop.customers.access import caller
from trials.home_trials.queries import trial_of
from trials.swaps.pages import sent_variant, what_is_free
from trials.swaps.queries import check_swappable, item_of
from trials.swaps.services import swap_frame


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
            variant_id=sent_variant(request, "variant"),
            instead_of_id=sent_variant(request, "instead_of"),
            by=user,
        )
        words = _("%(after)s is in your box now instead of %(before)s.")
        messages.success(request, words % {"after": made.variant_after, "before": item.variant})
        return redirect("trials:trial", trial.number)
    check_swappable(trial)
    free = what_is_free(request, item, user=user)
    pictures = image_urls(variant.pk for variant in free["variants"])
    rows = [
        {"variant": variant, "image_url": pictures.get(variant.pk, "")}
        for variant in free["variants"]
    ]
    context = {"trial": trial, "rows": rows, **free}
    return render(request, "trials/swaps/swap.html", context)
