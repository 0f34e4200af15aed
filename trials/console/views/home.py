"""The day at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.foundation.access import staff_only
from shop.foundation.outbox import given_up
from trials.console.today import done_today, waiting_today


@staff_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, and how much was done today."""
    now = timezone.now()
    cards = waiting_today(now)
    context = {
        "given_up": given_up(),
        "mine": [card for card in cards if card.is_mine],
        "others": [card for card in cards if not card.is_mine],
        "figures": [{"label": label, "value": count} for _state, label, count in done_today(now)],
        "hints": [
            {"key": "p", "label": _("pack")},
            {"key": "i", "label": _("check in")},
            {"key": "t", "label": _("all trials")},
        ],
    }
    return render(request, "trials/console/home.html", context)
