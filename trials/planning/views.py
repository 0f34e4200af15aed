"""How many units of which frame to own, as a page and as CSV."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.analytics.views import rate_words
from shop.foundation.access import staff_only
from shop.foundation.exports import csv_response
from shop.foundation.pages import page_links
from trials.planning.keeping import plans
from trials.planning.queries import WEEKS, WEEKS_AHEAD, FramePlan

FRAMES_A_PAGE = 50


def _rate(rate: Any) -> str:
    if rate.interval is None:
        return _("n/a")
    # In whole percent: the table has to fit a laptop, and few cases tell no more.
    low, high = (number_format(100 * share, 0) for share in rate.interval)
    interval = _("%(low)s to %(high)s") % {"low": low, "high": _("%(share)s %%") % {"share": high}}
    return f"{rate_words(rate)} ({interval})"


def _advice(plan: FramePlan) -> str:
    if plan.needed is None:
        return _("n/a")
    if plan.to_buy:
        return _("Buy %(n)s") % {"n": plan.to_buy}
    return _("%(n)s not needed") % {"n": plan.to_retire} if plan.to_retire else _("As it is")


def _row(plan: FramePlan) -> list[Any]:
    share, days, demand = plan.utilisation, plan.turnaround, plan.demand
    return [
        plan.name,
        _advice(plan),
        plan.units,
        _("n/a") if plan.needed is None else plan.needed,
        _("n/a") if share is None else _("%(share)s %%") % {"share": number_format(share * 100, 0)},
        _("n/a") if days is None else number_format(days, 1),
        _rate(plan.lost),
        _rate(plan.damaged),
        plan.turned_away,
        _("n/a")
        if demand is None
        else _("%(expected)s (%(low)s to %(high)s)")
        % {
            "expected": number_format(demand.expected, 1),
            "low": demand.low,
            "high": demand.high,
        },
    ]


@staff_only
@permission_required("shop.view_scorecard", raise_exception=True)
@require_safe
def planning_page(request: HttpRequest) -> HttpResponse:
    """Show what units did, what will be asked for, and what to buy or retire."""
    until, frames = plans()
    if request.GET.get("format") == "csv":
        return _as_csv(frames)
    page = Paginator(frames, FRAMES_A_PAGE).get_page(request.GET.get("page"))
    labels = [
        (_("Frame"), False),
        (_("Suggestion"), True),
        (_("Units"), True),
        (_("Needed"), True),
        (_("Out"), True),
        (_("Days to be back"), True),
        (_("Lost"), True),
        (_("Damaged"), True),
        (_("Turned away"), True),
        (_("Next %(n)s weeks") % {"n": WEEKS_AHEAD}, True),
    ]
    context = {
        "columns": [{"label": label, "numeric": numeric} for label, numeric in labels],
        "rows": [_row(plan) for plan in page],
        "until": until,
        "weeks": WEEKS,
        "ahead": WEEKS_AHEAD,
        **page_links(page),
    }
    return render(request, "trials/console/planning.html", context)


def _as_csv(frames: Sequence[FramePlan]) -> HttpResponse:
    rows: list[list[object]] = []
    for plan in frames:
        lost, damaged = plan.lost.interval or (None, None), plan.damaged.interval or (None, None)
        demand = plan.demand
        rows.append(
            [
                *(plan.name, plan.units, plan.utilisation, plan.turnaround),
                *(plan.lost.part, plan.lost.whole, *lost),
                *(plan.damaged.part, *damaged, plan.turned_away),
                *((demand.expected, demand.low, demand.high) if demand else (None, None, None)),
                *(plan.needed, plan.to_buy, plan.to_retire, str(plan.label)),
            ]
        )
    head = (
        *("frame", "units", "utilisation", "turnaround days"),
        *("lost", "settled", "lost from", "lost to"),
        *("damaged", "damaged from", "damaged to", "turned away"),
        *("demand", "demand from", "demand to"),
        *("needed", "to buy", "to retire", "label"),
    )
    return csv_response("planning", head, rows)
