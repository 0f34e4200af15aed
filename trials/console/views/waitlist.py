"""The waitlist as staff see it: who waits for what, and what is held for whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from shop.catalogue.models import Variant
from shop.foundation.access import staff_only
from shop.foundation.keyset import keyset_page
from trials.console.queries.waitlist import FILTERS, variant_key, waits_matching

WAITS_A_PAGE = 50


@staff_only
@require_safe
def waitlist(request: HttpRequest) -> HttpResponse:
    """List who waits, the longest wait first; or what is held, or what ended."""
    state = request.GET.get("state", "")
    state = state if state in FILTERS else "waiting"
    variant_id = variant_key(request.GET.get("variant", ""))
    found = waits_matching(state, variant_id=variant_id)
    page = keyset_page(found, asked=request.GET.dict(), size=WAITS_A_PAGE)
    variant = None
    if variant_id is not None:
        variant = Variant.objects.select_related("frame").filter(pk=variant_id).first()
    kept = {"variant": str(variant_id)} if variant_id is not None else {}
    context = {
        "waits": page.object_list,
        "state": state,
        "variant": variant,
        "all_url": "?" + urlencode({"state": state}),
        "pills": [
            {
                "label": label,
                "url": "?" + urlencode({**kept, "state": name}),
                "active": name == state,
            }
            for name, label in FILTERS.items()
        ],
        **page.links(state=state, **kept),
    }
    return render(request, "trials/console/waitlist.html", context)
