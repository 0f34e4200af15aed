"""Putting units back on their shelves, one scan or one click each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from shop.foundation.keyset import keyset_page
from trials.console.queries.put_back import units_to_put_back
from trials.console.station import refused, screen
from trials.console.views.trials import staff_user
from trials.units.services.tending import PutAway, put_away

UNITS_A_PAGE = 50
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "unit_in_trial": gettext_lazy("A trial holds it"),
    "not_to_put_back": gettext_lazy("Not to be put back"),
    "not_for_the_shelf": gettext_lazy("Not to be shown"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def put_back(request: HttpRequest) -> HttpResponse:
    """Scan a unit and be told its shelf; answers htmx with the screen and the list alone."""
    answer, status = screen("ready", _("Scan a unit")), 200
    if request.method == "POST":
        try:
            done = put_away(barcode=request.POST.get("barcode", ""), by=staff_user(request))
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        else:
            answer = _put_back_screen(done)
    part = request.method == "POST" and request.headers.get("HX-Request")
    page = keyset_page(units_to_put_back(), asked=request.GET.dict(), size=UNITS_A_PAGE)
    for each in page:
        each.why = _(each.reason)
    context = {"screen": answer, "page": page, "oob": bool(part), **page.links()}
    name = "parts/put_back_answer.html" if part else "put_back.html"
    return render(request, f"trials/console/{name}", context, status=status)


def _put_back_screen(done: PutAway) -> dict[str, str]:
    unit = done.unit
    words = _("Shelf %(shelf)s") % {"shelf": unit.location} if unit.location else _("No shelf")
    named = [str(unit.variant), unit.barcode]
    if done.again:
        named.append(_("put back before"))
    elif unit.held_for_id is not None:
        named.append(_("held for a customer who waited"))
    return screen("ok", words, " · ".join(named))
