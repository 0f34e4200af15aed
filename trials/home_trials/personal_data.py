"""A box goes; trials stay by number, for stock and figures."""

from typing import Any

from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from trials.home_trials.models import Box, Trial
from trials.home_trials.queries import open_trials


def export_trials(user: Any) -> dict[str, Any]:
    """Return what is in her box, and her trials with what became of each frame, oldest first."""
    trials = Trial.objects.filter(user=user).order_by("requested_at")
    dates = ("requested_at", "shipped_at", "delivered_at", "due_at", "closed_at")
    boxes = Box.objects.filter(user=user, items__isnull=False)
    return {
        "box": list(boxes.values_list("items__variant__sku", flat=True)),
        "trials": [
            {
                "number": trial.number,
                "state": trial.state,
                "came_by": trial.channel,
                **{name: getattr(trial, name) for name in dates},
                "address": trial.address.lines,
                "frames": [
                    {"sku": item.variant.sku, "outcome": item.outcome} for item in trial.items.all()
                ],
            }
            for trial in trials.select_related("address").prefetch_related("items__variant")
        ],
    }


def erase_box(user: Any) -> int:
    """Delete her box."""
    return Box.objects.filter(user=user).delete()[0]


def trial_under_way(user: User) -> str:
    """Return why an account must wait: frames of the shop's are promised to her, or with her."""
    if open_trials(user).exists():
        return _("A trial of yours is under way. Cancel it, or send the frames back.")
    return ""


register_personal_data(
    "trials.home_trials",
    holds={"trials.Box": ["user"]},
    export=export_trials,
    erase={Scope.ACCOUNT: erase_box},
    obstacle=trial_under_way,
)
keep_personal_data(
    "trials.Trial",
    "user",
    why="Where each demo frame has been, by number; its address is emptied with the account.",
)
not_personal("trials.Trial", "number", "channel", "link", why="Made by the shop.")
