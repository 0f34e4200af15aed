"""One field for everything: trials, people, units, parcels, orders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shop.foundation.access import staff_only
from trials.console.queries.finding import Found, everything_meant


@staff_only
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what the words lead to; straight to the page where it is one thing."""
    words = request.GET.get("q", "").strip()
    found = everything_meant(words)
    if there := _only(found):
        return there
    return render(request, "trials/console/search.html", {"words": words, "found": found})


def _only(found: Found) -> HttpResponse | None:
    """Lead to the one thing found; nothing where there are several, or none."""
    if len(found.trials) + len(found.people) + len(found.orders) == 1 and not found.units:
        if found.trials:
            return redirect("console:trial", found.trials[0].number)
        if found.orders:
            return redirect("orders:console_order", found.orders[0].number)
    return None
