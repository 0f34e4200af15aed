"""Units: where each is, and where it has been."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shop.foundation.access import staff_only
from shop.foundation.pages import page_links
from trials.console.queries.units import staff_unit, units_matching
from trials.console.timeline import unit_timeline
from trials.units.states import UnitState

UNITS_A_PAGE = 50


@staff_only
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """List units by state or by what was searched for."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = units_matching(state=state, words=words)
    page = Paginator(found, UNITS_A_PAGE).get_page(request.GET.get("page"))
    kept = {"q": words} if words else {}
    choices = [("", _("All")), *UnitState.choices]
    context = {
        "page": page,
        "words": words,
        "state": state,
        "pills": [
            {
                "label": label,
                "url": "?" + urlencode({"state": value, **kept}),
                "active": value == state,
            }
            for value, label in choices
        ],
        "found": ngettext("%(n)s unit", "%(n)s units", page.paginator.count)
        % {"n": page.paginator.count},
        **page_links(page, state=state, q=words),
    }
    return render(request, "trials/console/unit_list.html", context)


@staff_only
@require_safe
def unit(request: HttpRequest, barcode: str) -> HttpResponse:
    """Show one unit and its movements."""
    found = staff_unit(barcode)
    context = {
        "unit": found,
        "entries": unit_timeline(found),
        "inspections": sorted(found.inspections.all(), key=lambda each: each.at, reverse=True),
    }
    return render(request, "trials/console/unit.html", context)
