"""What trials earn and cost, as a page and as CSV."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from djmoney.money import Money

from shop.foundation.access import staff_only
from shop.foundation.exports import csv_response
from shop.foundation.money import money_words, quantize
from shop.foundation.pages import page_links
from shop.payments.models import LedgerEntry
from trials.costs.models import CostRates
from trials.economics.keeping import PERIODS
from trials.economics.lines import ACCOUNTS, INCOME, ORDER_DAYS
from trials.economics.periods import margins_asked
from trials.economics.queries import FEWEST, By, Margin, TrialMargins

GROUPS_A_PAGE = 50
BY_WORDS = {
    By.PROGRAMME: gettext_lazy("Programme"),
    By.FRAME: gettext_lazy("Frame"),
    By.CUSTOMER: gettext_lazy("New or returning"),
    By.SOURCE: gettext_lazy("Came by a friend"),
}
GROUP_WORDS = {
    "new": gettext_lazy("New customers"),
    "returning": gettext_lazy("Returning customers"),
    "referred": gettext_lazy("By a friend's link"),
    "other": gettext_lazy("Otherwise"),
}


def _words(amount: Decimal | float, currency: str) -> str:
    return money_words(quantize(Money(Decimal(amount), currency)))


def _name(margins: TrialMargins, group: Margin) -> str:
    own = margins.by in (By.CUSTOMER, By.SOURCE)
    return str(GROUP_WORDS[group.name]) if own else group.name


def _mean(margins: TrialMargins, group: Margin) -> str:
    return _("n/a") if group.mean is None else _words(group.mean, margins.currency)


def _interval(margins: TrialMargins, group: Margin) -> str:
    if group.interval is None:
        return _("n/a")
    low, high = (_words(bound, margins.currency) for bound in group.interval)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _sum(margins: TrialMargins, group: Margin, accounts: tuple[str, ...]) -> str:
    own = (group.accounts.get(account, Decimal(0)) for account in accounts)
    return _words(sum(own, Decimal(0)), margins.currency)


def _rows(margins: TrialMargins, groups: Iterable[Margin]) -> list[list[Any]]:
    costs = tuple(account for account in ACCOUNTS if account not in INCOME)
    return [
        [
            _name(margins, group),
            number_format(group.boxes),
            _sum(margins, group, INCOME),
            _sum(margins, group, costs),
            _words(group.margin, margins.currency),
            _mean(margins, group),
            _interval(margins, group),
        ]
        for group in groups
    ]


def _lines(margins: TrialMargins) -> list[list[Any]]:
    """Return the way from income to contribution margin, each line beside the ledger's own."""
    rows: list[list[Any]] = []
    for account in ACCOUNTS:
        of_trials, rest = margins.total(account), margins.rest.accounts.get(account, Decimal(0))
        ledger = margins.ledger.get(account, Decimal(0))
        amounts = (_words(each, margins.currency) for each in (of_trials, rest, ledger))
        rows.append([LedgerEntry.Account(account).label, *amounts])
    booked = sum(margins.ledger.values(), Decimal(0))
    totals = (margins.margin, margins.rest.margin, booked)
    rows.append([_("Contribution margin"), *(_words(each, margins.currency) for each in totals)])
    return rows


@staff_only
@permission_required("shop.view_scorecard", raise_exception=True)
@require_safe
def economics_page(request: HttpRequest) -> HttpResponse:
    """Show what trials earned and cost in a period."""
    margins, days = margins_asked(request.GET.dict())
    if request.GET.get("format") == "csv":
        return _as_csv(margins)
    kept: dict[str, str | int] = {"days": days, "by": margins.by, "currency": margins.currency}
    by_frame = margins.by == By.FRAME
    # The highest margin first: a shop of a thousand frames looks at both ends.
    page = Paginator(margins.groups, GROUPS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "periods": [
            {
                "label": _("%(n)s days") % {"n": each},
                "url": "?" + urlencode({**kept, "days": each}),
                "active": days == each,
            }
            for each in PERIODS
        ],
        "groupings": [
            {
                "label": label,
                "url": "?" + urlencode({**kept, "by": each}),
                "active": margins.by == each,
            }
            for each, label in BY_WORDS.items()
        ],
        "csv_url": "?" + urlencode({**kept, "format": "csv"}),
        "rates": CostRates.current(),
        "until": margins.until,
        "difference": _words(margins.difference, margins.currency),
        "is_exact": not margins.difference,
        "line_columns": [
            {"label": _("Account")},
            {"label": _("Trials"), "numeric": True},
            {"label": _("No trial"), "numeric": True},
            {"label": _("Ledger"), "numeric": True},
        ],
        "line_rows": _lines(margins),
        "group_columns": [
            {"label": BY_WORDS[margins.by]},
            {"label": _("Frames in boxes") if by_frame else _("Trials"), "numeric": True},
            {"label": _("Income"), "numeric": True},
            {"label": _("Costs"), "numeric": True},
            {"label": _("Margin"), "numeric": True},
            {"label": _("Per frame in a box") if by_frame else _("Per trial"), "numeric": True},
            {"label": _("95 % interval"), "numeric": True},
        ],
        "group_rows": _rows(margins, page),
        **page_links(page, days=str(days), by=margins.by, currency=margins.currency),
        "by_frame": by_frame,
        "window": ORDER_DAYS,
        "fewest": FEWEST,
    }
    return render(request, "trials/console/economics.html", context)


def _as_csv(margins: TrialMargins) -> HttpResponse:
    rows: list[list[object]] = []
    for group in (*margins.groups, margins.rest):
        low, high = group.interval or (None, None)
        rows.append(
            [
                "rest" if group is margins.rest else group.name,
                group.trials,
                group.boxes,
                margins.currency,
                *(group.accounts.get(account, Decimal(0)) for account in ACCOUNTS),
                group.margin,
                group.mean,
                low,
                high,
                str(group.label),
            ]
        )
    head = [str(margins.by), "trials", "boxes", "currency", *(str(each) for each in ACCOUNTS)]
    return csv_response(
        "economics", [*head, "margin", "mean", "interval from", "interval to", "label"], rows
    )
