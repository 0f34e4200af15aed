"""Counting units: the list of counts, the station where units are scanned, the report."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.catalogue.models import Variant
from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError, LorgnetteError
from shop.foundation.exports import streamed_csv
from shop.foundation.keyset import keyset_page
from trials.console.barcode_labels import Paper, shelf_labels_pdf
from trials.console.commands import FINISH
from trials.console.csv_export import count_lines_csv
from trials.console.errors import ShelfCountedError
from trials.console.forms import ReasonForm, SeenFindingsForm
from trials.console.queries.units import (
    last_seen,
    report_lines,
    shelves_to_label,
    staff_count,
    staff_counts,
)
from trials.console.station import go_to, refused, screen
from trials.console.views.trials import staff_user
from trials.units.barcodes import normalised
from trials.units.errors import WriteOffUnseenError
from trials.units.models import CountedUnit, UnitCount
from trials.units.services.accepting import accept_all, foresee
from trials.units.services.counting import (
    abandon_count,
    finish_count,
    scan_unit,
    start_count,
)
from trials.units.services.resolving import FOUND_GOES, accept_finding, dismiss_finding
from trials.units.services.tending import PERMISSION
from trials.units.shelves import shelf_scanned
from trials.units.states import CountState, UnitState

COUNTS_A_PAGE = 50
SHOWN_SEEN = 12
SHOWN_FINDINGS = 200
REFUSALS = {
    "unknown_barcode": gettext_lazy("Unknown barcode"),
    "other_variant": gettext_lazy("Not counted now"),
    "count_over": gettext_lazy("Count is over"),
    "shelf_invalid": gettext_lazy("Scan a shelf"),
    "shelf_counted": gettext_lazy("Another shelf"),
}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def count_list(request: HttpRequest) -> HttpResponse:
    """Begin a count by scanning a shelf, or by a variant's SKU; list those there were."""
    answer, status = screen("ready", _("Scan a shelf")), 200
    if request.method == "POST":
        try:
            count = _started(request)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), 422
        else:
            return go_to(request, "console:count", count.pk)
    if status != 200 and request.headers.get("HX-Request"):
        return render(request, "components/scan_screen.html", answer, status=status)
    page = keyset_page(staff_counts(), asked=request.GET.dict(), size=COUNTS_A_PAGE)
    context = {
        "screen": answer,
        "counts": page.object_list,
        "papers": Paper.choices,
        **page.links(),
    }
    return render(request, "trials/console/count_list.html", context, status=status)


def _started(request: HttpRequest) -> UnitCount:
    by, sku = staff_user(request), request.POST.get("sku", "").strip()
    if sku:
        variant = Variant.objects.filter(sku__iexact=sku).first()
        if variant is None:
            raise InvalidError(_("No variant has this SKU."), code="sku_unknown")
        return start_count(variant_id=variant.pk, by=by)
    return start_count(location=request.POST.get("barcode", ""), by=by)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, count_id: uuid.UUID) -> HttpResponse:
    """Scan what lies there, or show the report once the count is over."""
    found, status = staff_count(count_id), 200
    if found.state != CountState.OPEN and request.method != "POST":
        return _report(request, found)
    answer = screen("ready", _("Scan a unit"))
    if request.method == "POST":
        try:
            if normalised(request.POST.get("barcode", "")) == FINISH:
                finish_count(count_id=found.pk, by=staff_user(request))
                return go_to(request, "console:count", found.pk)
            answer = _scanned(request, found)
        except LorgnetteError as error:
            answer, status = refused(error, REFUSALS), error.status
        found = staff_count(count_id)
    context = {
        "count": found,
        "screen": answer,
        "seen": last_seen(found, limit=SHOWN_SEEN),
        "progress": _progress(found),
    }
    part = request.method == "POST" and request.headers.get("HX-Request")
    template = "trials/console/parts/count_answer.html" if part else "trials/console/count.html"
    return render(request, template, {**context, "oob": bool(part)}, status=status)


def _scanned(request: HttpRequest, count: UnitCount) -> dict[str, str]:
    barcode, by = request.POST.get("barcode", ""), staff_user(request)
    if scanned := shelf_scanned(barcode):
        if count.location and scanned != count.location:
            raise ShelfCountedError(
                _("%(counted)s is being counted, not %(scanned)s. Scan “finish” to end it first.")
                % {"counted": count, "scanned": scanned}
            )
        return screen("ready", _("Scan a unit"), str(count))
    scan = scan_unit(count_id=count.pk, barcode=barcode, by=by)
    counted = scan.counted
    named = f"{counted.unit.variant} · {counted.unit.barcode}"
    if scan.again:
        return screen("ok", _("Counted before"), named)
    if not counted.expected:
        return screen("ok", _("Not expected here"), f"{named} · {_believed(counted)}")
    done = CountedUnit.objects.filter(count=count, expected=True, seen_at__isnull=False).count()
    words = _("%(done)s of %(all)s") % {"done": done, "all": count.__dict__["expected"]}
    return screen("ok", words, named)


def _believed(counted: CountedUnit) -> str:
    words = _("in the books: %(state)s") % {"state": counted.get_believed_state_display()}
    return " · ".join(filter(None, [words, counted.believed_location]))


