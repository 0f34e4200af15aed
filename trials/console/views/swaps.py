"""Swapping a frame of a trial for its customer, who wrote or rang."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.foundation.access import staff_only
from trials.console.queries.trials import staff_trial
from trials.console.views.trials import staff_user
from trials.home_trials.models import Trial
from trials.swaps.errors import CannotSwapError
from trials.swaps.pages import sent_variant, what_is_free
from trials.swaps.queries import check_swappable, item_of
from trials.swaps.services import swap_frame


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def trial_swap(request: HttpRequest, number: str, item_id: uuid.UUID) -> HttpResponse:
    """Show what a frame can be swapped for, and swap it; once that is over, say so on the trial."""
    found = staff_trial(number)
    try:
        return _swapped(request, found, item_id)
    except CannotSwapError as error:
        messages.error(request, str(error))
        return redirect("console:trial", found.number)


def _swapped(request: HttpRequest, trial: Trial, item_id: uuid.UUID) -> HttpResponse:
    item = item_of(trial, item_id)
    if request.method == "POST":
        instead_of = request.POST.get("instead_of")
        made = swap_frame(
            trial_id=trial.pk,
            item_id=item.pk,
            variant_id=sent_variant(request, "variant"),
            instead_of_id=sent_variant(request, "instead_of") if instead_of else None,
            by=staff_user(request),
        )
        words = _("%(after)s goes out instead of %(before)s; the customer was told.")
        told = {"after": made.variant_after, "before": made.variant_before}
        messages.success(request, words % told)
        return redirect("console:trial", trial.number)
    check_swappable(trial)
    context = {"trial": trial, **what_is_free(request, item, user=trial.user)}
    return render(request, "trials/console/trial_swap.html", context)
