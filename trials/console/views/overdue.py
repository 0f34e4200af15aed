"""The queue of what is overdue, owed or lost, and what is done about a row in one click."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from djmoney.money import Money

from shop.foundation.access import staff_only
from shop.foundation.errors import InvalidError
from shop.foundation.exports import csv_lines, streamed_csv
from trials.console.forms import ReasonForm, RefundForm
from trials.console.overdue import LABELS, overdue_rows
from trials.console.queries.overdue import KINDS, SORTS, overdue_page
from trials.console.seen import trial_as_shown
from trials.console.views.trials import staff_user
from trials.returns.queries.charges import charge_by_id, payments_for
from trials.returns.services.asking import ask_now
from trials.returns.services.letting_go import PERMISSION, mark_lost
from trials.returns.services.refunding import decide_refund, kept_if_nothing_goes_back
from trials.returns.services.reminding import remind_now

ROWS_A_PAGE = 15
ROWS_A_READ = 500
COLUMNS = (
    *("number", "kind", "customer", "email", "for", "amount", "currency", "since"),
    *("last_sent", "last_sent_at", "next_step", "next_step_at"),
)


def _asked(request: HttpRequest) -> tuple[str, str]:
    kind, sort = request.GET.get("kind", ""), request.GET.get("sort", "")
    return kind if kind in KINDS else KINDS[0], sort if sort in SORTS else SORTS[0]


@staff_only
@require_safe
def overdue_list(request: HttpRequest) -> HttpResponse:
    """List what is overdue, by age or by amount."""
    (kind, sort), now = _asked(request), timezone.now()
    page = overdue_page(
        kind=kind, sort=sort, after=request.GET.get("after", ""), now=now, size=ROWS_A_PAGE
    )
    kept = {"kind": kind, "sort": sort}
    context = {
        "rows": overdue_rows(page, kind=kind, now=now),
        "kind": kind,
        "pills": [
            {
                "label": label,
                "url": "?" + urlencode({"kind": name, "sort": sort}),
                "active": name == kind,
            }
            for name, label in LABELS.items()
        ],
        "sorts": {name: "?" + urlencode({"kind": kind, "sort": name}) for name in SORTS},
        "sort": sort,
        "may_settle": staff_user(request).has_perm(PERMISSION),
        "csv_url": f"{reverse('console:overdue_csv')}?{urlencode(kept)}",
        "first_url": f"?{urlencode(kept)}" if request.GET.get("after") else "",
        "next_url": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
    }
    return render(request, "trials/console/overdue_list.html", context)


@staff_only
@require_safe
def overdue_export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the same list as CSV, to its end."""
    kind, sort = _asked(request)
    return streamed_csv("overdue", _csv(kind, sort, timezone.now()))


def _csv(kind: str, sort: str, now: datetime) -> Iterator[str]:
    yield from csv_lines([COLUMNS])
    after = ""
    while True:
        page = overdue_page(kind=kind, sort=sort, after=after, now=now, size=ROWS_A_READ)
        yield from csv_lines(_cells(row) for row in overdue_rows(page, kind=kind, now=now))
        if not (after := page.after):
            return


def _cells(row: Any) -> tuple[object, ...]:
    latest = row.sent[-1] if row.sent else None
    return (
        row.trial.number,
        row.kind,
        row.trial.user.name,
        row.trial.user.email,
        "; ".join(row.what),
        row.amount.amount,
        str(row.amount.currency),
        row.since,
        latest.subject if latest else "",
        latest.at if latest else "",
        row.step,
        row.step_at or "",
    )


def _back(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    query = f"?{urlencode({'kind': kind})}" if kind in KINDS else ""
    return redirect(f"{reverse('console:overdue')}{query}")


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


@staff_only
@require_POST
def overdue_remind(request: HttpRequest, number: str) -> HttpResponse:
    """Write to the customer once more."""
    with trial_as_shown(request, number) as trial:
        remind_now(trial_id=trial.pk, by=staff_user(request))
    words = _("%(who)s is written to about %(number)s.")
    messages.success(request, words % {"who": trial.user, "number": trial.number})
    return _back(request)


@staff_only
@require_POST
def overdue_lost(request: HttpRequest, number: str) -> HttpResponse:
    """Give up what is away and not charged."""
    with trial_as_shown(request, number) as trial:
        mark_lost(trial_id=trial.pk, by=staff_user(request), reason=_reason(request))
    messages.success(
        request, _("What was away of %(number)s counts as lost.") % {"number": trial.number}
    )
    return _back(request)


@staff_only
@require_POST
def charge_ask(request: HttpRequest, charge_id: uuid.UUID) -> HttpResponse:
    """Have a refused card asked again now."""
    attempt = ask_now(charge_id=charge_id, by=staff_user(request))
    messages.success(request, _("%(card)s is being asked.") % {"card": attempt.card})
    return _back(request)


@staff_only
@require_POST
def charge_refund(request: HttpRequest, charge_id: uuid.UUID) -> HttpResponse:
    """Say how much of a paid charge is given back."""
    charge = charge_by_id(charge_id)
    form = RefundForm(request.POST)
    if not form.is_valid():
        raise InvalidError(_("Say how much is given back, and why."), code="refund_missing")
    amount = Money(form.cleaned_data["amount"] or Decimal(0), charge.amount.currency)
    payment = payments_for(charge.trial, [charge]).get(charge.pk)
    told = kept_if_nothing_goes_back(charge, payment) is not None
    decide_refund(
        charge_id=charge_id,
        by=staff_user(request),
        amount=amount,
        reason=form.cleaned_data["reason"],
        # The queue shows what is to be decided, the list of charges how much is left; by neither
        # page anything is decided twice.
        undecided="seen_left" not in request.POST,
        seen_left=form.cleaned_data["seen_left"],
        answer=form.cleaned_data["answer"],
    )
    if amount.amount:
        words = _("%(amount)s are given back.") % {"amount": amount}
    elif told:
        words = _("Nothing is given back, and %(who)s is written to.") % {"who": charge.trial.user}
    else:
        words = _("Nothing is given back.")
    messages.success(request, words)
    if "seen_left" in request.POST:
        return redirect(f"{reverse('console:charge_list')}?state={charge.state}")
    return _back(request)
