"""The style guide: every component of the look in every state, with made-up data.

Wired at ``/styleguide/`` in debug only; docs/look.md is its written half.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from djmoney.money import Money


class SampleForm(forms.Form):
    """One field of each kind that the ``field`` component dresses."""

    email = forms.EmailField(help_text="We send the tracking number there.")
    name = forms.CharField(label="Name on the parcel", required=False)
    country = forms.ChoiceField(choices=[("de", "Germany"), ("at", "Austria")])
    note = forms.CharField(widget=forms.Textarea, required=False)
    speed = forms.ChoiceField(
        choices=[("normal", "Two days"), ("fast", "Tomorrow")], widget=forms.RadioSelect
    )
    terms = forms.BooleanField(label="I send back what I do not keep, within five days.")
    photos = forms.FileField(help_text="JPEG, PNG, WebP or HEIC.", required=False)


COLOURS = [
    {"label": "Noir", "hex": "#1c1a1b"},
    {"label": "Tortoise", "hex": "#7a4a21", "hex2": "#2e1a10"},
    {"label": "Honey", "hex": "#c98a3d"},
]
STATES = [
    "requested",
    "approved",
    "packed",
    "shipped",
    "delivered",
    "returning",
    "received",
    "closed",
    "cancelled",
    "declined",
    "overdue",
    "lost",
    "available",
    "reserved",
    "out",
    "in_transit_back",
    "inspection",
    "repair",
    "retired",
    "pending_payment",
    "paid",
    "fulfilled",
    "completed",
]
TOKENS = {
    "Surfaces": ["paper", "surface", "wash", "sunken", "line", "line-strong", "stage"],
    "Ink and action": ["ink", "ink-soft", "accent", "accent-wash", "primary", "on-primary"],
    "Tones": ["ok", "ok-wash", "warn", "warn-wash", "danger", "danger-wash", "info", "info-wash"],
    "Lenses": ["lens-rose", "lens-sage", "lens-mist", "lens-citrine"],
}


def _sample_context() -> dict[str, Any]:
    at = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)
    return {
        "tokens": TOKENS,
        "states": [(state, state.replace("_", " ").capitalize()) for state in STATES],
        "colours": COLOURS,
        "price": Money(145, "EUR"),
        "price_before": Money(165, "EUR"),
        "form": SampleForm(),
        "form_wrong": SampleForm({"email": "mia@", "speed": "fast", "country": "de"}),
        "steps": [
            {"label": "Approved", "state": "done", "note": "Mon"},
            {"label": "On its way", "state": "done", "note": "Tue"},
            {"label": "At home", "state": "current", "note": "until Sunday"},
            {"label": "Sent back", "state": "todo"},
        ],
        "entries": [
            {"title": "Delivered", "at": at, "by": "Carrier", "note": "Left with a neighbour"},
            {"title": "Shipped", "at": at - timedelta(days=1), "by": "Ola"},
            {"title": "Requested", "at": at - timedelta(days=2), "by": "Mia"},
        ],
        "standing": [
            {"id": 1, "label": "Ada, tortoise", "count": 5, "share": 71.4, "leader": True},
            {"id": 2, "label": "Clara, rose", "count": 2, "share": 28.6},
            {"id": 3, "label": "Edison, sage", "count": 0, "share": 0},
        ],
        "pills": [
            {"label": "All", "url": "#", "active": True, "count": 41},
            {"label": "Packed", "url": "#", "count": 12},
            {"label": "At home", "url": "#", "count": 18},
        ],
        "shapes": [
            {"value": "round", "label": "Round", "checked": True, "count": 12},
            {"value": "square", "label": "Square", "count": 9},
            {"value": "aviator", "label": "Aviator", "count": 0, "disabled": True},
        ],
        "slots": [{"name": "Ada"}, {"name": "Clara"}, {"name": "Edison"}],
        "free": range(2),
        "funnel": [
            {"label": "Delivered", "count": 412, "share": 100},
            {
                "label": "Link shared",
                "count": 231,
                "share": 56.1,
                "rate": "56.1 %",
                "interval": "51.2 to 60.8 %",
            },
            {
                "label": "Ordered",
                "count": 96,
                "share": 23.3,
                "rate": "41.6 %",
                "interval": "35.4 to 48.0 %",
            },
        ],
        "table_columns": [
            {"label": "Frame"},
            {"label": "Trials", "numeric": True},
            {"label": "Kept", "numeric": True},
        ],
        "table_rows": [["Ada", 84, 31], ["Clara", 61, 12]],
        "checklist": [
            {"label": "Ada, tortoise", "note": "LG-00421", "done": True},
            {"label": "Clara, rose", "note": "shelf B2"},
        ],
        "hints": [{"key": "p", "label": "pack a box"}, {"key": "/", "label": "search"}],
        "crumbs": [{"label": "Frames", "url": "#"}],
    }


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component and state.

    Returns:
        The style guide; with ``?toasts`` it brings one message of each level along.
    """
    if "toasts" in request.GET:
        messages.success(request, "Ada in tortoise is in your try-on box.")
        messages.error(request, "The last Clara has just gone to someone else.")
    return render(request, "styleguide.html", _sample_context())
