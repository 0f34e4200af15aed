"""The day at a glance."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from shop.foundation.access import staff_only
from shop.foundation.outbox import given_up
from trials.console.queries.queues import Queue, late_to_ship, moves_today, queues
from trials.console.queries.returns import money_queues, returns_queues
from trials.home_trials.states import TrialState

ICONS = {
    "requested": "check",
    "unpaid": "card",
    "approved": "box",
    "packed": "truck",
    "shipped": "truck",
    "delivered": "home",
    "late": "clock",
    "overdue": "clock",
    "arrived": "return",
    "put_back": "tag",
    "returning": "truck",
    "received": "glasses",
    "owed": "card",
    "damage": "glasses",
    "broken": "alert",
    "left": "box",
    "claims": "truck",
    "missed": "alert",
    "to_decide": "card",
    "to_send": "cart",
}
# What is counted; boxes to settle are not: nobody at a table can do anything about them.
LABELS = {
    "requested": gettext_lazy("To approve"),
    "unpaid": gettext_lazy("To be paid"),
    "approved": gettext_lazy("To pack"),
    "packed": gettext_lazy("To ship"),
    "late": gettext_lazy("To ship, late"),
    "shipped": gettext_lazy("On the way"),
    "delivered": gettext_lazy("At home"),
    "overdue": gettext_lazy("Overdue"),
    "arrived": gettext_lazy("To check in"),
    "put_back": gettext_lazy("To put back"),
    "returning": gettext_lazy("Coming back"),
    "received": gettext_lazy("Frames missing"),
    "owed": gettext_lazy("Owed"),
    "damage": gettext_lazy("Damage to decide"),
    "broken": gettext_lazy("Arrived broken"),
    "left": gettext_lazy("Left in boxes"),
    "claims": gettext_lazy("Lost parcels"),
    "missed": gettext_lazy("Never came"),
    "to_decide": gettext_lazy("Refunds to decide"),
    "to_send": gettext_lazy("Orders to send"),
}
TONES = {"late": "danger", "overdue": "warn", "owed": "danger", "received": "warn"}


@staff_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, and how much was done today."""
    now = timezone.now()
    waiting, done = queues(now), moves_today(now)
    waiting |= returns_queues() | money_queues() | late_to_ship(now)
    cards = [_card(name, queue, now) for name, queue in waiting.items() if name in LABELS]
    figures = [
        (_("Requested today"), TrialState.REQUESTED),
        (_("Packed today"), TrialState.PACKED),
        (_("Shipped today"), TrialState.SHIPPED),
        (_("Delivered today"), TrialState.DELIVERED),
        (_("Closed today"), TrialState.CLOSED),
    ]
    context = {
        "given_up": given_up(),
        "mine": [card for card in cards if card["name"] in MINE],
        "others": [card for card in cards if card["name"] not in MINE],
        "figures": [{"label": label, "value": done.get(state, 0)} for label, state in figures],
        "hints": [
            {"key": "p", "label": _("pack")},
            {"key": "i", "label": _("check in")},
            {"key": "t", "label": _("all trials")},
        ],
    }
    return render(request, "trials/console/home.html", context)


# What waits for somebody at a table; the rest waits for carriers and customers.
MINE = frozenset(
    {
        "requested",
        "late",
        "approved",
        "packed",
        "arrived",
        "put_back",
        "damage",
        "broken",
        "left",
        "claims",
        "missed",
        "to_decide",
        "to_send",
    }
)


def _card(name: str, queue: Queue, now: datetime) -> dict[str, Any]:
    urls = {
        "approved": reverse("console:pack"),
        "arrived": reverse("console:check_in"),
        "put_back": reverse("console:put_back"),
        "late": f"{reverse('console:to_ship')}?due=late",
        "overdue": f"{reverse('console:overdue')}?kind=overdue",
        "owed": f"{reverse('console:overdue')}?kind=unpaid&sort=amount",
        "damage": reverse("console:proposal_list"),
        "broken": reverse("console:broken_list"),
        "left": reverse("console:left_list"),
        "claims": reverse("console:claim_list"),
        "missed": reverse("console:missed_list"),
        "to_decide": f"{reverse('console:overdue')}?kind=to_decide",
        "to_send": f"{reverse('orders:console_list')}?state=paid",
    }
    note = ""
    if queue.oldest is not None and queue.oldest < now:
        note = _("the first for %(time)s") % {"time": timesince(queue.oldest, now, depth=1)}
    return {
        "name": name,
        "label": LABELS[name],
        "count": queue.count,
        "url": urls.get(name, f"{reverse('console:trial_list')}?state={name}"),
        "note": note,
        "tone": TONES.get(name, ""),
        "icon": ICONS[name],
    }
