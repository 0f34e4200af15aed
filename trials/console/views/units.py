"""Units: where each is, where it has been, and what is done to it by a button."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from trials.console.barcode_labels import Paper, unit_labels_pdf
from trials.console.forms import BackOnShelfForm, NewUnitsForm, ReasonForm, UnitPlaceForm
from trials.console.queries.units import (
    UnitFilter,
    count_movements,
    keyset_page,
    staff_unit,
    units_matching,
    units_to_label,
)
from trials.console.seen import mark_of_unit, unit_as_shown
from trials.console.timeline import unit_timeline
from trials.console.views.trials import staff_user
from trials.home_trials.services.replacing import (
    is_replaceable,
    item_that_holds,
    replace_unit,
)
from trials.home_trials.states import TrialState
from trials.units.models import Grade, TrialUnit
from trials.units.services.making import create_units
from trials.units.services.tending import (
    PERMISSION,
    place_unit,
    put_back_on_shelf,
    retire_unit,
    send_to_repair,
    write_off_unit,
)
from trials.units.states import IN_A_TRIAL, UnitState

UNITS_A_PAGE = 50
# Kept for a box that has not left: another may take its place.
IN_A_BOX = frozenset({UnitState.RESERVED, UnitState.PACKED})
# Keys are 64 bits wide; what is longer is no key.
LONGEST_KEY = 18


@staff_only
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """List units by state, shelf, variant or by what was searched for."""
    by = _filter(request)
    units, later, earlier = keyset_page(
        units_matching(by),
        before=_key(request.GET.get("before", "")),
        after=_key(request.GET.get("after", "")),
        size=UNITS_A_PAGE,
    )
    kept = _kept(by)
    choices = [("", _("All")), *UnitState.choices]
    context = {
        "units": units,
        "words": by.words,
        "state": by.state,
        "filters": kept,
        "papers": Paper.choices,
        "pills": [
            {
                "label": label,
                "url": "?" + urlencode({**kept, "state": value}),
                "active": value == by.state,
            }
            for value, label in choices
        ],
        "previous_url": _turned(kept, "after", units[0].pk) if later and units else "",
        "next_url": _turned(kept, "before", units[-1].pk) if earlier and units else "",
    }
    return render(request, "trials/console/unit_list.html", context)


def _filter(request: HttpRequest) -> UnitFilter:
    return UnitFilter(
        state=request.GET.get("state", ""),
        words=request.GET.get("q", "").strip(),
        location=request.GET.get("location", "").strip(),
        variant_id=_key(request.GET.get("variant", "")),
        first=_key(request.GET.get("first", "")),
        last=_key(request.GET.get("last", "")),
    )


def _kept(by: UnitFilter) -> dict[str, str]:
    named = {
        "state": by.state,
        "q": by.words,
        "location": by.location,
        "variant": str(by.variant_id or ""),
        "first": str(by.first or ""),
        "last": str(by.last or ""),
    }
    return {name: value for name, value in named.items() if value}


def _turned(kept: dict[str, str], edge: str, key: int) -> str:
    return "?" + urlencode({**kept, edge: str(key)})


def _key(sent: str) -> int | None:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= LONGEST_KEY else None


@staff_only
@require_safe
def unit(request: HttpRequest, barcode: str) -> HttpResponse:
    """Show one unit, its movements, and what can be done with it."""
    latest = request.GET.get("history") != "all"
    found, user = staff_unit(barcode, latest=latest), staff_user(request)
    free = found.state not in IN_A_TRIAL
    back = free and found.state in (UnitState.REPAIR, UnitState.INSPECTION)
    entries = unit_timeline(found)
    context = {
        "unit": found,
        "mark": mark_of_unit(found),
        "entries": entries,
        "earlier": count_movements(found) - len(found.movements.all()) if latest and entries else 0,
        "inspections": sorted(found.inspections.all(), key=lambda each: each.at, reverse=True),
        "place_form": UnitPlaceForm(initial={"location": found.location, "grade": found.grade}),
        "back_form": BackOnShelfForm(auto_id="back_%s") if back else None,
        **_replacing(found),
        "can_repair": found.state in (UnitState.AVAILABLE, UnitState.INSPECTION),
        "can_retire": free and found.state != UnitState.RETIRED and user.has_perm(PERMISSION),
        "can_write_off": free
        and found.state not in (UnitState.RETIRED, UnitState.LOST)
        and user.has_perm(PERMISSION),
        "papers": Paper.choices,
    }
    return render(request, "trials/console/unit.html", context)


def _replacing(unit: TrialUnit) -> dict[str, bool]:
    """Return what is to be done with a unit that is kept for a box and not to be shown."""
    if unit.grade != Grade.D or unit.state not in IN_A_BOX:
        return {}
    item = item_that_holds(unit)
    return {
        "can_replace": item is not None and is_replaceable(item),
        "in_closed_box": item is not None and item.trial.state == TrialState.PACKED,
    }


def _back_on_shelf(unit: TrialUnit, request: HttpRequest) -> TrialUnit:
    form = BackOnShelfForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Choose a grade from A to C."), code="grade_missing")
    return put_back_on_shelf(
        unit_id=unit.pk,
        grade=Grade(form.cleaned_data["grade"]),
        by=staff_user(request),
        reason=form.cleaned_data["reason"],
    )


def _place(unit: TrialUnit, request: HttpRequest) -> TrialUnit:
    form = UnitPlaceForm(request.POST)
    if not form.is_valid():
        raise InvalidError(
            _("Choose a grade; a shelf has at most 20 characters."), code="place_invalid"
        )
    return place_unit(
        unit_id=unit.pk,
        location=form.cleaned_data["location"],
        grade=Grade(form.cleaned_data["grade"]),
        by=staff_user(request),
        reason=form.cleaned_data["reason"],
    )


def _with_reason(
    service: Callable[..., TrialUnit],
) -> Callable[[TrialUnit, HttpRequest], TrialUnit]:
    def act(unit: TrialUnit, request: HttpRequest) -> TrialUnit:
        form = ReasonForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        return service(unit_id=unit.pk, by=staff_user(request), reason=reason)

    return act


ACTS: dict[str, Callable[[TrialUnit, HttpRequest], TrialUnit]] = {
    "repair": _with_reason(send_to_repair),
    "back": _back_on_shelf,
    "place": _place,
    "retire": _with_reason(retire_unit),
    "write-off": _with_reason(write_off_unit),
}


@staff_only
@require_POST
def unit_act(request: HttpRequest, barcode: str, act: str) -> HttpResponse:
    """Do one of ``ACTS`` to a unit."""
    if act not in ACTS:
        raise InvalidError(_("Choose what is to be done with the unit."), code="act_missing")
    with unit_as_shown(request, barcode) as found:
        done = ACTS[act](found, request)
    messages.success(
        request,
        _("%(barcode)s: %(state)s, grade %(grade)s, shelf %(shelf)s.")
        % {
            "barcode": done.barcode,
            "state": done.get_state_display(),
            "grade": done.grade,
            "shelf": done.location or "–",
        },
    )
    return redirect("console:unit", done.barcode)


@staff_only
@require_POST
def unit_another(request: HttpRequest, barcode: str) -> HttpResponse:
    """Have another unit go out in place of one graded D; a second press finds nothing to do."""
    # Not by ``unit_as_shown``: the trial is locked before the unit.
    found = staff_unit(barcode)
    item = replace_unit(unit_id=found.pk, by=staff_user(request))
    messages.success(
        request,
        _("%(other)s takes its place in %(number)s. Fetch it from shelf %(shelf)s.")
        % {
            "other": item.unit.barcode,
            "number": item.trial.number,
            "shelf": item.unit.location or "–",
        },
    )
    return redirect("console:unit", found.barcode)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def unit_new(request: HttpRequest) -> HttpResponse:
    """Make new units of a variant, then show them, their labels a button away."""
    sku = request.GET.get("sku", "")
    form = NewUnitsForm(request.POST or None, initial={"sku": sku} if sku else None)
    if request.method == "POST" and form.is_valid():
        return _made(request, form.cleaned_data)
    status = 422 if request.method == "POST" else 200
    return render(request, "trials/console/unit_new.html", {"form": form}, status=status)


def _made(request: HttpRequest, wanted: dict[str, Any]) -> HttpResponse:
    variant = wanted["sku"]
    units = create_units(
        variant_id=variant.pk,
        count=wanted["count"],
        location=wanted["location"],
        by=staff_user(request),
    )
    words = ngettext(
        "%(n)s unit of %(frame)s is on the shelf. Print its label below.",
        "%(n)s units of %(frame)s are on the shelf. Print their labels below.",
        len(units),
    )
    messages.success(request, words % {"n": len(units), "frame": variant})
    keys = [unit.pk for unit in units]
    made = {"variant": variant.pk, "first": min(keys), "last": max(keys)}
    return redirect(f"{reverse('console:unit_list')}?{urlencode(made)}")


@staff_only
@require_safe
def unit_labels(request: HttpRequest) -> HttpResponse:
    """Send labels as PDF: of the units ticked, or of the whole list."""
    units = units_matching(_filter(request))
    ticked = [_key(each) for each in request.GET.getlist("unit")]
    if ticked:
        units = units.filter(pk__in=[each for each in ticked if each is not None])
    asked = request.GET.get("paper", Paper.SHEET)
    paper = Paper(asked) if asked in Paper.values else Paper.SHEET
    pdf = unit_labels_pdf(units_to_label(units), paper=paper)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="unit-labels.pdf"'
    return response
