"""Handing parcels over: one manifest a carrier, one scan a parcel."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.customers.models import User
from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from shop.foundation.keyset import keyset_page
from trials.console.commands import CANCEL, HAND_OVER, MANIFEST
from trials.console.errors import NothingToHandOverError, WhichCarrierError
from trials.console.station import go_to, refused, screen
from trials.console.views.trials import staff_user
from trials.fulfilment.models import Manifest
from trials.fulfilment.queries.manifests import (
    MANIFESTS,
    ON_MANIFEST,
    carriers_to_hand_over,
    count_to_hand_over,
    first_to_hand_over,
    is_followed,
    manifest_by_id,
    manifest_parcels,
)
from trials.fulfilment.services.manifests import (
    add_parcel,
    add_parcel_of_its_carrier,
    close_manifest,
    open_manifest,
    remove_parcel,
)
from trials.fulfilment.sheets import manifest_pdf
from trials.fulfilment.states import ManifestState
from trials.home_trials.states import TrialState
from trials.shipping.carriers import CARRIERS
from trials.shipping.queries import parcels_to_look_after_page
from trials.units.barcodes import normalised

MANIFESTS_A_PAGE = 30
PARCELS_A_PAGE = 50
SHOWN_WAITING = 12
REFUSALS = {
    "shipment_not_found": gettext_lazy("Unknown label"),
    "return_parcel": gettext_lazy("Return label"),
    "other_carrier": gettext_lazy("Another carrier"),
    "on_manifest": gettext_lazy("Scanned already"),
    "parcel_not_ready": gettext_lazy("Not packed"),
    "box_called_off": gettext_lazy("Called off"),
    "manifest_closed": gettext_lazy("Handed over"),
    "manifest_empty": gettext_lazy("Nothing to hand over"),
    "nothing_to_hand_over": gettext_lazy("Nothing to hand over"),
    "which_carrier": gettext_lazy("Which carrier?"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def manifest_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for each carrier, and the manifests; a scan opens one."""
    answer, status = screen("ready", _("Scan a parcel"), _("It opens its carrier’s manifest.")), 200
    if request.method == "POST":
        scanned, by = request.POST.get("barcode", ""), staff_user(request)
        try:
            if normalised(scanned) == MANIFEST:
                return go_to(request, "console:manifest", _opened(by).pk)
            added = add_parcel_of_its_carrier(scanned=scanned, by=by)
            return go_to(request, "console:manifest", added.manifest_id)
        except LorgnetteError as error:
            # htmx shows answers of 422, not of 404.
            answer, status = refused(error, REFUSALS), 422
        if request.headers.get("HX-Request"):
            return render(request, "components/scan_screen.html", answer, status=status)
    latest = Manifest.objects.order_by("-pk")
    page = keyset_page(latest, asked=request.GET.dict(), size=MANIFESTS_A_PAGE, whole=MANIFESTS)
    counted = count_to_hand_over()
    waiting = [(code, counted.get(code, 0)) for code in CARRIERS]
    context = {"screen": answer, "page": page, "waiting": waiting, **page.links()}
    return render(request, "trials/console/manifest_list.html", context, status=status)


def _opened(by: User) -> Manifest:
    """Open the manifest of the one carrier that something waits for."""
    carriers = carriers_to_hand_over()
    if not carriers:
        raise NothingToHandOverError(_("No packed parcel waits for a carrier. Pack boxes first."))
    if len(carriers) > 1:
        raise WhichCarrierError(
            _("Parcels wait for %(carriers)s. Scan one, and the manifest of its carrier opens.")
            % {"carriers": ", ".join(carriers)}
        )
    return open_manifest(carrier=carriers[0], by=by)


