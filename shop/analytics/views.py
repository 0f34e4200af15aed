"""The social scorecard as a page and as CSV."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from djmoney.money import Money

from shop.analytics.figures import Rate
from shop.analytics.names import channel_words
from shop.analytics.scorecard import (
    CONVERSION_DAYS,
    USUAL_DAYS,
    Scorecard,
    days_asked,
    scorecard,
)
from shop.foundation.access import staff_only
from shop.foundation.exports import csv_response

PERIODS = (28, USUAL_DAYS, 365)
STAGE_WORDS = {
    "delivered": gettext_lazy("Trials delivered"),
    "gallery": gettext_lazy("Gallery made"),
    "shared": gettext_lazy("Link shared"),
    "seen": gettext_lazy("Seen by a friend"),
    "voted": gettext_lazy("Voted on"),
    "ordered": gettext_lazy("Ordered"),
}
ACT_WORDS = {
    "trial_requested": gettext_lazy("Trials asked for"),
    "link_viewed": gettext_lazy("Friends who looked"),
    "vote_cast": gettext_lazy("Votes"),
    "comment_added": gettext_lazy("Comments"),
    "referral_clicked": gettext_lazy("Friends who came to the shop"),
    "referral_joined": gettext_lazy("Friends who joined"),
    "order_paid": gettext_lazy("Paid orders"),
}


def _percent(share: float) -> str:
    return _("%(share)s %%") % {"share": number_format(share * 100, 1)}


def rate_words(rate: Rate) -> str:
    """Return a rate as people read it: a percentage only where there were enough cases."""
    if rate.value is None:
        return _("n/a")
    if not rate.is_sure_enough:
        return _("%(part)s of %(whole)s") % {"part": rate.part, "whole": rate.whole}
    return _percent(rate.value)


def interval_words(rate: Rate) -> str:
    """Return a rate's 95 % interval as people read it; empty of nothing."""
    if rate.interval is None:
        return ""
    low, high = rate.interval
    return _("%(low)s to %(high)s") % {"low": _percent(low), "high": _percent(high)}


def period_of(request: HttpRequest) -> tuple[datetime, datetime, int]:
    """Return the period a request asks for: its beginning, its end and its days."""
    days = days_asked(request.GET.get("days", ""))
    until = timezone.now()
    return until - timedelta(days=days), until, days


def _note(rate: Rate) -> str:
    """Return what stands below a conversion: its interval, or why there is none yet."""
    return interval_words(rate) or _("No such trial is %(days)s days old yet") % {
        "days": CONVERSION_DAYS
    }


def _funnel(stages: dict[str, int], steps: list[tuple[str, Rate]]) -> list[dict[str, Any]]:
    first = stages["delivered"]
    rows: list[dict[str, Any]] = [
        {"label": STAGE_WORDS["delivered"], "count": first, "share": 100 if first else 0}
    ]
    rows += [
        {
            "label": STAGE_WORDS[stage],
            "count": rate.part,
            "share": 100 * rate.part / first if first else 0,
            "rate": rate_words(rate),
            "interval": interval_words(rate),
        }
        for stage, rate in steps
    ]
    return rows


def _week_rows(card: Scorecard) -> list[list[object]]:
    return [
        [
            date_format(week.monday, "SHORT_DATE_FORMAT")
            + (f" ({_('open')})" if week.is_open else ""),
            *week.stages.values(),
        ]
        for week in reversed(card.weeks)
    ]


@staff_only
@permission_required("shop.view_scorecard", raise_exception=True)
@require_safe
def scorecard_page(request: HttpRequest) -> HttpResponse:
    """Show what sharing, votes and referrals went along with."""
    since, until, days = period_of(request)
    card = scorecard(since=since, until=until)
    if request.GET.get("format") == "csv":
        return _as_csv(card)
    times = card.sharing_ratio
    context = {
        "card": card,
        "days": days,
        "window": CONVERSION_DAYS,
        "pills": [
            {"label": _("%(n)s days") % {"n": each}, "url": f"?days={each}", "active": days == each}
            for each in PERIODS
        ],
        "funnel": _funnel(card.stages, card.steps),
        "conversion": (rate_words(card.conversion), _note(card.conversion)),
        "sharers": (rate_words(card.sharers), _note(card.sharers)),
        "others": (rate_words(card.others), _note(card.others)),
        "ratio": _("n/a") if times is None else f"{number_format(times, 2)}×",
        "acts": [(words, card.acts.get(name, 0)) for name, words in ACT_WORDS.items()],
        "week_columns": [{"label": _("Week from")}]
        + [{"label": words, "numeric": True} for words in STAGE_WORDS.values()],
        "week_rows": _week_rows(card),
        "link_columns": [
            {"label": _("Channel")},
            {"label": _("Orders"), "numeric": True},
            {"label": _("Revenue"), "numeric": True},
        ],
        "link_rows": [
            [channel_words(each.channel) or "–", each.orders, Money(each.revenue, each.currency)]
            for each in card.link_orders
        ],
    }
    return render(request, "shop/analytics/scorecard.html", context)


def _as_csv(card: Scorecard) -> HttpResponse:
    rows: list[list[object]] = []
    for stage, rate in [("delivered", None), *card.steps]:
        low, high = rate.interval if rate and rate.interval else (None, None)
        count = card.stages[stage]
        rows.append(
            ["funnel", stage, count, rate.value if rate else None, low, high, "descriptive"]
        )
    named = {"all": card.conversion, "sharers": card.sharers, "others": card.others}
    for name, rate in named.items():
        low, high = rate.interval or (None, None)
        rows.append(["conversion", name, rate.part, rate.value, low, high, str(rate.label)])
    for each in card.link_orders:
        amount = f"{each.revenue} {each.currency}"
        rows.append(["link orders", each.channel, each.orders, amount, None, None, str(each.label)])
    head = ["figure", "of", "count", "value", "interval from", "interval to", "label"]
    return csv_response("scorecard", head, rows)
