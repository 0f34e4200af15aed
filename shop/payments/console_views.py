"""Disputes in the console: what is to be answered at Stripe, and until when."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.foundation.access import staff_only
from shop.foundation.pages import page_links
from shop.payments.queries import open_disputes

DISPUTES_A_PAGE = 25


@staff_only
@require_safe
def dispute_list(request: HttpRequest) -> HttpResponse:
    """List the disputes that are open, the one to be answered soonest first."""
    page = Paginator(open_disputes(), DISPUTES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, **page_links(page)}
    return render(request, "shop/payments/dispute_list.html", context)
