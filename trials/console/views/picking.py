"""Picking: batches of boxes, and the walk along the shelves with a scanner or a phone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import LorgnetteError
from shop.foundation.keyset import keyset_page
from trials.console.commands import BATCH, CANCEL, NOT_THERE
from trials.console.errors import (
    BatchNotPickedError,
    NothingFoundError,
    NothingOnShelfError,
    NothingToFetchError,
)
from trials.console.station import go_to, refused, screen
from trials.console.views.trials import staff_user
from trials.fulfilment.models import PickBatch, UnitNotFound
from trials.fulfilment.queries.batches import (
    BATCHES,
    SHORT,
    batch_by_id,
    pick_lines,
    tote_by_code,
    units_to_fetch_late,
)
from trials.fulfilment.services.batching import MOST_BOXES, cancel_batch, make_batch
from trials.fulfilment.services.picking import Picked, pick_unit, report_not_found
from trials.fulfilment.sheets import pick_list_pdf
from trials.fulfilment.states import BatchState
from trials.fulfilment.urgency import Due, Stage, boxes_to_ship, counts_to_ship
from trials.units.barcodes import normalised
from trials.units.shelves import shelf_scanned
from trials.units.states import UnitState

BATCHES_A_PAGE = 30
BOXES_A_PAGE = 50
USUAL_COUNT = 20
# The unit that was said not to be there, until it is said again: its batch and its barcode.
MISSING = "pick_missing"
# The shelf somebody stands at: the batch she picks, and its name.
SHELF = "pick_shelf"
SHOWN_ON_SHELF = 3
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "not_in_batch": gettext_lazy("Wrong frame"),
    "unit_not_fit": gettext_lazy("Not to be shown"),
    "already_picked": gettext_lazy("Picked already"),
    "trial_gone": gettext_lazy("Leave it here"),
    "batch_over": gettext_lazy("Batch is over"),
    "batch_not_picked": gettext_lazy("Batch not picked yet"),
    "nothing_to_pick": gettext_lazy("Nothing to pick"),
    "nothing_to_fetch": gettext_lazy("Nothing to fetch"),
    "nothing_on_shelf": gettext_lazy("Nothing here"),
    "nothing_found": gettext_lazy("Unknown code"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show how many boxes wait, the batches, and the units that trials are short of.

    So are those to be fetched though their batch was picked. By a scan a batch is made, or one
    opened by its tote.
    """
    answer, status = screen("ready", _("Scan “make a batch”")), 200
    if request.method == "POST":
        try:
            return go_to(request, "console:batch", _batch_scanned(request).pk)
        except LorgnetteError as error:
            # htmx shows answers of 422, not of 404.
            answer, status = refused(error, REFUSALS), 422
        if request.headers.get("HX-Request"):
            return render(request, "components/scan_screen.html", answer, status=status)
    latest = PickBatch.objects.order_by("-pk")
    page = keyset_page(latest, asked=request.GET.dict(), size=BATCHES_A_PAGE, whole=BATCHES)
    context = {
        "screen": answer,
        "page": page,
        **_waiting(),
        "usual": USUAL_COUNT,
        "most": MOST_BOXES,
        "short": SHORT.rows(),
        "late": units_to_fetch_late(),
        **page.links(),
    }
    return render(request, "trials/console/batch_list.html", context, status=status)


def _waiting() -> dict[str, Any]:
    """Return how many boxes have not left, by urgency, and how many of them wait to be picked."""
    to_ship = counts_to_ship(timezone.now())
    return {
        "to_ship": to_ship,
        "waiting": sum(each.pick for each in to_ship),
        "urgent": [each for each in to_ship if each.pick and each.due != Due.LATER],
    }


@staff_only
@require_safe
def to_ship(request: HttpRequest) -> HttpResponse:
    """List the boxes that have not left, the most urgent first."""
    now, due = timezone.now(), request.GET.get("due", "")
    counts = counts_to_ship(now)
    found = boxes_to_ship(due, now=now)
    page = keyset_page(found, asked=request.GET.dict(), size=BOXES_A_PAGE)
    pills = [("", _("All"), sum(each.count for each in counts))]
    pills += [(str(each.due.value), str(each.due.label), each.count) for each in counts]
    context = {
        "page": page,
        "now": now,
        "rows": [(each, Stage(each.stage).label) for each in page],
        "pills": [
            {"label": label, "url": f"?due={name}", "active": name == due, "count": count}
            for name, label, count in pills
        ],
        **page.links(due=due),
    }
    return render(request, "trials/console/to_ship.html", context)


