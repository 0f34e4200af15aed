"""The day at a glance."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.foundation.access import staff_only
from shop.foundation.outbox import given_up
from trials.console.queries.queues import Queue, late_to_ship, moves_today, queues
from trials.console.queries.returns import returns_queues
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
    "returning": "truck",
    "received": "glasses",
    "settling": "check",
    "owed": "card",
    "damage": "glasses",
    "broken": "alert",
    "left": "box",
    "claims": "truck",
    "missed": "alert",
}
TONES = {"late": "danger", "overdue": "warn", "owed": "danger", "received": "warn"}


@staff_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, and how much was done today."""
    now = timezone.now()
    waiting, done = queues(now), moves_today(now)
    waiting |= returns_queues() | late_to_ship(now)
    cards = [_card(name, queue, now) for name, queue in waiting.items()]
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
        "damage",
        "broken",
        "left",
        "claims",
        "missed",
    }
)


def _card(name: str, queue: Queue, now: datetime) -> dict[str, Any]:
    labels = {
        "requested": _("To approve"),
        "unpaid": _("To be paid"),
        "approved": _("To pack"),
        "packed": _("To ship"),
        "late": _("To ship, late"),
        "shipped": _("On the way"),
        "delivered": _("At home"),
        "overdue": _("Overdue"),
        "arrived": _("To check in"),
        "returning": _("Coming back"),
        "received": _("Frames missing"),
        "settling": _("To settle"),
        "owed": _("Owed"),
        "damage": _("Damage to decide"),
        "broken": _("Arrived broken"),
        "left": _("Left in boxes"),
        "claims": _("Lost parcels"),
        "missed": _("Never came"),
    }
    urls = {
        "approved": reverse("console:pack"),
        "arrived": reverse("console:check_in"),
        "late": f"{reverse('console:to_ship')}?due=late",
        "overdue": f"{reverse('console:overdue')}?kind=overdue",
        "owed": f"{reverse('console:overdue')}?kind=unpaid&sort=amount",
        "damage": reverse("console:proposal_list"),
        "broken": reverse("console:broken_list"),
        "left": reverse("console:left_list"),
        "claims": reverse("console:claim_list"),
        "missed": reverse("console:missed_list"),
    }
    note = ""
    if queue.oldest is not None and queue.oldest < now:
        note = _("the first for %(time)s") % {"time": timesince(queue.oldest, now, depth=1)}
    return {
        "name": name,
        "label": labels[name],
        "count": queue.count,
        "url": urls.get(name, f"{reverse('console:trial_list')}?state={name}"),
        "note": note,
        "tone": TONES.get(name, ""),
        "icon": ICONS[name],
    }