def _progress(count: UnitCount) -> str:
    numbers = vars(count)
    return _("%(seen)s seen, %(expected)s expected") % {
        "seen": numbers["seen"],
        "expected": numbers["expected"],
    }


def _report(request: HttpRequest, found: UnitCount) -> HttpResponse:
    rows = list(report_lines(found)[: SHOWN_FINDINGS + 1])
    context = {
        "count": found,
        "rows": rows[:SHOWN_FINDINGS],
        "more": len(rows) > SHOWN_FINDINGS,
        "progress": _progress(found),
        "choices": [UnitState.AVAILABLE, UnitState.INSPECTION],
        "may_write_off": staff_user(request).has_perm(PERMISSION),
    }
    return render(request, "trials/console/count_report.html", context)


@staff_only
@require_POST
def count_finish(request: HttpRequest, count_id: uuid.UUID) -> HttpResponse:
    """End a count and show its report; nothing is moved by it."""
    found = staff_count(count_id)
    finish_count(count_id=found.pk, by=staff_user(request))
    return redirect("console:count", found.pk)


@staff_only
@require_POST
def count_abandon(request: HttpRequest, count_id: uuid.UUID) -> HttpResponse:
    """Give a count up."""
    found = staff_count(count_id)
    abandon_count(count_id=found.pk, by=staff_user(request))
    messages.success(request, _("The count of %(what)s is given up.") % {"what": found})
    return redirect("console:count_list")


@staff_only
@require_POST
def count_decide(request: HttpRequest, count_id: uuid.UUID) -> HttpResponse:
    """Accept one finding or all, or leave one as it is."""
    found, by = staff_count(count_id), staff_user(request)
    line = request.POST.get("line", "")
    if line == "all":
        return _all_accepted(request, found)
    counted_id = _line(found, line)
    if request.POST.get("way") == "dismiss":
        form = ReasonForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        done = dismiss_finding(counted_id=counted_id, by=by, reason=reason)
    else:
        wanted = request.POST.get("to_state", "")
        to_state = UnitState(wanted) if wanted in FOUND_GOES else None
        seen = request.POST.get("lost") == "1"
        try:
            done = accept_finding(counted_id=counted_id, by=by, to_state=to_state, lost=seen)
        except WriteOffUnseenError:
            # Nobody writes off what she has not seen.
            return redirect(f"{reverse('console:count_accept', args=[found.pk])}?line={line}")
    messages.success(
        request,
        _("%(barcode)s: %(decision)s.")
        % {"barcode": done.unit.barcode, "decision": done.get_decision_display()},
    )
    return redirect("console:count", found.pk)


def _line(count: UnitCount, line: str) -> int:
    """Return the key of a line of a count's report."""
    if not (line.isascii() and line.isdigit() and len(line) <= 18):
        raise InvalidError(_("Choose a line of the report."), code="line_missing")
    return int(get_object_or_404(CountedUnit, pk=line, count=count).pk)


@staff_only
@require_safe
def count_accept(request: HttpRequest, count_id: uuid.UUID) -> HttpResponse:
    """Show what comes of accepting all that is left of a count, or one line, before it is done."""
    found, line = staff_count(count_id), request.GET.get("line", "")
    by, only = staff_user(request), _line(found, line) if line else None
    outlook = foresee(found, by=by, line=only)
    if not outlook.expected:
        return redirect("console:count", found.pk)
    context = {
        "count": found,
        "line": line,
        "outlook": outlook,
        "rows": [each for lines in outlook.by_fate.values() for each in lines][:SHOWN_FINDINGS],
        "more": outlook.expected > SHOWN_FINDINGS,
        "sums": {str(fate.value): len(lines) for fate, lines in outlook.by_fate.items()},
    }
    return render(request, "trials/console/count_accept.html", context)


def _all_accepted(request: HttpRequest, found: UnitCount) -> HttpResponse:
    form = SeenFindingsForm(request.POST)
    if not form.is_valid():
        # Nobody writes off what she has not seen.
        return redirect("console:count_accept", found.pk)
    result = accept_all(count_id=found.pk, by=staff_user(request), **form.cleaned_data)
    words = ngettext("%(n)s finding is accepted.", "%(n)s findings are accepted.", result.count)
    messages.success(request, words % {"n": result.count})
    for why in result.refused[:5]:
        messages.warning(request, why)
    return redirect("console:count", found.pk)


@staff_only
@require_safe
def shelf_labels(request: HttpRequest) -> HttpResponse:
    """Send labels of shelves as PDF: of those named, parted by commas, or of all in use."""
    shelves = shelves_to_label(request.GET.get("shelves", "").split(","))
    asked = request.GET.get("paper", Paper.SHEET)
    paper = Paper(asked) if asked in Paper.values else Paper.SHEET
    response = HttpResponse(shelf_labels_pdf(shelves, paper=paper), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="shelf-labels.pdf"'
    return response


@staff_only
@require_safe
def count_csv(request: HttpRequest, count_id: uuid.UUID) -> StreamingHttpResponse:
    """Send the report as CSV."""
    found = staff_count(count_id)
    return streamed_csv(f"count-{found.pk}", count_lines_csv(found))