@staff_only
@require_POST
def manifest_open(request: HttpRequest) -> HttpResponse:
    """Go on with a carrier's open manifest, or begin one."""
    made = open_manifest(carrier=request.POST.get("carrier", ""), by=staff_user(request))
    return redirect("console:manifest", made.pk)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def manifest(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """Scan parcels onto a manifest; answers htmx with the screen and the list alone."""
    found, status = manifest_by_id(manifest_id), 200
    answer = _standing(found)
    if request.method == "POST":
        scanned = request.POST.get("barcode", "")
        try:
            if (there := _left(request, found, normalised(scanned))) is not None:
                return there
            answer = _add(found, scanned, staff_user(request))
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
            # htmx shows answers of 422, not of 404.
            status = 422 if status == 404 and request.headers.get("HX-Request") else status
        found = manifest_by_id(manifest_id)
    part = request.method == "POST" and request.headers.get("HX-Request")
    # The latest scan first: a manifest holds a day's two thousand, and she looks for her own.
    latest = found.parcels.order_by("-added_at", "-pk")
    asked = request.GET.dict()
    page = keyset_page(latest, asked=asked, size=PARCELS_A_PAGE, whole=ON_MANIFEST)
    context = {
        "manifest": found,
        "screen": answer,
        "oob": bool(part),
        "open": found.state == ManifestState.OPEN,
        "parcels": page,
        **page.links(),
        **_waiting(found),
    }
    template = "trials/console/manifest.html"
    if part:
        template = "trials/console/parts/manifest_answer.html"
    return render(request, template, context, status=status)


def _waiting(found: Manifest) -> dict[str, Any]:
    """Return what is packed for a manifest's carrier and on none; nothing of an earlier one."""
    if found.state != ManifestState.OPEN and is_followed(found):
        return {"waiting": [], "left_behind": 0}
    waiting, left_behind = first_to_hand_over(found.carrier, SHOWN_WAITING)
    return {"waiting": waiting, "left_behind": left_behind}


def _standing(found: Manifest) -> dict[str, str]:
    if found.state != ManifestState.OPEN:
        return screen("ok", found.get_state_display())
    count = vars(found)["count"]
    if not count:
        return screen("ready", _("Scan a parcel"))
    words = ngettext("%(n)s parcel", "%(n)s parcels", count) % {"n": count}
    return screen("ready", words, _("Scan the next one."))


def _left(request: HttpRequest, found: Manifest, scanned: str) -> HttpResponse | None:
    """Leave the manifest by a control barcode; nothing for other codes."""
    if scanned == HAND_OVER:
        return _hand_over(request, found)
    if scanned == CANCEL:
        return go_to(request, "console:manifest_list")
    if scanned == MANIFEST:
        return go_to(request, "console:manifest", _opened(staff_user(request)).pk)
    return None


def _add(found: Manifest, scanned: str, by: User) -> dict[str, str]:
    added = add_parcel(manifest_id=found.pk, scanned=scanned, by=by)
    count = manifest_by_id(found.pk).count  # type: ignore[attr-defined]
    words = ngettext("%(n)s parcel", "%(n)s parcels", count) % {"n": count}
    return screen("ok", words, f"{added.shipment.tracking_number} · {added.shipment.trial.number}")


def _hand_over(request: HttpRequest, found: Manifest) -> HttpResponse:
    closed = close_manifest(manifest_id=found.pk, by=staff_user(request))
    count = manifest_by_id(closed.pk).count  # type: ignore[attr-defined]
    words = ngettext(
        "%(manifest)s is handed over: %(n)s parcel.",
        "%(manifest)s is handed over: %(n)s parcels.",
        count,
    )
    messages.success(request, words % {"manifest": closed, "n": count})
    left_out = closed.parcels.filter(left_out=True).select_related("shipment__trial")
    trials = [each.shipment.trial for each in left_out]
    if names := [each.number for each in trials if each.state == TrialState.CANCELLED]:
        messages.warning(
            request,
            _("Called off and left out: %(trials)s. Take these parcels back.")
            % {"trials": ", ".join(names)},
        )
    if names := [each.number for each in trials if each.state != TrialState.CANCELLED]:
        messages.warning(
            request,
            _(
                "Left out for a unit that was graded D: %(trials)s. Put these boxes aside; once"
                " that is seen to, they go with the next manifest."
            )
            % {"trials": ", ".join(names)},
        )
    _tell_left_behind(request, closed)
    return go_to(request, "console:manifest", closed.pk)


def _tell_left_behind(request: HttpRequest, closed: Manifest) -> None:
    """Name the packed parcels of a carrier that go without it, while its van is still there."""
    parcels, count = first_to_hand_over(closed.carrier, SHOWN_WAITING)
    if not count:
        return
    named = [each.trial.number for each in parcels]
    words = ngettext(
        "%(n)s packed parcel of %(carrier)s is not on it: %(trials)s.",
        "%(n)s packed parcels of %(carrier)s are not on it: %(trials)s.",
        count,
    )
    trials = ", ".join([*named, *(["…"] if count > len(named) else [])])
    messages.warning(request, words % {"n": count, "carrier": closed.carrier, "trials": trials})


@staff_only
@require_POST
def manifest_close(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """Hand a manifest over by a button."""
    return _hand_over(request, manifest_by_id(manifest_id))


@staff_only
@require_POST
def manifest_remove(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """Take one parcel from a manifest that is still open."""
    number = request.POST.get("tracking_number", "")
    remove_parcel(manifest_id=manifest_by_id(manifest_id).pk, tracking_number=number)
    messages.success(request, _("%(number)s is taken off.") % {"number": normalised(number)[:40]})
    return redirect("console:manifest", manifest_id)


@staff_only
@require_safe
def manifest_paper(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """Send a manifest to be printed and signed, as often as wanted."""
    found = manifest_by_id(manifest_id)
    paper = manifest_pdf(found, list(manifest_parcels(found)))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found}.pdf"'
    return response


@staff_only
@require_safe
def parcel_list(request: HttpRequest) -> HttpResponse:
    """List the parcels that somebody must see to."""
    asked = request.GET.dict()
    page = parcels_to_look_after_page(timezone.now(), asked, size=PARCELS_A_PAGE)
    context = {"page": page, **page.links()}
    return render(request, "trials/console/parcel_list.html", context)