def _batch_scanned(request: HttpRequest) -> PickBatch:
    scanned = normalised(request.POST.get("barcode", ""))
    if scanned == BATCH:
        return make_batch(count=USUAL_COUNT, by=staff_user(request))
    tote = tote_by_code(scanned)
    if tote is None:
        raise NothingFoundError(
            _("%(code)s is no tote. Scan “make a batch”, or a tote to go on with its batch.")
            % {"code": scanned[:40] or "?"}
        )
    return batch_by_id(tote.batch_id)


@staff_only
@require_POST
def batch_make(request: HttpRequest) -> HttpResponse:
    """Put the next boxes into a batch."""
    count, due = request.POST.get("count", ""), request.POST.get("due", "")
    batch = make_batch(
        count=int(count) if count.isdecimal() else 0, by=staff_user(request), due=due
    )
    return redirect("console:batch", batch.pk)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Scan units into their totes; answers htmx with the screen and the list alone."""
    found, status = batch_by_id(batch_id), 200
    answer = screen("ready", _("Scan a unit"))
    if request.method == "POST":
        try:
            done = _scan(request, found, request.POST.get("barcode", ""))
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        else:
            if isinstance(done, HttpResponse):
                return done
            answer = done
        found = batch_by_id(batch_id)
    else:
        # A page opened anew asks nothing: what it asked before is no longer answered by one scan.
        request.session.pop(MISSING, None)
    progress = _progress(found)
    if request.method != "POST" and not progress["fetching"]:
        answer = screen("ok", found.get_state_display())
    part = request.method == "POST" and request.headers.get("HX-Request")
    context = {"batch": found, "screen": answer, "oob": bool(part), **progress}
    template = "trials/console/parts/pick_answer.html" if part else "trials/console/batch.html"
    return render(request, template, context, status=status)


def _scan(request: HttpRequest, found: PickBatch, read: str) -> dict[str, str] | HttpResponse:
    """Do what was scanned: a control barcode, a shelf, or a unit that was taken from it."""
    asked = request.session.pop(MISSING, None)
    if shelf := shelf_scanned(read):
        return _at_shelf(request, found, shelf)
    scanned = normalised(read)
    if scanned == CANCEL:
        return go_to(request, "console:batch_list")
    if scanned == BATCH:
        if found.state == BatchState.PICKING:
            raise BatchNotPickedError(
                _("Units of batch %(batch)s are still to be fetched. Pick it first, or leave it.")
                % {"batch": found}
            )
        made = make_batch(count=USUAL_COUNT, by=staff_user(request))
        return go_to(request, "console:batch", made.pk)
    if scanned == NOT_THERE:
        return _not_there(request, found, asked)
    return _picked_screen(pick_unit(batch_id=found.pk, barcode=scanned, by=staff_user(request)))


def _not_there(request: HttpRequest, found: PickBatch, asked: list[Any] | None) -> dict[str, str]:
    """Ask whether the next unit is not on its shelf; asked before, note it.

    The label of what is missing cannot be scanned, and one slip must not lose a unit: so the
    screen names it first.
    """
    if asked is not None and asked[0] == found.pk:
        noted = report_not_found(batch_id=found.pk, barcode=asked[1], by=staff_user(request))
        words = _("Go on without it") if noted.replaced_by is None else _("Take another")
        return screen("ok", words, _instead(noted))
    lines = [line for line in pick_lines(found) if line.open]
    standing = request.session.get(SHELF) or [0, ""]
    here = [line for line in lines if [found.pk, line.location] == standing]
    line = next(iter(here or lines), None)
    if line is None:
        raise NothingToFetchError(
            _("Nothing of batch %(batch)s is to be fetched.") % {"batch": found}
        )
    request.session[MISSING] = [found.pk, line.barcode]
    shown = {"barcode": line.barcode, "frame": line.frame, "shelf": line.location or "–"}
    if line.worn:
        # Put aside, it is not lost, be it on its shelf or not.
        asks = _(
            "%(barcode)s, %(frame)s, on shelf %(shelf)s is graded D: scan “not there” once more,"
            " and another takes its place."
        )
        return screen("ready", _("Not to be shown"), asks % shown)
    asks = _(
        "%(barcode)s, %(frame)s, on shelf %(shelf)s: scan “not there” once more, and it is lost."
    )
    return screen("ready", _("Not there?"), asks % shown)


def _at_shelf(request: HttpRequest, found: PickBatch, shelf: str) -> dict[str, str]:
    """Say what is to be taken from a shelf that was scanned; “not there” is then of it first."""
    lines = [line for line in pick_lines(found) if line.open]
    here = [line for line in lines if line.location == shelf]
    if not here:
        if not lines:
            raise NothingToFetchError(
                _("Nothing of batch %(batch)s is to be fetched.") % {"batch": found}
            )
        following = lines[0]
        raise NothingOnShelfError(
            _("Nothing is to be taken from shelf %(here)s. Next: %(barcode)s on shelf %(shelf)s.")
            % {"here": shelf, "barcode": following.barcode, "shelf": following.location or "–"}
        )
    request.session[SHELF] = [found.pk, shelf]
    words = ngettext("%(n)s unit here", "%(n)s units here", len(here)) % {"n": len(here)}
    named = [f"{line.barcode}, {line.frame}" for line in here[:SHOWN_ON_SHELF]]
    return screen("ok", words, " · ".join([*named, "…"][: len(here)]))


def _instead(noted: UnitNotFound) -> str:
    """Return in words what is to be done about a unit that is not on its shelf."""
    words = {"missing": noted.unit.barcode}
    if noted.replaced_by is None:
        return _("%(missing)s is noted as missing, and no other is free. Go on without it.") % words
    words |= {"other": noted.replaced_by.barcode, "shelf": noted.replaced_by.location or "–"}
    if noted.unit.state == UnitState.REPAIR:
        return _("%(missing)s goes to repair. Take %(other)s from shelf %(shelf)s instead.") % words
    return _("%(missing)s is lost. Take %(other)s from shelf %(shelf)s instead.") % words


def _picked_screen(picked: Picked) -> dict[str, str]:
    words = _("Tote %(tote)s") % {"tote": picked.tote.position}
    if picked.left:
        left = ngettext("%(n)s unit to go", "%(n)s units to go", picked.left) % {"n": picked.left}
    else:
        left = _("The batch is picked.")
    return screen("ok", words, f"{picked.item.variant} · {picked.item.unit.barcode} · {left}")


def _progress(found: PickBatch) -> dict[str, Any]:
    lines = pick_lines(found)
    left, picking = sum(line.open for line in lines), found.state == BatchState.PICKING
    # One that took another's place since is to be fetched, though the batch was picked.
    late = bool(left) and found.state == BatchState.PICKED
    return {
        "lines": lines,
        "left": left,
        "picking": picking,
        "late": late,
        "fetching": picking or late,
    }


@staff_only
@require_POST
def batch_not_found(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Note that a unit is not on its shelf, and say which to take instead."""
    batch_by_id(batch_id)
    noted = report_not_found(
        batch_id=batch_id, barcode=request.POST.get("barcode", ""), by=staff_user(request)
    )
    tell = messages.success if noted.replaced_by else messages.warning
    tell(request, _instead(noted))
    return redirect("console:batch", batch_id)


@staff_only
@require_POST
def batch_cancel(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give a batch up."""
    found = batch_by_id(batch_id)
    cancel_batch(
        batch_id=batch_id, by=staff_user(request), reason=request.POST.get("reason", "")[:300]
    )
    messages.success(
        request,
        _("Batch %(batch)s is cancelled. Put back what lies in its totes.") % {"batch": found},
    )
    return redirect("console:batch_list")


@staff_only
@require_safe
def batch_pdf(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Send the pick list and the totes' labels to be printed."""
    found = batch_by_id(batch_id)
    paper = pick_list_pdf(found, pick_lines(found))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found}.pdf"'
    return response
