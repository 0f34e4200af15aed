"""The trials that wait for a person, as a page of the console."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.foundation.access import staff_only
from shop.foundation.pages import page_links
from trials.risk.queries import reason_words, to_review

DECISIONS_A_PAGE = 25


@staff_only
@require_safe
def risk_queue(request: HttpRequest) -> HttpResponse:
    """List the trials that wait for a person, the oldest wish first, each with its reasons."""
    page = Paginator(to_review(), DECISIONS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"decision": each, "reasons": [reason_words(reason) for reason in each.reasons]}
        for each in page.object_list
    ]
    return render(request, "trials/risk/queue.html", {"rows": rows, **page_links(page)})
